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
