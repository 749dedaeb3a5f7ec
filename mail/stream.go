package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"
)

// largeBody is from how many encoded bytes on a part is decoded block by block,
// so that only what is kept of it is in memory beside the mail.
const largeBody = 1 << 20

// atOnce is how much is decoded at a time.
const atOnce = 64 << 10

// decoded is a part's body as far as it is kept, and size and hash of all of it.
type decoded struct {
	head []byte
	size int64
	sum  hash.Hash
	keep int
}

func (d *decoded) write(b []byte) {
	d.size += int64(len(b))
	d.sum.Write(b)
	if room := d.keep - len(d.head); room > 0 {
		d.head = append(d.head, b[:min(room, len(b))]...)
	}
}

// decodeLarge undoes a Content-Transfer-Encoding as decodeTransfer does, and
// keeps at most keep bytes of what comes out.
func decodeLarge(body []byte, encoding string, keep int, faults *faultList) *decoded {
	d := &decoded{head: make([]byte, 0, min(keep, len(body))), sum: sha256.New(), keep: keep}
	switch name := transferName(encoding); {
	case name == "base64":
		d.base64(body, faults)
	case name == "quoted-printable" && bytes.IndexByte(body, '=') >= 0:
		var out []byte
		for len(body) > 0 {
			if out, body = appendQuoted(out, body, faults); len(out) > atOnce || len(body) == 0 {
				d.write(out)
				out = out[:0]
			}
		}
	default:
		d.write(decodeTransfer(body, encoding, faults))
	}
	return d
}

func (d *decoded) base64(body []byte, faults *faultList) {
	if d.strictBase64(body) {
		return
	}
	d.sum.Reset()
	d.size, d.head = 0, d.head[:0]
	if looksBase64(body) {
		eachBase64(body, faults, d.write)
		return
	}
	d.write(noBase64(body, faults))
}

// strictBase64 decodes text that is by the rules, some lines at a time.
func (d *decoded) strictBase64(body []byte) bool {
	out := make([]byte, atOnce)
	for len(body) > 0 {
		lines := body
		if len(lines) > atOnce {
			lines = lines[:bytes.LastIndexByte(lines[:atOnce], '\n')+1]
		}
		body = body[len(lines):]
		n, err := base64.StdEncoding.Decode(out, lines)
		if err != nil || len(lines) == 0 || len(body) > 0 && bytes.IndexByte(lines, '=') >= 0 {
			return false
		}
		d.write(out[:n])
	}
	return true
}

// kept is how much of a body is kept, when it has become clear of what type it
// is: of a file that is no text and no mail only its beginning says anything.
func (l Limits) kept(media string) int {
	switch major, _, _ := strings.Cut(media, "/"); major {
	case "application", "image", "audio", "video", "font", "model":
		if l.File > 0 && media != "application/ics" {
			return int(min(l.File, l.Part))
		}
	}
	return int(l.Part)
}

// keptOf is kept for a body that is not decoded yet: its beginning tells.
func (p *parser) keptOf(e entity) int {
	first := parser{limits: p.limits, hint: p.hint} // its faults are told by the whole
	head := decodeTransfer(e.body[:min(len(e.body), 4<<10)], e.encoding, &first.faults)
	part := Part{Type: e.typ.value, Name: first.name(e), Body: head}
	first.realType(&part)
	return p.limits.kept(part.Type)
}
