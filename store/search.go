package store

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
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

// Bounds of a repair: how many mails at once, and in one transaction.
const (
	repairMost  = 1000
	repairBatch = 100
)

// Repair indexes mail whose index rows failed, or are of an older form, and
// tells for how many it worked: at most a thousand at a time. It is run when the
// store is opened; who runs for long goes on until nothing is left.
func (s *Store) Repair(ctx context.Context) (int, error) {
	ids, err := read(ctx, s, scalar[string], `select message from search_repair order by message desc limit $1`, repairMost)
	if err != nil {
		return 0, fmt.Errorf("read the list of repairs: %w", err)
	}
	done := 0
	for batch := range slices.Chunk(ids, repairBatch) {
		if s.write(ctx, func(t *tx) error { return t.repair(batch) }) == nil {
			done += len(batch)
			continue
		}
		for _, id := range batch { // one of them fails: the others need not
			if err := s.write(ctx, func(t *tx) error { return t.repair([]string{id}) }); err != nil {
				s.log.Warn("search.failed", "message", id, "error", err)
				continue
			}
			done++
		}
	}
	return done, ctx.Err()
}

func (t *tx) repair(ids []string) error {
	for _, id := range ids {
		if _, err := t.exec(`delete from search_repair where message = $1`, id); err != nil {
			return err
		}
		m, err := t.message(id)
		if err != nil {
			return err
		}
		var ord int64
		if err := t.one(`select ord from message where id = $1`, []any{id}, &ord); err != nil {
			return err
		}
		if err := t.dialect.unindex(t, ord); err != nil {
			return err
		}
		if rows := t.dialect.indexRows(&m); rows != nil {
			if err := t.dialect.index(t, ord, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitting is a query for the places in time of the mail that fits, the latest
// first.
type fitting struct {
	text string
	args []any
}

// fitting asks for the latest mail that fits the query.
func (t *tx) fitting(clauses []clause, q threads.SearchQuery, limit int) (fitting, error) {
	r, err := t.reach(q)
	if err != nil {
		return fitting{}, err
	}
	if len(clauses) == 0 && r.projects == nil {
		return fitting{`select ord from message where ord >= $1 and ord < $2 and class <> $3 order by ord desc limit $4`,
			[]any{r.from, r.past, string(threads.ClassOwnCopy), limit}}, nil
	}
	return t.dialect.fitting(t, clauses, r, limit)
}

// Search finds mail that has all words of the query, the latest first. It is an
// *threads.UnknownChoice if a filter of the query has a value that there is not.
func (s *Store) Search(ctx context.Context, q threads.SearchQuery) (hits []threads.Hit, err error) {
	clauses, err := parseQuery(q.Text)
	if err != nil || len(clauses) == 0 && strings.TrimSpace(q.Text) != "" {
		return nil, err
	}
	err = s.view(ctx, func(t *tx) error {
		f, err := t.fitting(clauses, q, atMost(q.Limit))
		if err != nil {
			return err
		}
		ords, err := collect(t, scalar[int64], f.text, f.args...)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		found, err := collect(t, t.scanMessage, `select `+messageColumns+` from message where `+t.dialect.in("ord", 1)+` order by ord desc`, list(t.dialect, ords))
		if err != nil {
			return fmt.Errorf("read the mail found: %w", err)
		}
		for _, m := range found {
			snippet, marks := snippet(&m, clauses)
			hits = append(hits, threads.Hit{Message: m, Snippet: snippet, Marks: marks})
		}
		return nil
	})
	return hits, err
}

// Found counts the mail that Search would find without its limit, as far as
// threads.MostCounted and threads.MostPhrases; more tells that there is more.
func (s *Store) Found(ctx context.Context, q threads.SearchQuery) (n int, more bool, err error) {
	clauses, err := parseQuery(q.Text)
	if err != nil || len(clauses) == 0 && strings.TrimSpace(q.Text) != "" {
		return 0, false, err
	}
	most := threads.MostCounted
	if slices.ContainsFunc(clauses, clause.phrase) {
		most = threads.MostPhrases
	}
	err = s.view(ctx, func(t *tx) error {
		f, err := t.fitting(clauses, q, most+1)
		if err != nil {
			return err
		}
		return t.one(`select count(*) from (`+f.text+`) counted`, f.args, &n)
	})
	if err != nil {
		return 0, false, fmt.Errorf("count the mail found: %w", err)
	}
	return min(n, most), n > most, nil
}

// atMost is a limit that was asked for, or the usual one.
func atMost(limit int) int {
	if limit <= 0 {
		return 100
	}
	return limit
}
