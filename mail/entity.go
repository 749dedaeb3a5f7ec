package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// parser walks the parts of one mail and gathers text, attachments and faults.
type parser struct {
	limits Limits
	faults faultList
	parts  []Part
	count  int    // entities seen
	hint   string // charset of the first text that was not ASCII, for raw header bytes

	tnef     section // text of a winmail.dat, for a mail without any other
	sealedBy string  // what encrypts the mail
	inflated int64   // bytes that compressed parts have become
}

// entity is one part before it is read: its headers' words and its body as sent.
type entity struct {
	path        string
	depth       int
	typ         mediaType
	disposition mediaType
	encoding    string
	contentID   string
	body        []byte
	digest      bool // a child of multipart/digest
}

// newEntity takes from a part's header what tells how to read it.
func (p *parser) newEntity(h Header, body []byte, path string, depth int, fallback string) entity {
	e := entity{path: path, depth: depth, body: body, encoding: h.Get("Content-Transfer-Encoding")}
	e.typ = parseMediaType(h.Get("Content-Type"), &p.faults)
	if !strings.Contains(e.typ.value, "/") {
		switch {
		case e.typ.value == "":
		case e.typ.value == "text":
		default:
			p.faults.add("content-type", "the content type "+quoteLabel(e.typ.value)+" is none; the part was read as "+fallback)
		}
		e.typ.value = fallback
	}
	e.disposition = parseMediaType(h.Get("Content-Disposition"), &p.faults)
	e.contentID = strings.Trim(fold(clean(h.Get("Content-ID"))), "<> ")
	return e
}

// name is the safe file name of a part, Content-Disposition first.
func (p *parser) name(e entity) string {
	for _, raw := range []string{
		e.disposition.text("filename", p.hint, &p.faults),
		e.typ.text("name", p.hint, &p.faults),
		e.disposition.text("name", p.hint, &p.faults),
	} {
		if name := safeName(raw); name != "" {
			return name
		}
	}
	return ""
}

// read reads an entity and what is in it.
func (p *parser) read(e entity) section {
	if p.count++; p.count > p.limits.Parts {
		p.faults.add("parts-too-many", "the mail has more parts than the limit; the rest was not read")
		return section{}
	}
	media := e.typ.value
	if media == "application/octet-stream" {
		media = p.wellKnown(e, media)
	}
	switch {
	case strings.HasPrefix(media, "multipart/"):
		return p.readMultipart(e)
	case media == "application/ms-tnef" || media == "application/vnd.ms-tnef":
		return p.readTNEF(e)
	case media == "application/pkcs7-mime" || media == "application/x-pkcs7-mime":
		return p.readSMIME(e)
	case isBody(e):
		if e.disposition.value == "attachment" {
			p.attach(e) // the mail is nothing but this file: read it and keep it
		}
		return p.readBody(e)
	}
	p.attach(e)
	return section{}
}

// wellKnown is the type of the two files that come without theirs when a
// gateway does not know it.
func (p *parser) wellKnown(e entity, media string) string {
	switch strings.ToLower(p.name(e)) {
	case "winmail.dat", "win.dat":
		return "application/ms-tnef"
	case "smime.p7m":
		return "application/pkcs7-mime"
	}
	return media
}

// readMultipart splits a multipart and reads its parts.
func (p *parser) readMultipart(e entity) section {
	if e.depth >= p.limits.Depth {
		p.faults.add("nesting-too-deep", "parts are nested deeper than the limit; the innermost was not taken apart")
		p.attach(e)
		return section{}
	}
	split := p.split(&e)
	if len(split.parts) == 0 {
		return p.readUnsplit(e)
	}
	var sections []section
	fallback := "text/plain"
	if e.typ.value == "multipart/digest" {
		fallback = "message/rfc822"
	}
	for i, raw := range split.parts {
		h, body := readHeader(raw, p.limits.Header, &p.faults)
		child := p.newEntity(h, body, childPath(e, i), e.depth+1, fallback)
		child.digest = e.typ.value == "multipart/digest"
		sections = append(sections, p.read(child))
	}
	if e.typ.value == "multipart/encrypted" {
		how := "PGP"
		if strings.Contains(strings.ToLower(e.typ.get("protocol")), "pkcs7") {
			how = "S/MIME"
		}
		p.encrypted(how)
	}
	if e.typ.value == "multipart/alternative" {
		return alternative(sections)
	}
	return sequence(sections)
}

