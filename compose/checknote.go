package compose

import "regexp"

// noteWithout is the mark of a footnote that there is not.
var noteWithout = regexp.MustCompile(`\[\^[^\]\s]+\]`)

// missingNotes: a mark without its note is printed as it stands.
func missingNotes(c *checker) {
	eachInline(c.doc, func(n *inline) {
		if n.kind != plainText {
			return
		}
		if m := noteWithout.FindString(n.text); m != "" {
			c.find(Error, "note-missing", c.locate(1, m), "the footnote mark "+clip(m, 20)+" has no note", "add a line "+clip(m, 20)+": with the note; text inside of report blocks has no footnotes")
		}
	})
}
