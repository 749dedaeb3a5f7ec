package mail

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
)

// Outlook packs text and files into winmail.dat when it believes that the other
// side is Outlook too: the Transport Neutral Encapsulation Format, MS-OXTNEF.

// tnef is what a winmail.dat holds.
type tnef struct {
	codepage string
	text     string
	html     string
	rtf      []byte
	files    []tnefFile
}

type tnefFile struct {
	name, media, contentID string
	body                   []byte
}

// Attributes of the format, their type in the upper half.
const (
	tnefSignature   = 0x223e9f78
	attBody         = 0x0002800c
	attOemCodepage  = 0x00069007
	attMsgProps     = 0x00069003
	attAttachStart  = 0x00069002
	attAttachTitle  = 0x00018010
	attAttachData   = 0x0006800f
	attAttachProps  = 0x00069005
	maxTnefFiles    = 500
	maxTnefNesting  = 5
	propBody        = 0x1000
	propRTF         = 0x1009
	propHTML        = 0x1013
	propCodepage    = 0x3fde
	propAttachData  = 0x3701
	propAttachName  = 0x3704
	propAttachLong  = 0x3707
	propAttachMedia = 0x370e
	propAttachID    = 0x3712
)

// readTNEF lists winmail.dat and the files in it as parts, and remembers its
// text: other parts mostly have the same text in a better form.
func (p *parser) readTNEF(e entity) section {
	body := decodeTransfer(e.body, e.encoding, &p.faults)
	p.keep(e, body)
	t, ok := parseTNEF(body, 0)
	if !ok {
		p.faults.add("tnef-broken", "the winmail.dat of the mail cannot be read, or only in part")
	}
	path := e.path
	if path == "" {
		path = "1"
	}
	for i, f := range t.files {
		child := entity{path: path + "." + strconv.Itoa(i+1), contentID: strings.Trim(f.contentID, "<>"), typ: mediaType{value: f.media}}
		if !strings.Contains(f.media, "/") {
			child.typ.value = "application/octet-stream"
		}
		child.disposition = mediaType{value: "attachment", params: []param{{"filename", f.name}}}
		p.keep(child, f.body)
	}
	if p.tnef.empty() {
		p.tnef = t.section()
	}
	return section{}
}

// section is the text in its best form: HTML, HTML kept inside RTF, plain, RTF.
func (t tnef) section() section {
	s := section{plain: cleanLines(t.text), html: cleanLines(t.html), from: "tnef"}
	if len(t.rtf) > 0 && s.html == "" {
		text, markup := readRTF(t.rtf)
		s.html = markup
		if strings.TrimSpace(s.plain) == "" {
			s.plain = text
		}
	}
	return s
}

// parseTNEF walks the attributes. ok is false if they end too early; what was
// read until then counts.
func parseTNEF(b []byte, depth int) (t tnef, ok bool) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		return t, false
	}
	b = b[6:]
	for len(b) >= 9 {
		id := binary.LittleEndian.Uint32(b[1:])
		size := int(binary.LittleEndian.Uint32(b[5:]))
		b = b[9:]
		if size < 0 || size > len(b) {
			t.attribute(id, b, depth)
			return t, false
		}
		t.attribute(id, b[:size], depth)
		b = b[min(len(b), size+2):] // a checksum follows
	}
	return t, true
}

func (t *tnef) attribute(id uint32, data []byte, depth int) {
	switch id {
	case attOemCodepage:
		if len(data) >= 4 {
			t.codepage = codepageName(binary.LittleEndian.Uint32(data))
		}
	case attBody:
		t.text = t.decode(data)
	case attMsgProps:
		t.messageProps(data)
	case attAttachStart:
		if len(t.files) < maxTnefFiles {
			t.files = append(t.files, tnefFile{})
		}
	case attAttachTitle:
		if f := t.file(); f != nil && f.name == "" {
			f.name = clean(t.decode(data))
		}
	case attAttachData:
		if f := t.file(); f != nil {
			f.body = data
		}
	case attAttachProps:
		if f := t.file(); f != nil {
			t.attachmentProps(f, data, depth)
		}
	}
}

func (t *tnef) file() *tnefFile {
	if len(t.files) == 0 {
		return nil
	}
	return &t.files[len(t.files)-1]
}

