package store

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A tsvector has at most 1 MB, positions below 16,384, and of one word only the
// first 255 places; what is beyond is lost without an error. A part therefore
// ends after mostWords, or after fewestWords once a word has all its places.
// Two parts overlap by the longest phrase, so that none is cut.
const (
	fewestWords = 1000
	mostWords   = 8000
	mostPlaces  = 255
	overlap     = maxClauseWords
)

// indexPostgres adds a message as one row, or as several if it is long.
func indexPostgres(t *tx, ord int64, words string) error {
	all := strings.Fields(words)
	parts := cut(all[1:])
	for n, part := range parts {
		_, err := t.exec(`insert into search (ord, part, parts, words) values ($1, $2, $3, $4::tsvector)`,
			ord, n, len(parts), vector(all[0], part))
		if err != nil {
			return err
		}
	}
	return nil
}

// unindexPostgres takes a message out of the index.
func unindexPostgres(t *tx, ord int64) error {
	_, err := t.exec(`delete from search where ord = $1`, ord)
	return err
}

// cut makes the parts of a text, each of which begins with the last words of
// the one before.
func cut(words []string) (parts [][]string) {
	for {
		end := partEnd(words)
		parts = append(parts, words[:end])
		if end == len(words) {
			return parts
		}
		words = words[end-overlap:]
	}
}

// partEnd is how many of the words fit into one part.
func partEnd(words []string) int {
	places := map[string]int{}
	full := false
	for i, w := range words[:min(len(words), mostWords)] {
		if w != ":" {
			places[w]++
			full = full || places[w] == mostPlaces
		}
		if full && i+1 >= fewestWords {
			return i + 1
		}
	}
	return min(len(words), mostWords)
}

// vector writes a tsvector: the scope without a place, and each word with its
// places. A wall takes a place, so that no phrase crosses it.
func vector(scope string, words []string) string {
	at := map[string][]int{}
	for i, w := range words {
		if w != ":" {
			at[w] = append(at[w], i+1)
		}
	}
	var b strings.Builder
	b.WriteString("'" + scope + "'")
	for word, places := range at {
		b.WriteString(" '" + word + "'")
		for i, p := range places {
			b.WriteByte(":,"[min(i, 1)])
			b.WriteString(strconv.Itoa(p))
		}
	}
	return b.String()
}

// fittingPostgres finds the mail of which one part fits the whole query, and the
// long mail whose parts fit it together.
func fittingPostgres(clauses []clause, r reach) fitting {
	var single, projects []string
	for _, p := range r.projects {
		projects = append(projects, "'"+scope(p)+"'")
	}
	if projects != nil {
		single = append(single, "("+strings.Join(projects, " | ")+")")
	}
	for _, c := range clauses {
		single = append(single, c.tsquery())
	}
	args := []any{strings.Join(single, " & "), r.from, r.past}
	var together []string
	for _, q := range single {
		args = append(args, q)
		together = append(together, fmt.Sprintf(`select ord from search where parts > 1 and words @@ $%d::tsquery`, len(args)))
	}
	where := ` where ord >= $2 and ord < $3`
	if r.from == 0 && r.past == math.MaxInt64 {
		where = ` where $2::bigint < $3::bigint` // true, and no reason to read the vectors along their places in time
	}
	return fitting{"ord", `(select ord from search where words @@ $1::tsquery
		union (` + strings.Join(together, " intersect ") + `)) found` + where, args}
}

// tsquery is the clause in PostgreSQL's language. Words have letters and digits
// only, so nothing in them can end the string.
func (c clause) tsquery() string {
	s := "'" + strings.Join(c.words, "' <-> '") + "'"
	if c.prefix && !c.single {
		s += ":*"
	}
	return "(" + s + ")"
}
