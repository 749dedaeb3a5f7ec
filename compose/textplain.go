package compose

import "strings"

// collect notes the links of running text.
func (t *textWriter) collect(in []inline) {
	for i := range in {
		if in[i].kind == link && goodLink(in[i].text) {
			t.links = append(t.links, in[i])
		}
		t.collect(in[i].kids)
	}
}

// plain is running text as the text part has it, on one line. Bold and italic
// go without marks; struck text keeps them, or its meaning would turn around.
func (w *words) plain(in []inline) string {
	if len(in) == 1 && in[0].kind == plainText {
		return in[0].text
	}
	var b strings.Builder
	w.writePlain(&b, in)
	return strings.TrimSpace(b.String())
}

func (w *words) writePlain(b *strings.Builder, in []inline) {
	for i := range in {
		switch n := &in[i]; n.kind {
		case plainText, verbatim:
			b.WriteString(n.text)
		case struckText:
			b.WriteString("~~")
			w.writePlain(b, n.kids)
			b.WriteString("~~")
		case picture:
			b.WriteString(w.say("picture", w.plain(n.kids)))
		case lineBreak:
			b.WriteByte('\n')
		case noteMark:
			b.WriteString("[" + n.text + "]")
		case link:
			w.writePlain(b, n.kids)
			if i+1 < len(in) && bareAddress(n) && cjk(firstRune(in[i+1].text)) {
				b.WriteByte(' ') // or mail programs take the Chinese behind it for a part of the address
			}
		default:
			w.writePlain(b, n.kids)
		}
	}
}

// bareAddress reports whether a link is written as its address.
func bareAddress(n *inline) bool {
	return len(n.kids) == 1 && n.kids[0].text != "" && strings.HasSuffix(n.text, n.kids[0].text)
}

// hardWrap cuts lines of code that are longer than width columns.
func hardWrap(lines []string, width int) []string {
	var out []string
	for _, l := range lines {
		from, cols := 0, 0
		for i, c := range l {
			if w := runeWidth(c); cols+w > width {
				out = append(out, l[from:i])
				from, cols = i, w
			} else {
				cols += w
			}
		}
		out = append(out, strings.TrimRight(l[from:], " "))
	}
	return out
}
