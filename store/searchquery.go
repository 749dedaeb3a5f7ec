package store

import (
	"fmt"
	"math"
	"strings"
	"time"

	"rapport/threads"
)

// Bounds of a query; what is beyond them is left out.
const (
	maxQuery       = 1000 // bytes
	maxClauses     = 16
	maxClauseWords = 64
)

// clause is one thing that a mail must contain: words in a row, the last of
// them perhaps only begun.
type clause struct {
	words  []string
	prefix bool
	single bool // one character of a run; the index has it as a word, too
}

// parseQuery reads what a person typed. Words must all be in the mail, in any
// order; "words in quotes", ISSUE-12 or 三个字 must be there in a row; deploy* is
// the beginning of a word; from:anna is a filter. Its error is an
// *threads.UnknownChoice; nothing else is one, and a query without words is empty.
func parseQuery(text string) ([]clause, error) {
	text = cleanText(text)
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
	}
	var out []clause
	for _, piece := range pieces(text) {
		name, value, filters := filterOf(piece)
		if !filters {
			value = piece
		}
		c := parseClause(value)
		if filters {
			var err error
			if c, err = c.filter(name, value, piece); err != nil {
				return nil, err
			}
		}
		if len(c.words) > 0 && len(out) < maxClauses {
			out = append(out, c)
		}
	}
	return out, nil
}

// quotes makes the quotes of all keyboards alike.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "＂", `"`, "「", `"`, "」", `"`)

// pieces cuts a query at its blanks, but for those within quotes. A quote that
// is never closed goes to the end.
func pieces(text string) []string {
	var out []string
	for i, part := range strings.Split(quotes.Replace(text), `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return joined(out)
}

// joined puts a filter whose value is in quotes together again: from:"Anna Weber".
func joined(pieces []string) (out []string) {
	for _, p := range pieces {
		if n := len(out); n > 0 && strings.HasSuffix(strings.ReplaceAll(out[n-1], "：", ":"), ":") {
			if _, _, ok := filterOf(out[n-1] + p); ok {
				out[n-1] += p
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// parseClause reads one word or phrase.
func parseClause(text string) clause {
	var c clause
	var kinds []kind
	split(text, func(word []byte, k kind, _, _ int) {
		if len(c.words) < maxClauseWords {
			c.words = append(c.words, string(word))
			kinds = append(kinds, k)
		}
	})
	n := len(c.words)
	switch {
	case n == 0:
	case kinds[n-1] == tail && n > 1 && kinds[n-2] == pair:
		c.words = c.words[:n-1] // the run may go on in the mail
	case kinds[n-1] == tail:
		c.prefix, c.single = true, n == 1 // it may begin a pair in the mail
	case kinds[n-1] == plain && strings.HasSuffix(text, "*") && len(c.words[n-1]) > 1:
		c.prefix = true
	}
	return c
}

// scope is the word by which the mail of one project is found. It has a colon,
// which no word of a text has, and one length for all keys. The tray is a
// project of no name.
func scope(project string) string { return "project:" + shaOf([]byte(project))[:32] }

// reach is where to look: in the mail of these projects, nil for all, from one
// place in time to before another.
type reach struct {
	projects   []string
	from, past int64
}

// reach is where the query may look for mail.
func (t *tx) reach(q threads.SearchQuery) (reach, error) {
	project, r := q.Project, reach{past: math.MaxInt64}
	r.within(q.From, q.To)
	if q.Before != "" {
		var ord int64
		if err := t.one(`select ord from message where id = $1`, []any{q.Before}, &ord); err != nil {
			return r, fmt.Errorf("look for what stands behind message %s: %w", q.Before, err)
		}
		r.past = min(r.past, ord)
	}
	if project != "" {
		r.projects = []string{project}
	}
	if t.scope == nil {
		return r, nil
	}
	b := bounds{Scope: t.scope}
	switch {
	case t.scope.All:
	case project == "" && len(b.projects()) > 0:
		r.projects = b.projects()
	case !t.scope.Has(project):
		r.past = 0
	}
	r.within(t.scope.From, t.scope.To)
	return r, nil
}

// within narrows the reach to mail received from one moment and before another;
// zero is no bound.
func (r *reach) within(from, to time.Time) {
	if !from.IsZero() {
		r.from = max(r.from, firstOrd(from))
	}
	if !to.IsZero() {
		r.past = min(r.past, firstOrd(to))
	}
}