func (t *tnef) messageProps(data []byte) {
	for _, p := range mapiProps(data) {
		switch p.id {
		case propCodepage:
			if len(p.value) >= 4 {
				t.codepage = codepageName(binary.LittleEndian.Uint32(p.value))
			}
		case propBody:
			t.text = t.string(p)
		case propHTML:
			t.html = t.string(p)
		case propRTF:
			t.rtf = decompressRTF(p.value)
		}
	}
}

func (t *tnef) attachmentProps(f *tnefFile, data []byte, depth int) {
	for _, p := range mapiProps(data) {
		switch p.id {
		case propAttachLong:
			f.name = clean(t.string(p))
		case propAttachName:
			if f.name == "" {
				f.name = clean(t.string(p))
			}
		case propAttachMedia:
			f.media = strings.ToLower(clean(t.string(p)))
		case propAttachID:
			f.contentID = clean(t.string(p))
		case propAttachData:
			// An attached message stands behind the id of its interface.
			if p.typ == 0x000d && len(p.value) > 16 && depth < maxTnefNesting {
				inner, _ := parseTNEF(p.value[16:], depth+1)
				f.media, f.body = "text/plain", []byte(innerText(inner))
				t.files = append(t.files, inner.files[:min(len(inner.files), maxTnefFiles-len(t.files))]...)
				return
			}
			if len(f.body) == 0 {
				f.body = p.value
			}
		}
	}
}

func innerText(t tnef) string {
	text, _ := t.section().text()
	return text
}

func (t *tnef) decode(data []byte) string {
	text, _ := readText(bytes.TrimRight(data, "\x00"), t.codepage, nil)
	return text
}

func (t *tnef) string(p mapiProp) string {
	if p.typ == 0x001f {
		return strings.TrimRight(readUTF16(p.value, "utf-16le"), "\x00")
	}
	return t.decode(p.value)
}

// codepageName is the charset of a Windows code page.
func codepageName(n uint32) string {
	switch n {
	case 65001:
		return "utf-8"
	case 936, 54936:
		return "gb18030"
	case 20127:
		return "us-ascii"
	case 50220, 50221, 50222:
		return "iso-2022-jp"
	case 28591:
		return "windows-1252"
	case 20866:
		return "koi8-r"
	case 51932:
		return "euc-jp"
	}
	return "cp" + strconv.FormatUint(uint64(n), 10)
}

// mapiProp is one property, only its first value.
type mapiProp struct {
	typ, id uint16
	value   []byte
}

// mapiProps reads a property list, MS-OXTNEF section 2.1.3.4, as far as it goes.
func mapiProps(b []byte) []mapiProp {
	r := byteReader{b: b}
	var props []mapiProp
	for n := r.uint32(); n > 0 && !r.short && len(props) < 5000; n-- {
		head := r.uint32()
		p := mapiProp{typ: uint16(head), id: uint16(head >> 16)}
		if p.id >= 0x8000 { // a named property
			r.take(16)
			if kind := r.uint32(); kind == 0 {
				r.take(4)
			} else {
				r.padded(int(r.uint32()))
			}
		}
		count := uint32(1)
		if p.typ&0x1000 != 0 || variable(p.typ) {
			count = r.uint32()
		}
		for i := uint32(0); i < count && !r.short; i++ {
			value := r.value(p.typ &^ 0x1000)
			if i == 0 {
				p.value = value
			}
		}
		p.typ &^= 0x1000
		if !r.short {
			props = append(props, p)
		}
	}
	return props
}

func variable(typ uint16) bool {
	typ &^= 0x1000
	return typ == 0x001e || typ == 0x001f || typ == 0x000d || typ == 0x0102
}

// byteReader reads little-endian numbers; short is set at the end.
type byteReader struct {
	b     []byte
	short bool
}

func (r *byteReader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *byteReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// padded reads n bytes that are filled up to a multiple of four.
func (r *byteReader) padded(n int) []byte {
	b := r.take(n)
	if b != nil {
		r.take(min(len(r.b), -n&3))
	}
	return b
}

func (r *byteReader) value(typ uint16) []byte {
	switch typ {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return r.take(8)
	case 0x0048:
		return r.take(16)
	case 0x001e, 0x001f, 0x000d, 0x0102:
		return r.padded(int(r.uint32()))
	}
	return r.take(4)
}
