package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// QuietThreads returns the threads of a project whose last mail came before that
// time, the longest quiet first. Those of which nothing is left to erase are not
// among them.
func (s *Store) QuietThreads(ctx context.Context, project string, before time.Time) (out []threads.Thread, err error) {
	rows, err := read(ctx, s, scanThread, `select `+threadColumns+` from thread where project = $1 and merged_to = '' and last_ord < $2
		and exists (select 1 from message m where m.thread = thread.id and length(m.body) > 0) order by last_ord, id`, project, firstOrd(before))
	for _, r := range rows {
		out = append(out, r.Thread)
	}
	if err != nil {
		return nil, fmt.Errorf("look for threads of %s that went quiet: %w", project, err)
	}
	return out, nil
}
