package mail

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// The charsets that shift between meanings of the same bytes, and those of two
// and four bytes a character.

// japaneseShift reports whether text has the escapes of ISO-2022-JP, which is
// often sent without a label.
func japaneseShift(b []byte) bool {
	return bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@"))
}

// readJapanese reads ISO-2022-JP and its variants: JIS X 0213 escapes of
// ISO-2022-JP-3 and -2004 are read as the JIS X 0208 they extend, and a line
// end brings ASCII back where a program forgot to.
func readJapanese(b []byte) string {
	for _, v := range []string{"\x1b$(Q", "\x1b$(O", "\x1b$(B", "\x1b$(@"} {
		b = bytes.ReplaceAll(b, []byte(v), []byte("\x1b$B"))
	}
	b = bytes.ReplaceAll(b, []byte("\x1b(H"), []byte("\x1b(B"))
	var out strings.Builder
	for len(b) > 0 {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line = b[:i+1]
		}
		b = b[len(line):]
		out.WriteString(decodeWith(japanese.ISO2022JP, line))
	}
	return out.String()
}

// readShifted reads ISO-2022-KR (RFC 1557) and the GB2312 part of ISO-2022-CN
// (RFC 1922): between shift out and shift in, each byte pair is one of EUC
// without the high bits.
func readShifted(b []byte, name string) string {
	euc := make([]byte, 0, len(b))
	out := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x1b && i+3 < len(b) && b[i+1] == '$' && (b[i+2] == ')' || b[i+2] == '*'):
			i += 3
		case c == 0x0e:
			out = true
		case c == 0x0f:
			out = false
		case c == '\n':
			out = false
			euc = append(euc, c)
		case out && c > 0x20 && c < 0x7f:
			euc = append(euc, c|0x80)
		default:
			euc = append(euc, c)
		}
	}
	if name == "iso-2022-kr" {
		return decodeWith(korean.EUCKR, euc)
	}
	return decodeWith(simplifiedchinese.GB18030, euc)
}

// readUTF7 reads RFC 2152: "+" begins base64 of UTF-16, anything else ends it.
func readUTF7(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			break
		}
		out.Write(b[:i])
		b = b[i+1:]
		n := 0
		for n < len(b) && base64Value[b[n]] < 64 && b[n] != '-' && b[n] != '_' {
			n++
		}
		if n == 0 {
			out.WriteByte('+') // "+-" is a plus sign
		} else {
			units, _ := base64.RawStdEncoding.DecodeString(string(b[:n-n%4+utf7Tail(n%4)]))
			out.WriteString(readUTF16(units[:len(units)&^1], "utf-16be"))
		}
		b = b[n:]
		if len(b) > 0 && b[0] == '-' {
			b = b[1:]
		}
	}
	out.Write(b)
	return out.String()
}

// utf7Tail is how many of the last base64 characters make whole bytes.
func utf7Tail(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// readUTF16 reads both byte orders, by their mark, else by name, else by where
// the zero bytes are.
func readUTF16(b []byte, name string) string {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		b = b[2:]
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		b, order = b[2:], binary.BigEndian
	case name == "utf-16be", name != "utf-16le" && len(b) > 1 && b[0] == 0:
		order = binary.BigEndian
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

func readUTF32(b []byte, name string) string {
	var order binary.ByteOrder = binary.LittleEndian
	if name == "utf-32be" || bytes.HasPrefix(b, []byte{0, 0}) {
		order = binary.BigEndian
	}
	var out strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		if r := rune(order.Uint32(b)); r != '\ufeff' && utf8.ValidRune(r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}
