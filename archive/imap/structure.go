package imap

import (
	"bufio"
	"bytes"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// maxTaken bounds the bytes through which the library goes to take a mail apart.
// It reads what is inside as often as it is deep, and holds it all that time.
const maxTaken = 256 << 20

// knotted reports whether a mail may be nested so deep that taking it apart
// costs too much. Nothing can be inside of something else without one of these
// words, so their number bounds the depth.
func knotted(raw []byte) bool {
	n := 1
	for _, word := range []string{"multipart", "boundary", "rfc822", "global"} {
		n += count(raw, word)
	}
	return n > 200 || n*len(raw) > maxTaken
}

// count tells how often a word is in b, in small or capital letters.
func count(b []byte, word string) (n int) {
	w := []byte(word)
	for _, first := range []byte{w[0], w[0] - 'a' + 'A'} {
		for at := 0; ; at++ {
			i := bytes.IndexByte(b[at:], first)
			if i < 0 {
				break
			}
			if at += i; len(b)-at >= len(w) && bytes.EqualFold(b[at:at+len(w)], w) {
				n++
			}
		}
	}
	return n
}

// taken is the structure that the library finds, nil for what it cannot take
// apart: it has no end, or its header cannot be read, or it says that it has
// parts and has none.
func taken(raw []byte) goimap.BodyStructure {
	if knotted(raw) {
		return nil
	}
	if _, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw))); err != nil {
		return nil
	}
	s := imapserver.ExtractBodyStructure(bytes.NewReader(raw))
	if m, ok := s.(*goimap.BodyStructureMultiPart); ok && len(m.Children) == 0 {
		return nil
	}
	return s
}

// apart reports whether there is something inside of a mail that can be had by itself.
func apart(raw []byte) bool {
	switch s := taken(raw).(type) {
	case *goimap.BodyStructureMultiPart:
		return true
	case *goimap.BodyStructureSinglePart:
		return s.MessageRFC822 != nil
	}
	return false
}

// structure tells of which parts a mail is made (RFC 9051 section 7.5.2). What
// cannot be taken apart is one text.
func structure(raw []byte) goimap.BodyStructure {
	s := taken(raw)
	if s == nil {
		_, body := halves(raw)
		return text(body)
	}
	fill(raw, s, nil)
	return s
}

// fill puts a text in the place of each part that should have parts and has
// none: the grammar has no words for it.
func fill(raw []byte, s goimap.BodyStructure, path []int) {
	switch s := s.(type) {
	case *goimap.BodyStructureMultiPart:
		for i, child := range s.Children {
			at := append(slices.Clone(path), i+1)
			if m, ok := child.(*goimap.BodyStructureMultiPart); ok && len(m.Children) == 0 {
				s.Children[i] = text(imapserver.ExtractBodySection(bytes.NewReader(raw), &goimap.FetchItemBodySection{Part: at}))
				continue
			}
			fill(raw, child, at)
		}
	case *goimap.BodyStructureSinglePart:
		if s.MessageRFC822 == nil {
			return
		}
		if m, ok := s.MessageRFC822.BodyStructure.(*goimap.BodyStructureMultiPart); ok && len(m.Children) == 0 {
			s.MessageRFC822.BodyStructure = text(imapserver.ExtractBodySection(bytes.NewReader(raw), &goimap.FetchItemBodySection{Part: append(slices.Clone(path), 1), Specifier: goimap.PartSpecifierText}))
			return
		}
		fill(raw, s.MessageRFC822.BodyStructure, path)
	}
}

func text(body []byte) goimap.BodyStructure {
	return &goimap.BodyStructureSinglePart{
		Type: "text", Subtype: "plain", Encoding: "8bit", Size: uint32(len(body)),
		Text:     &goimap.BodyStructureText{NumLines: int64(bytes.Count(body, []byte("\n")))},
		Extended: &goimap.BodyStructureSinglePartExt{},
	}
}
