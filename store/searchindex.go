package store

import (
	"fmt"
	"slices"
	"sort"
	"unicode/utf8"

	"rapport/threads"
)

// maxIndexed bounds how much of a mail's text is found by search.
const maxIndexed = 4 << 20

// searchRow is a message for the index.
type searchRow struct {
	message string
	ord     int64
	rows    []indexRow
}

// indexRow is one row of the index: the words in the form of the database, and
// in PostgreSQL which of them stand side by side.
type indexRow struct {
	words string
	pairs []byte
}

// indexedWords are the words by which a message is found: of its subject, the
// names and addresses, its text and the names of its attachments, with a wall
// between them that no phrase crosses.
//
// Our own copy of a letter has none: the letter itself is found.
func indexedWords(m *threads.Message) string {
	if m.Class == threads.ClassOwnCopy {
		return ""
	}
	text := m.Text
	if text == "" {
		text = m.NewText
	}
	b := make([]byte, 0, 256+min(len(text), maxIndexed)*5/4)
	b = append(append(b, scope(m.Project)...), ' ')
	var chars characters
	add := func(s string) {
		b = append(b, ": "...)
		split(s, func(word []byte, k kind, _, _ int) {
			b = append(append(b, word...), ' ')
			if k == pair {
				chars.add(word)
			}
		})
	}
	person := func(a threads.Address) { add(a.Name + " " + a.Address) }
	add(m.Subject)
	person(m.From)
	if m.Sender != nil {
		person(*m.Sender)
	}
	for _, a := range m.To {
		person(a)
	}
	for _, a := range m.Cc {
		person(a)
	}
	for _, a := range m.Attachments {
		add(a.Name)
	}
	b = appendFilters(b, m)
	add(text[:min(len(text), maxIndexed)])
	return string(append(b, chars.words...))
}

// characters are those that begin a pair, each once and after a wall. They make
// a single character a word to look up: to find it as the beginning of pairs
// means to read all pairs, 30 ms in 100,000 mails.
type characters struct {
	seen  map[rune]bool
	words []byte
}

func (c *characters) add(pair []byte) {
	r, n := utf8.DecodeRune(pair)
	if c.seen[r] {
		return
	}
	if c.seen == nil {
		c.seen = map[rune]bool{}
	}
	c.seen[r] = true
	c.words = append(append(append(c.words, ": "...), pair[:n]...), ' ')
}

// indexRows are the rows of a message in the index, nil for none.
func (d *dialect) indexRows(m *threads.Message) []indexRow {
	words := indexedWords(m)
	if words == "" {
		return nil
	}
	return d.rows(words)
}

// index adds the rows to the index of words. A row that fails is put on the
// list of repairs: it never costs a mail. The rows go in in their order, in
// which SQLite can add them to one segment.
func (t *tx) index(rows []searchRow) error {
	rows = slices.DeleteFunc(rows, func(r searchRow) bool { return len(r.rows) == 0 })
	if len(rows) == 0 {
		return nil
	}
	sort.Slice(rows, func(a, b int) bool { return rows[a].ord < rows[b].ord })
	err := t.attempt(func() error {
		for _, r := range rows {
			if err := t.dialect.index(t, r.ord, r.rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || t.ctx.Err() != nil {
		return t.ctx.Err()
	}
	for _, r := range rows {
		err := t.attempt(func() error { return t.dialect.index(t, r.ord, r.rows) })
		if err == nil {
			continue
		}
		t.log.Warn("search.failed", "message", r.message, "error", err)
		_, err = t.exec(`insert into search_repair (message, why) values ($1, $2) on conflict (message) do update set why = excluded.why`, r.message, err.Error())
		if err != nil {
			return fmt.Errorf("note that message %s is not indexed: %w", r.message, err)
		}
	}
	return nil
}

// attempt runs do so that its failure leaves the transaction as it was.
func (t *tx) attempt(do func() error) error {
	if _, err := t.exec("savepoint attempt"); err != nil {
		return err
	}
	err := do()
	if err != nil {
		if _, err := t.exec("rollback to savepoint attempt"); err != nil {
			return err
		}
	}
	if _, err := t.exec("release savepoint attempt"); err != nil {
		return err
	}
	return err
}
