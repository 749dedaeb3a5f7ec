package mail

import "encoding/binary"

// maxRTF bounds decompressed RTF.
const maxRTF = 8 << 20

// rtfDictionary is what the window of the compression starts with, MS-OXRTFCP
// section 2.1.2.1.
const rtfDictionary = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// decompressRTF undoes MS-OXRTFCP: runs of literals and of references into a
// window of 4 KB.
func decompressRTF(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	switch binary.LittleEndian.Uint32(b[8:]) {
	case 0x414c454d: // stored
		return b[16:]
	case 0x75465a4c:
	default:
		return nil
	}
	var window [4096]byte
	at := copy(window[:], rtfDictionary)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		window[at] = c
		at = (at + 1) & 4095
	}
	for b = b[16:]; len(b) > 0 && len(out) < maxRTF; {
		flags := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0; bit, flags = bit+1, flags>>1 {
			if flags&1 == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			ref := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, length := ref>>4, ref&15+2
			if from == at {
				return out
			}
			for range length {
				put(window[from])
				from = (from + 1) & 4095
			}
		}
	}
	return out
}
