package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/cmd/rapport/config"
	"rapport/cmd/rapport/oauth"
	"rapport/threads"
)

// mailboxStatus is how far a mailbox was read, and what stands in the way.
type mailboxStatus struct {
	Mailbox          string       `json:"mailbox"`
	Server           string       `json:"server,omitempty"`
	Folder           string       `json:"folder,omitempty"`
	UIDValidity      uint32       `json:"uidvalidity,omitempty"`
	ReadTo           uint32       `json:"read_to_uid"` // the cursor
	threads.Coverage              // what became of its mails
	Login            *loginStatus `json:"login,omitempty"`
	Trouble          []string     `json:"trouble"`
	unread           bool         // never yet
}

// loginStatus is how a login by token stands.
type loginStatus struct {
	oauth.State
	By string `json:"by"` // "password", "token" or "nothing"
}

// mailboxStatus lists the configured mailboxes in their order, then those that
// only the archive knows.
func (h *house) mailboxStatus(ctx context.Context) ([]mailboxStatus, error) {
	cursors, err := h.store.Mailboxes(ctx)
	if err != nil {
		return nil, err
	}
	out := []mailboxStatus{}
	for _, m := range h.config().Mailboxes {
		s := mailboxStatus{Mailbox: m.Name, Server: string(m.Server), Folder: m.Folder, Trouble: []string{},
			Login: h.loginStatus(m.Name, m.Username, m.OAuth)}
		s.Trouble = append(s.Trouble, s.Login.told()...)
		i := slices.IndexFunc(cursors, func(c threads.Cursor) bool { return c.Mailbox == m.Name })
		if s.unread = i < 0 || cursors[i].UIDValidity == 0; s.unread {
			s.Trouble = append(s.Trouble, fmt.Sprintf("it was never read; start \"rapport serve\", and if it is running, \"rapport doctor\" tells what is wrong. Reading begins %s", begins(m.Start)))
			out = append(out, s)
			continue
		}
		if err := h.fillCursor(ctx, &s, cursors[i]); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	for _, c := range cursors {
		if slices.ContainsFunc(h.config().Mailboxes, func(m config.Mailbox) bool { return m.Name == c.Mailbox }) {
			continue
		}
		s := mailboxStatus{Mailbox: c.Mailbox, Trouble: []string{"it is no longer in the configuration, so it is not read"}}
		if err := h.fillCursor(ctx, &s, c); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (h *house) fillCursor(ctx context.Context, s *mailboxStatus, c threads.Cursor) (err error) {
	s.UIDValidity, s.ReadTo = c.UIDValidity, c.LastUID
	if s.Coverage, err = h.store.Coverage(ctx, c.Mailbox); err != nil {
		return err
	}
	for i, o := range s.Owed {
		if i == owedTold {
			s.Trouble = append(s.Trouble, fmt.Sprintf("and %s more; --json lists them all", count(len(s.Owed)-i, "mail")))
			break
		}
		s.Trouble = append(s.Trouble, toldOwed(&o))
	}
	return nil
}

// owedTold is how many owed mails of a mailbox are told one by one.
const owedTold = 10

// toldOwed says what lies on the server and is not filed, why, and what to do.
func toldOwed(o *threads.Owed) string {
	s := fmt.Sprintf("UID %d is owed since %s: %s", o.UID, moment(o.Since, ""), o.Words)
	if o.From.Address != "" || o.Subject != "" {
		s += fmt.Sprintf("; it is from %s <%s>, %q", plain(o.From.Name), plain(o.From.Address), plain(o.Subject))
	}
	next := "it is tried again by itself; until then read it with a mail program"
	if o.Why == threads.WhyTooLarge {
		next = "raise limits.message in the configuration, and it is fetched; until then read it with a mail program"
	}
	return s + ". Next: " + next
}

func begins(s config.Start) string {
	switch {
	case s.All:
		return "with all that is there"
	case !s.Since.IsZero():
		return "with what came since " + s.String()
	}
	return "with what comes from then on"
}

func (h *house) loginStatus(name, username string, o config.OAuth) *loginStatus {
	switch {
	case !o.Used() && username == "":
		return &loginStatus{By: "nothing"}
	case !o.Used():
		return &loginStatus{By: "password"}
	}
	tokens, err := h.tokens(name, username, o)
	if err != nil {
		return &loginStatus{By: "token", State: oauth.State{Trouble: err.Error()}}
	}
	return &loginStatus{By: "token", State: tokens.State()}
}

// told is what is wrong with a login, or going to be.
func (l *loginStatus) told() []string {
	var out []string
	for _, words := range []string{l.Trouble, l.Warning} {
		if words != "" {
			out = append(out, strings.TrimSpace(words))
		}
	}
	return out
}
