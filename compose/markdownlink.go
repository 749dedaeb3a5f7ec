package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// bareLinks finds addresses. Goldmark asks it at blanks and marks only, as GFM
// says (section 6.9); in Chinese no blank stands before an address.
var bareLinks = extension.NewLinkifyParser()

// linksAfterChinese makes links of the addresses in plain text that stand right
// behind a Chinese character: `见https://a.example/x，谢谢`. An address is
// ASCII, so full-width punctuation never belongs to it.
func (r *reader) linksAfterChinese(parent ast.Node, in []inline) []inline {
	if !mayHaveLinks(in) || insideLink(parent) {
		return in
	}
	var out []inline
	for _, n := range in {
		if n.kind != plainText {
			out = append(out, n)
			continue
		}
		from, before := 0, rune(0)
		for i := 0; i < len(n.text); {
			c, size := utf8.DecodeRuneInString(n.text[i:])
			if cjk(before) && c < utf8.RuneSelf {
				if link, length := r.linkAt(n.text[i:]); length > 0 {
					out = append(addText(out, n.text[from:i]), link)
					i += length
					from, before = i, 0
					continue
				}
			}
			before = c
			i += size
		}
		out = addText(out, n.text[from:])
	}
	return out
}

func mayHaveLinks(in []inline) bool {
	for _, n := range in {
		if n.kind == plainText && (strings.Contains(n.text, "://") || strings.Contains(n.text, "www.") || strings.Contains(n.text, "@")) {
			return true
		}
	}
	return false
}

func insideLink(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// linkAt is the link with which s begins, and how many bytes it takes; 0 if
// there is none.
func (r *reader) linkAt(s string) (inline, int) {
	if c := s[0] | 0x20; (c < 'a' || c > 'z') && (s[0] < '0' || s[0] > '9') {
		return inline{}, 0
	}
	if end := strings.IndexFunc(s, func(c rune) bool { return c <= ' ' || c >= utf8.RuneSelf }); end >= 0 {
		s = s[:end]
	}
	source := []byte(s)
	n, ok := bareLinks.Parse(ast.NewTextBlock(), text.NewReader(source), parser.NewContext()).(*ast.AutoLink)
	if !ok {
		return inline{}, 0
	}
	return r.autoLink(n, source), len(n.Label(source))
}
