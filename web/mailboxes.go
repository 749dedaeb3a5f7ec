package web

import (
	"fmt"
	"net/http"
	"time"

	"rapport/threads"
)

type mailboxesPage struct {
	Page
	Mailboxes []mailboxLine
}

// mailboxLine is a mailbox: how far it was read, and how the reading goes.
type mailboxLine struct {
	threads.Cursor
	Held    threads.Holding
	Polling *Polling
	Since   moment
	Seen    moment
}

func (v *visit) mailboxes() error {
	cursors, err := v.archive.Mailboxes(v.Context())
	if err != nil {
		return fmt.Errorf("read the mailboxes: %w", err)
	}
	page := mailboxesPage{Page: v.page(v.lang.t("mailboxes.title"), "mailboxes")}
	page.Zone = "UTC"
	for _, c := range cursors {
		line := mailboxLine{Cursor: c}
		if line.Held, err = v.archive.Holding(v.Context(), c.Mailbox, c.UIDValidity); err != nil {
			return fmt.Errorf("count the mails of %s: %w", c.Mailbox, err)
		}
		if p, ok := v.s.polling(c.Mailbox); ok {
			line.Polling, line.Since, line.Seen = &p, v.at(p.Since, time.UTC), v.at(p.Seen, time.UTC)
		}
		page.Mailboxes = append(page.Mailboxes, line)
	}
	return v.render(http.StatusOK, "mailboxes", page)
}
