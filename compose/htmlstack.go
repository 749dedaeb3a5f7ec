package compose

import (
	"fmt"
	"strings"
)

// A table too wide for a telephone becomes a list there, and wherever the widest
// of the letter does not fit: it would push the letter's text out of a window
// beside which the list of mails stands. Its rows stand one below the
// other, each cell on its own line behind the name of its column, which the cell
// carries as its title. The rules stand in a style element of their own: a
// program that does not know them drops all of them, and shows the table as it is.
// That third element is what such letters lose in the support check: 39 of 100
// programs drop or halve it, in a letter of 70 elements 0.5 points. One element for
// all would score more, and lose the rest of the sheet where these are refused.

// phoneColumn is the width of the column on the narrowest telephones, in pixels;
// phone is the widest screen of one; paperEdges stand beside a table on others.
const (
	phoneColumn = 280
	phone       = 480
	paperEdges  = 2 * (12 + 40)
)

// tableNeeds is how wide a table is at least, in pixels: no word is broken, and
// ten columns of a longer text stand on a line.
func (w *words) tableNeeds(t *table) int {
	const column, padding, enough = 7.5, 14, 10
	sum := 0.0
	for i := range t.head {
		most := 0
		look := func(c cell) {
			text := w.plain(c)
			most = max(most, min(displayWidth(text), enough))
			for word := range strings.FieldsSeq(text) {
				if !strings.Contains(word, "://") && !cjk(firstRune(word)) {
					most = max(most, displayWidth(word))
				}
			}
		}
		look(t.head[i])
		for _, r := range t.rows {
			if i < len(r.cells) {
				look(r.cells[i])
			}
		}
		sum += float64(most)*column + padding
	}
	return int(sum)
}

// stackSheet is the style element for such tables, "" if the letter has none.
func (h *htmlWriter) stackSheet() string {
	if h.widest == 0 {
		return ""
	}
	return fmt.Sprintf("<style>@media screen and (max-width:%dpx)", max(phone, h.widest+paperEdges)) +
		"{.st,.st tbody,.st tr,.st td{display:block;text-align:left}.st th,.st td:empty{display:none}" +
		".st tr+tr{padding:10px 0;border-bottom:1px solid #8888}.tb.st td{border:0;padding:1px 0;font-weight:bold}.tb.st td+td{font-weight:normal}" +
		`.st td+td:before{content:attr(title)"` + h.say("answer.word") + `";opacity:.75;font-size:14px}}</style>` + "\n"
}
