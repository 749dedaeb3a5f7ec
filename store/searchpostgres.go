package store

import (
	"fmt"
	"slices"
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

// long is the word of mails that have several parts.
const long = "part:many"

// rowsPostgres are the rows of a message in the index: one, or several if it is
// long.
func rowsPostgres(words string) (rows []indexRow) {
	all := strings.Fields(words)
	parts := cut(all[1:])
	for _, part := range parts {
		row := indexRow{vector(all[0], part), pairsOf(part)}
		if len(parts) > 1 {
			row.words += " '" + long + "'"
		}
		rows = append(rows, row)
	}
	return rows
}

// indexPostgres adds a message.
func indexPostgres(t *tx, ord int64, rows []indexRow) error {
	times := "'" + strings.Join(times(ord), "' '") + "' "
	for n, row := range rows {
		_, err := t.exec(`insert into search (ord, part, parts, words, pairs) values ($1, $2, $3, $4::tsvector, $5)`, ord, n, len(rows), times+row.words, row.pairs)
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
//
// The index gives all mails that have some words, in no order. To find the
// latest it is asked for one window of time after the other: the rows of windows
// come in their order, and those behind the limit are never made. Every
// condition is written so that only the index of words can serve it: by its
// places in time the search would unpack the vectors of all mail.
func fittingPostgres(t *tx, clauses []clause, r reach, limit int) (fitting, error) {
	if _, err := t.exec(`set local enable_seqscan = off`); err != nil {
		return fitting{}, fmt.Errorf("ask for the index of words: %w", err)
	}
	windows, err := t.windows(r, limit)
	if err != nil {
		return fitting{}, err
	}
	var single, projects []string
	for _, p := range r.projects {
		projects = append(projects, "'"+scope(p)+"'")
	}
	if projects != nil {
		single = append(single, "("+strings.Join(projects, " | ")+")")
	}
	loose := slices.Clone(single)
	for _, c := range clauses {
		single = append(single, c.tsquery(" <-> "))
		loose = append(loose, c.tsquery(" & "))
	}
	var from, past []int64
	var within []string
	for _, w := range windows {
		from, past, within = append(from, w.from), append(past, w.past), append(within, w.tsquery())
	}
	args := []any{limit, from, past, within, strings.Join(loose, " & ")}
	argument := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	in := `select ord from search where ord + 0 >= w.from_ord and ord + 0 < w.past_ord and words @@ (w.times::tsquery && `
	fits := in + `$5::tsquery)`
	if slices.ContainsFunc(clauses, clause.phrase) {
		fits += ` and case when ` + noPairs(clauses, argument) + ` then false else words @@ ` + argument(strings.Join(single, " & ")) + `::tsquery end`
	}
	if len(clauses) > 1 {
		var together []string
		for _, q := range single {
			together = append(together, in+argument(q+" & '"+long+"'")+`::tsquery)`)
		}
		fits += ` union (` + strings.Join(together, " intersect ") + `)`
	}
	return fitting{`select found.ord from unnest($2::bigint[], $3::bigint[], $4::text[]) w (from_ord, past_ord, times),
		lateral (select distinct ord from (` + fits + `) fits order by ord desc limit $1) found limit $1`, args}, nil
}

// tsquery is the clause in PostgreSQL's language, its words in a row or all of
// them anywhere. They have letters and digits only, so nothing in them can end
// the string.
func (c clause) tsquery(between string) string {
	s := "'" + strings.Join(c.words, "'"+between+"'") + "'"
	if c.prefix && !c.single {
		s += ":*"
	}
	return "(" + s + ")"
}
