package imap

import (
	"bytes"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
)

// told holds that a structure can be put into words: everything that should
// have parts has some.
func told(t *testing.T, s goimap.BodyStructure) {
	switch s := s.(type) {
	case *goimap.BodyStructureMultiPart:
		if len(s.Children) == 0 {
			t.Error("a multipart has no part")
		}
		for _, child := range s.Children {
			told(t, child)
		}
	case *goimap.BodyStructureSinglePart:
		if s.MessageRFC822 != nil {
			told(t, s.MessageRFC822.BodyStructure)
		}
	default:
		t.Errorf("%T is no structure", s)
	}
}

func FuzzSections(f *testing.F) {
	for _, raw := range []string{plain, broken, letter, "", "\n\n", "Content-Type: multipart/mixed\r\n\r\nx",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/x\r\n\r\n--b--"} {
		f.Add([]byte(raw), 1, 2, int64(3), int64(5))
	}
	f.Fuzz(func(t *testing.T, raw []byte, part, inner int, offset, size int64) {
		told(t, structure(raw))
		header := cut(raw, &goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader})
		text := cut(raw, &goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierText})
		if !bytes.Equal(append(bytes.Clone(header), text...), raw) {
			t.Error("header and text are not the mail")
		}
		all := cut(raw, &goimap.FetchItemBodySection{HeaderFieldsNot: []string{"X-None"}, Specifier: goimap.PartSpecifierHeader})
		if len(all) > len(header)+2 {
			t.Error("the fields are longer than the header")
		}
		if offset < 0 || size < 0 { // the grammar has no such numbers
			return
		}
		if got := cut(raw, &goimap.FetchItemBodySection{Partial: &goimap.SectionPartial{Offset: offset, Size: size}}); int64(len(got)) > size || !bytes.Contains(raw, got) {
			t.Errorf("%d bytes at %d are %q", size, offset, got)
		}
		for _, path := range [][]int{{part}, {part, inner}} {
			cut(raw, &goimap.FetchItemBodySection{Part: path})
			cut(raw, &goimap.FetchItemBodySection{Part: path, Specifier: goimap.PartSpecifierMIME})
		}
	})
}
