package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// Received counts the mail of people that a project got since then, and returns
// the latest of it.
func (s *Store) Received(ctx context.Context, project string, since time.Time, limit int) (n int, latest []threads.Message, err error) {
	const which = `where ord >= $1 and project = $2 and direction = $3 and class = $4 and length(body) > 0`
	args := []any{firstOrd(since), project, string(threads.In), string(threads.ClassPerson)}
	err = s.view(ctx, func(t *tx) error {
		if err := t.one(`select count(*) from message `+which, args, &n); err != nil {
			return err
		}
		latest, err = t.messages(which+` order by ord desc limit $5`, append(args, atMost(limit))...)
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("look for new mail of %s: %w", project, err)
	}
	return n, latest, nil
}
