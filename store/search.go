package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

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
		found, err := t.messages(`where `+t.dialect.in("ord", 1)+` order by ord desc`, list(t.dialect, ords))
		if err != nil {
			return fmt.Errorf("read the mail found: %w", err)
		}
		hits = make([]threads.Hit, len(found))
		return onAllProcessors(len(found), func(i int) error {
			snippet, marks := snippet(&found[i], clauses)
			hits[i] = threads.Hit{Message: found[i], Snippet: snippet, Marks: marks}
			return nil
		})
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
