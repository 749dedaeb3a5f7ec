package store

import (
	"context"
	"fmt"
	"math"

	"rapport/threads"
)

// Having returns the ids of all mail of a project that may have the words of
// text in a row, the last of them perhaps only begun: what the index finds, and
// what it has no words of. It is for who then looks at the mail itself. ok is
// false if text has no word to look up: any mail may have it.
func (s *Store) Having(ctx context.Context, project, text string) (ids []string, ok bool, err error) {
	c := begun(text)
	if len(c.words) == 0 {
		return nil, false, nil
	}
	if s.scope != nil && !s.scope.Has(project) {
		return nil, true, nil
	}
	err = s.view(ctx, func(t *tx) error {
		f, err := t.fitting([]clause{c}, threads.SearchQuery{Project: project}, math.MaxInt32)
		if err != nil {
			return err
		}
		ords, err := collect(t, scalar[int64], f.text, f.args...)
		if err != nil {
			return err
		}
		ids, err = collect(t, scalar[string], `select id from message where `+t.dialect.in("ord", 1), list(t.dialect, ords))
		if err != nil {
			return err
		}
		aside, err := collect(t.unbound(), scalar[string], `select id from message where project = $1 and (class = $2
			or id in (select message from search_repair))`, project, string(threads.ClassOwnCopy))
		ids = append(ids, aside...)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("look for mail of %s with some words: %w", project, err)
	}
	return ids, true, nil
}

// begun is the clause of a text that may end within a word. A single letter at
// its end would begin too many words to be of use.
func begun(text string) clause {
	c := parseClause(cleanText(text) + "*")
	if n := len(c.words); n > 0 && !c.prefix && len(c.words[n-1]) == 1 {
		c.words = c.words[:n-1]
	}
	return c
}
