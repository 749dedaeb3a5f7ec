package web

import (
	"fmt"
	"time"

	"rapport/threads"
)

// trouble is what keeps all mail from going or coming. No mail can tell of it,
// so the first page does, to those who decide.
type trouble struct {
	threads.Stuck
	Tried  moment
	Unread []string // mailboxes that cannot be read
}

func (v *visit) trouble() (t trouble, err error) {
	if v.who == nil || !v.who.Decides() {
		return t, nil
	}
	if t.Stuck, err = v.s.stuck(v.Context()); err != nil {
		return t, err
	}
	t.Tried = v.at(t.Stuck.Tried, time.UTC)
	cursors, err := v.archive.Mailboxes(v.Context())
	if err != nil {
		return t, fmt.Errorf("read the mailboxes: %w", err)
	}
	for _, c := range cursors {
		if p, ok := v.s.polling(c.Mailbox); ok && p.Trouble != "" {
			t.Unread = append(t.Unread, c.Mailbox)
		}
	}
	return t, nil
}
