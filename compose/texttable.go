package compose

import "strings"

const (
	columnGap = 2  // blanks between columns
	lastLeast = 20 // columns that a last column needs to be wrapped
)

// table writes a table: aligned where it fits, its last column wrapped where
// that is enough, else one line of text per row. The words of a row always
// follow each other, so that a client's quoted row is recognised.
func (t *textWriter) table(tb *table) {
	rows := make([][]string, 0, len(tb.rows))
	for _, r := range tb.rows {
		rows = append(rows, t.cells(r.cells))
	}
	t.grid(t.cells(tb.head), rows, tb.align)
	for _, r := range tb.rows {
		for _, c := range r.cells {
			t.collect(c)
		}
	}
	t.flushLinks()
}

func (t *textWriter) cells(cells []cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.ReplaceAll(t.plain(c), "\n", " ")
	}
	return out
}

// grid writes rows of plain cells below a head, which may be empty.
func (t *textWriter) grid(head []string, rows [][]string, align []alignment) {
	widths := make([]int, len(head))
	for _, r := range append([][]string{head}, rows...) {
		for i, c := range r {
			for len(widths) <= i {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], displayWidth(c))
		}
	}
	fixed := 0
	for i := range max(len(widths)-1, 0) {
		fixed += widths[i] + columnGap
	}
	last := len(widths) - 1
	if last < 0 {
		return
	}
	if fixed+min(widths[last], lastLeast) > t.width() {
		t.runIn(head, rows)
		return
	}
	widths[last] = min(widths[last], t.width()-fixed)
	if strings.Join(head, "") != "" {
		t.gridRow(head, widths, align)
		t.gridRule(widths)
	}
	for _, r := range rows {
		t.gridRow(r, widths, align)
	}
}

func (t *textWriter) gridRule(widths []int) {
	cells := make([]string, len(widths))
	for i, w := range widths {
		cells[i] = strings.Repeat("-", w)
	}
	t.line(strings.Join(cells, strings.Repeat(" ", columnGap)))
}

// gridRow writes one row; the last cell goes on below itself.
func (t *textWriter) gridRow(cells []string, widths []int, align []alignment) {
	var b strings.Builder
	last := len(widths) - 1
	for i := range last {
		b.WriteString(padded(cellAt(cells, i), widths[i], alignAt(align, i)))
		b.WriteString(strings.Repeat(" ", columnGap))
	}
	lines := wrap(cellAt(cells, last), widths[last])
	if len(lines) == 1 {
		lines[0] = padded(lines[0], widths[last], alignAt(align, last))
	}
	before := b.String()
	for _, l := range lines {
		t.line(before + l)
		before = strings.Repeat(" ", displayWidth(before))
	}
}

// runIn writes a table that is too wide: its head on a line, then each row as
// an item with its cells one after the other.
func (t *textWriter) runIn(head []string, rows [][]string) {
	if strings.Join(head, "") != "" {
		t.item("  ", strings.Join(notEmpty(head...), " · "))
	}
	for _, r := range rows {
		t.item("- ", strings.Join(notEmpty(r...), " · "))
	}
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func alignAt(align []alignment, i int) alignment {
	if i < len(align) {
		return align[i]
	}
	return alignNone
}

func padded(s string, width int, a alignment) string {
	room := max(width-displayWidth(s), 0)
	switch a {
	case alignRight:
		return strings.Repeat(" ", room) + s
	case alignCenter:
		return strings.Repeat(" ", room/2) + s + strings.Repeat(" ", room-room/2)
	}
	return s + strings.Repeat(" ", room)
}
