package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// printJSON writes v for programs: one indented object, characters as they are
// but for those that plain leaves out. A program reads them all the same.
func printJSON(w io.Writer, v any) error {
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, r := range text.String() { // in JSON they stand within texts only
		if r != '\n' && harms(r) {
			fmt.Fprintf(out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.Flush()
}

// harms reports whether a character does something to a terminal, or to the
// direction of the words beside it.
func harms(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// plain makes a client's words safe for a terminal: escape sequences would
// move its cursor or worse, and a direction override makes words read as others.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case harms(r):
			return -1
		}
		return r
	}, s)
}

// line is s on one line.
func line(s string) string { return plain(strings.Join(strings.Fields(s), " ")) }

// table prints rows in columns. Widths are display widths: a Chinese character
// takes two. The last column is cut to what is left of the line.
type table struct {
	head  []string
	rows  [][]string
	empty string // what is said instead if there are no rows
}

const tableWidth = 120

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print(w io.Writer) {
	if len(t.rows) == 0 && t.empty != "" {
		fmt.Fprintln(w, t.empty)
		return
	}
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(line(cell)))
		}
	}
	for _, row := range append([][]string{t.head}, t.rows...) {
		var b strings.Builder
		used := 0
		for i, cell := range row {
			cell = line(cell)
			if i == len(row)-1 {
				b.WriteString(runewidth.Truncate(cell, max(tableWidth-used, 30), "…"))
				continue
			}
			b.WriteString(runewidth.FillRight(cell, widths[i]) + "  ")
			used += widths[i] + 2
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// indent puts a margin before each line.
func indent(s, margin string) string {
	return margin + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+margin)
}
