package compose

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// CommonMark lets ** open or close only by the punctuation and blanks around
// it (section 6.2, flanking). Chinese has no blanks and much punctuation, so
// `**重要：**请确认` would print its stars. In the rules below a Chinese,
// Japanese or Korean character beside the mark counts as a boundary, as the
// proposal of markdown-cjk-friendly does; Latin text reads as before.

// emphasisParser parses * and _ with these rules. Underscores keep
// CommonMark's: they may not stand inside a word in any script.
type emphasisParser struct{ marks emphasisMarks }

type emphasisMarks struct{}

func (emphasisMarks) IsDelimiter(b byte) bool { return b == '*' || b == '_' }
func (emphasisMarks) CanOpenCloser(open, close *parser.Delimiter) bool {
	return open.Char == close.Char
}
func (emphasisMarks) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

func (p emphasisParser) Trigger() []byte { return []byte{'*', '_'} }

func (p emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	return pushMark(block, pc, p.marks, 0)
}

// struckParser parses ~~ likewise (GFM section 6.5).
type struckParser struct{ marks struckMarks }

type struckMarks struct{}

func (struckMarks) IsDelimiter(b byte) bool                          { return b == '~' }
func (struckMarks) CanOpenCloser(open, close *parser.Delimiter) bool { return open.Char == close.Char }
func (struckMarks) OnMatch(int) ast.Node                             { return east.NewStrikethrough() }

func (p struckParser) Trigger() []byte { return []byte{'~'} }

func (p struckParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if block.PrecendingCharacter() == '~' {
		return nil
	}
	return pushMark(block, pc, p.marks, 2)
}

// pushMark puts a run of marks on the stack of delimiters. Longest 0 means any.
func pushMark(block text.Reader, pc parser.Context, marks parser.DelimiterProcessor, longest int) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 1, marks)
	if d == nil || longest > 0 && d.OriginalLength > longest {
		return nil
	}
	if d.Char != '_' {
		after := ' '
		if d.OriginalLength < len(line) {
			after = util.ToRune(line, d.OriginalLength)
		}
		d.CanOpen, d.CanClose = flanks(before, after)
	}
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

// flanks tells whether a run of marks between two characters may open and may
// close emphasis.
func flanks(before, after rune) (open, close bool) {
	beforeMark, afterMark := latinMark(before), latinMark(after)
	open = !util.IsSpaceRune(after) && (!afterMark || util.IsSpaceRune(before) || beforeMark || cjk(before))
	close = !util.IsSpaceRune(before) && (!beforeMark || util.IsSpaceRune(after) || afterMark || cjk(after))
	return open, close
}

// latinMark is punctuation that is not a CJK character itself.
func latinMark(r rune) bool { return util.IsPunctRune(r) && !cjk(r) }

// cjk reports whether r is a character of Chinese, Japanese or Korean text,
// full-width punctuation included.
func cjk(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x11ff, r >= 0x2e80 && r <= 0xa4cf, r >= 0xa960 && r <= 0xa97f, r >= 0xac00 && r <= 0xd7ff:
		return true
	case r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe4f, r >= 0xff00 && r <= 0xffef, r >= 0x1b000 && r <= 0x1b2ff:
		return true
	}
	return r >= 0x20000 && r <= 0x3ffff
}

// han reports whether r is a Chinese character.
func han(r rune) bool { return r >= 0x2e80 && unicode.Is(unicode.Han, r) }
