package main

import (
	"time"

	"rapport/compose"
	"rapport/threads"
)

// notifier makes the mail that is sent by itself.
func (h *house) notifier() (*compose.Notifier, error) {
	sign, err := h.signers()
	if err != nil {
		return nil, err
	}
	return compose.NewNotifier(compose.NotifierConfig{
		Archive: h.store, Directory: h.projects, From: threads.Address{Name: h.config().Agency.Name, Address: h.config().SMTP.From},
		ReplyTo: h.config().ReplyAddress, Sign: sign, Limits: h.config().Notices.Brakes.Limits(), Now: time.Now, Log: h.log,
	})
}

// noticeOutbox sends what a notifier has made. It has no copy in our mailbox:
// what is unknown stays so.
func (h *house) noticeOutbox() (*compose.Outbox, error) {
	return h.outbox(func(c *compose.OutboxConfig) {
		c.Archive, c.Copy, c.Unknown.Tell, c.When = h.store.NoticeQueue(), "", nil, nil
	})
}
