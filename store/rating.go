package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// Ratings returns how satisfied the clients of a project said to be, the latest
// first.
func (s *Store) Ratings(ctx context.Context, project string, limit int) ([]threads.Rating, error) {
	out, err := read(ctx, s, func(row scanner) (r threads.Rating, err error) {
		var received int64
		err = row.Scan(&r.Message, &r.Thread, &r.From.Name, &r.From.Address, &received, &r.Score, &r.Report)
		r.At = moment(received)
		return r, err
	}, `select id, thread, from_name, from_address, received, rating, rated from message where project = $1 and rating > 0 order by ord desc limit $2`,
		project, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the ratings of %s: %w", project, err)
	}
	return out, nil
}
