package mail

import (
	"bytes"
	"compress/zlib"
	"encoding/asn1"
	"io"
)

// An opaque-signed mail has its text inside the signature, RFC 8551 section
// 3.5.2; most programs show an empty page.

// Content types of RFC 5652 in DER.
var (
	oidSigned     = oid(1, 2, 840, 113549, 1, 7, 2)
	oidEnveloped  = oid(1, 2, 840, 113549, 1, 7, 3)
	oidAuthEnv    = oid(1, 2, 840, 113549, 1, 9, 16, 1, 23)
	oidCompressed = oid(1, 2, 840, 113549, 1, 9, 16, 1, 9)
)

func oid(arcs ...int) []byte {
	der, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		return nil // no arcs but the constant ones above
	}
	return der[2:]
}

// readSMIME keeps application/pkcs7-mime as a part, reads the mail inside of a
// signed or compressed one, and tells of an encrypted one.
func (p *parser) readSMIME(e entity) section {
	body := decodeTransfer(e.body, e.encoding, &p.faults)
	p.keep(e, body)
	kind, content := openCMS(body)
	switch {
	case bytes.Equal(kind, oidSigned) && len(content) == 0: // certificates only
	case bytes.Equal(kind, oidSigned):
		return p.readWrapped(e, content)
	case bytes.Equal(kind, oidCompressed):
		return p.readWrapped(e, p.inflate(content))
	case bytes.Equal(kind, oidEnveloped) || bytes.Equal(kind, oidAuthEnv):
		p.encrypted("S/MIME")
	default:
		p.faults.add("smime-broken", "a part that should be S/MIME cannot be read")
	}
	return section{}
}

// readWrapped reads the mail that stands inside of a CMS structure.
func (p *parser) readWrapped(e entity, content []byte) section {
	if e.depth >= p.limits.Depth {
		p.faults.add("nesting-too-deep", "parts are nested deeper than the limit; the innermost was not taken apart")
		return section{}
	}
	path := e.path
	if path == "" {
		path = "1"
	}
	h, inner := readHeader(content, p.limits.Header, &p.faults)
	return p.read(p.newEntity(h, inner, path+".1", e.depth+1, "text/plain"))
}

// inflate reads the zlib stream of RFC 3274, of all such parts of a mail as much
// as the limit for one part allows.
func (p *parser) inflate(content []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(content))
	var out []byte
	if err == nil {
		out, err = io.ReadAll(io.LimitReader(r, p.limits.Part-p.inflated+1))
	}
	if p.inflated += int64(len(out)); err != nil || p.inflated > p.limits.Part {
		p.faults.add("smime-compressed", "a part that S/MIME has compressed is damaged or too large; what could be read of it is shown")
	}
	return out
}

// openCMS finds the content type of a CMS structure, and of signed and
// compressed data the content: ContentInfo, SignedData, EncapsulatedContentInfo,
// RFC 5652 sections 3 and 5, and CompressedData, RFC 3274 section 1.1.
func openCMS(b []byte) (kind, content []byte) {
	info, _, ok := berValue(b)
	if !ok {
		return nil, nil
	}
	id, rest, ok := berValue(info.content)
	if !ok {
		return nil, nil
	}
	kind = id.content
	before := 0 // sequences before the encapsulated content
	switch {
	case id.tag == 0x06 && bytes.Equal(kind, oidSigned):
	case id.tag == 0x06 && bytes.Equal(kind, oidCompressed):
		before = 1 // the algorithm
	default:
		return kind, nil
	}
	explicit, _, ok := berValue(rest)
	if !ok {
		return kind, nil
	}
	data, _, ok := berValue(explicit.content)
	if !ok {
		return kind, nil
	}
	for rest = data.content; ; {
		var v ber
		if v, rest, ok = berValue(rest); !ok {
			return kind, nil
		}
		if v.tag == 0x30 {
			if before--; before < 0 {
				return kind, encapsulated(v)
			}
		}
	}
}

// encapsulated is the content of an EncapsulatedContentInfo.
func encapsulated(v ber) []byte {
	_, rest, ok := berValue(v.content)
	if !ok {
		return nil
	}
	explicit, _, ok := berValue(rest)
	if !ok {
		return nil
	}
	octets, _, ok := berValue(explicit.content)
	if !ok {
		return nil
	}
	return octets.octets(0)
}

// ber is one value of ASN.1's Basic Encoding Rules, which mail uses with
// indefinite lengths and strings in pieces.
type ber struct {
	tag     byte
	content []byte
}

// berValue splits off the first value.
func berValue(b []byte) (v ber, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return v, nil, false
	}
	v.tag = b[0]
	size, head := int(b[1]), 2
	switch {
	case size == 0x80:
		end, ok := berEnd(b[2:], 0)
		if !ok {
			return ber{v.tag, b[2:]}, nil, true // cut off: what is there counts
		}
		return ber{v.tag, b[2 : 2+end]}, b[min(len(b), 2+end+2):], true
	case size > 0x80:
		n := size & 0x7f
		if n > 4 || len(b) < 2+n {
			return v, nil, false
		}
		size, head = 0, 2+n
		for _, c := range b[2 : 2+n] {
			size = size<<8 | int(c)
		}
	}
	end := min(len(b), head+size)
	return ber{v.tag, b[head:end]}, b[end:], true
}

// maxBER bounds the nesting of indefinite lengths.
const maxBER = 20

// berEnd finds the end-of-contents mark of a value of indefinite length.
func berEnd(b []byte, depth int) (int, bool) {
	for at := 0; at+1 < len(b); {
		if b[at] == 0 && b[at+1] == 0 {
			return at, true
		}
		if b[at+1] == 0x80 {
			if depth >= maxBER {
				return 0, false
			}
			n, ok := berEnd(b[at+2:], depth+1)
			if !ok {
				return 0, false
			}
			at += 2 + n + 2
			continue
		}
		_, rest, ok := berValue(b[at:])
		if !ok {
			return 0, false
		}
		at = len(b) - len(rest)
	}
	return 0, false
}

// octets joins the pieces of an octet string.
func (v ber) octets(depth int) []byte {
	if v.tag&0x20 == 0 {
		return v.content
	}
	var out []byte
	for rest := v.content; len(rest) > 0 && depth < maxBER; {
		var piece ber
		var ok bool
		if piece, rest, ok = berValue(rest); !ok {
			break
		}
		out = append(out, piece.octets(depth+1)...)
	}
	return out
}
