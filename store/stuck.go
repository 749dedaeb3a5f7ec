package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// Stuck tells what waits for our own mail server, which does not work with us.
func (s *Store) Stuck(ctx context.Context) (out threads.Stuck, err error) {
	err = s.view(ctx, func(t *tx) error {
		var tried int64
		err := t.one(`select (select count(*) from delivery where state = $1 and attempts = 0), (select count(*) from notice_delivery where state = $1 and attempts = 0),
			coalesce((select max(changed_at) from (`+waitsForUs+`) w), 0), coalesce((select words from (`+waitsForUs+`) w order by changed_at desc limit 1), '')`,
			[]any{string(threads.Deferring)}, &out.Letters, &out.Notices, &tried, &out.Words)
		out.Tried = moment(tried)
		return err
	})
	if err != nil {
		return threads.Stuck{}, fmt.Errorf("look for what waits for our mail server: %w", err)
	}
	return out, nil
}

const waitsForUs = `select changed_at, words from delivery where state = $1 and attempts = 0
	union all select changed_at, words from notice_delivery where state = $1 and attempts = 0`