// split finds the parts, by another boundary than the declared one if need be.
func (p *parser) split(e *entity) pieces {
	limit := max(1, p.limits.Parts-p.count+1)
	boundary := e.typ.get("boundary")
	split := splitParts(e.body, boundary, limit)
	if boundary == "" || len(split.parts) == 0 {
		if name := transferName(e.encoding); name == "base64" || name == "quoted-printable" {
			e.body = decodeTransfer(e.body, e.encoding, &p.faults)
			split = splitParts(e.body, boundary, limit)
		}
	}
	if boundary == "" || len(split.parts) == 0 {
		if boundary = guessBoundary(e.body); boundary == "" {
			return pieces{}
		}
		p.faults.add("boundary-wrong", "the boundary that the header names does not occur; the parts were split at another")
		split = splitParts(e.body, boundary, limit)
	}
	if !split.closed && !split.more {
		p.faults.add("boundary-unclosed", "a multipart has no closing boundary; its last part ends where the text ends")
	}
	if split.more {
		p.faults.add("parts-too-many", "the mail has more parts than the limit; the rest was not read")
	}
	if split.reopened {
		p.faults.add("boundary-reopened", "parts stand behind a closing boundary and were read too")
	}
	return split
}

// readUnsplit reads a multipart without parts as the text that it may be.
func (p *parser) readUnsplit(e entity) section {
	p.faults.add("boundary-missing", "a multipart has no parts; it was read as text")
	e.typ = mediaType{value: "text/plain"}
	return p.readBody(e)
}

func childPath(e entity, i int) string {
	n := strconv.Itoa(i + 1)
	if e.path == "" {
		return n
	}
	return e.path + "." + n
}

// attach keeps an entity as a Part.
func (p *parser) attach(e entity) *Part {
	if len(e.body) > largeBody {
		d := decodeLarge(e.body, e.encoding, p.keptOf(e), &p.faults)
		return p.list(e, d.head, d.size, d.sum.Sum(nil))
	}
	return p.keep(e, decodeTransfer(e.body, e.encoding, &p.faults))
}

// keep lists a decoded part.
func (p *parser) keep(e entity, body []byte) *Part {
	sum := sha256.Sum256(body)
	return p.list(e, body, int64(len(body)), sum[:])
}

// list lists a part by the beginning of its body, or all of it, and by size and
// SHA-256 of all.
func (p *parser) list(e entity, body []byte, size int64, sum []byte) *Part {
	path := e.path
	if path == "" {
		path = "1"
	}
	part := Part{
		Path:      path,
		Type:      cutText(clean(e.typ.value), 200),
		Charset:   cutText(clean(e.typ.get("charset")), 100),
		Name:      p.name(e),
		ContentID: cutText(e.contentID, 998),
		Size:      size,
		SHA256:    hex.EncodeToString(sum),
		Body:      body,
	}
	switch e.disposition.value {
	case "attachment", "inline":
		part.Disposition = e.disposition.value
	}
	p.realType(&part)
	limit := p.limits.kept(part.Type)
	if size > int64(limit) && limit == int(p.limits.Part) {
		p.faults.add("part-too-large", "a part is larger than the limit; only its beginning is kept beside the raw mail")
	}
	if len(body) > limit {
		part.Body = bytes.Clone(body[:limit])
	}
	p.parts = append(p.parts, part)
	return &p.parts[len(p.parts)-1]
}
