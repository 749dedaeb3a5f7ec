package main

import (
	"context"

	"rapport/threads"
)

// mail is a mail by its id, with the next step where there is none.
func (h *house) mail(ctx context.Context, id string) (threads.Message, error) {
	m, err := h.store.Message(ctx, id)
	return m, next(err, threads.ErrNotFound, `"rapport tray list", "rapport thread show" and "rapport search" show the ids of mails`)
}

// thread is the same for a thread, with its mails.
func (h *house) thread(ctx context.Context, id string) (threads.Thread, []threads.Message, error) {
	t, mails, err := h.store.Thread(ctx, id)
	return t, mails, next(err, threads.ErrNotFound, `"rapport thread list" shows those there are`)
}
