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
	Held      []noticeLine // automatic mail that did not go out
}

// noticeLine is an automatic mail that a brake held, that was refused, or of
// which nobody knows.
type noticeLine struct {
	threads.Notice
	When moment
}

const (
	noticeDays    = 7
	noticesLooked = 500
	noticesShown  = 50
)

// held lists the automatic mail of the last days that did not go out.
func (v *visit) held() ([]noticeLine, error) {
	all, err := v.archive.Notices(v.Context(), v.now.AddDate(0, 0, -noticeDays), noticesLooked)
	if err != nil {
		return nil, fmt.Errorf("read the automatic mail: %w", err)
	}
	var out []noticeLine
	for _, n := range all {
		if (n.State == threads.Held || n.State == threads.Refused || n.State == threads.Unknown) && len(out) < noticesShown {
			out = append(out, noticeLine{n, v.at(n.Made, time.UTC)})
		}
	}
	return out, nil
}

// mailboxLine is a mailbox: how far it was read, and how the reading goes.
type mailboxLine struct {
	threads.Cursor
	Covered threads.Coverage
	Owed    []owedLine
	More    int // owed mails beyond those shown
	Signed  moment
	Polling *Polling
	Since   moment
	Seen    moment
}

// owedMails is how many owed mails of a mailbox a page lists.
const owedMails = 50

// owedLine is a mail that lies on the server and could not be filed.
type owedLine struct {
	threads.Owed
	When moment
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
		if line.Covered, err = v.archive.Coverage(v.Context(), c.Mailbox); err != nil {
			return fmt.Errorf("count the mails of %s: %w", c.Mailbox, err)
		}
		line.Signed = v.at(line.Covered.Signed, time.UTC)
		owed := line.Covered.Owed
		line.More = max(0, len(owed)-owedMails)
		for _, o := range owed[:len(owed)-line.More] {
			line.Owed = append(line.Owed, owedLine{o, v.at(o.Since, time.UTC)})
		}
		if p, ok := v.s.polling(c.Mailbox); ok {
			line.Polling, line.Since, line.Seen = &p, v.at(p.Since, time.UTC), v.at(p.Seen, time.UTC)
		}
		page.Mailboxes = append(page.Mailboxes, line)
	}
	if page.Held, err = v.held(); err != nil {
		return err
	}
	return v.render(http.StatusOK, "mailboxes", page)
}
