package smtp_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/compose"
	"rapport/compose/smtp"
	"rapport/internal/servers"
	"rapport/mail"
	"rapport/threads"
)

// TestPostfix sends a report to four people through a real mail server: it
// takes one letter, refuses one, delays one, and of one the connection is cut
// when Postfix has it and before we hear of it.
func TestPostfix(t *testing.T) {
	d := servers.StartDovecot(t)
	for _, user := range []string{ours, copies, "c0@client.example", "c1@client.example", "c2@client.example", "c3@client.example"} {
		d.AddUser(t, user, "secret")
	}
	p := servers.StartPostfix(t, d)
	p.Answer("c1@client.example", "550 5.1.1 no such user")
	p.Answer("c2@client.example", "450 4.2.1 try later")

	h := newHouse(t)
	h.report(t, 4)
	var cut atomic.Bool
	open, err := smtp.New(smtp.Config{
		Address: p.Addr, TLS: smtp.Plain, Timeout: 20 * time.Second, Final: 20 * time.Second,
		Dial: func(ctx context.Context, address string) (net.Conn, error) {
			var dialer net.Dialer
			conn, err := dialer.DialContext(ctx, "tcp", address)
			return &deaf{Conn: conn, cut: &cut}, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	cutting := sending{open, func(sub compose.Submission) { cut.Store(sub.To == "c3@client.example") }}
	for range 2 { // one round ends with the cut
		h.outbox(t, cutting, h.Store).Once(t.Context())
	}
	h.want(t, threads.Taken, threads.Refused, threads.Deferring, threads.Unknown)

	// Our copies come into our mailbox: of the first letter and of the last.
	h.forward(2 * time.Hour)
	for _, raw := range d.Await(t, copies, 2) {
		text := string(raw)
		id := letterOf(t, text)
		if err := h.Resolve(t.Context(), id, threads.Taken, "our own copy came"); err == nil {
			h.proved++
		}
	}
	if h.proved != 1 {
		t.Errorf("%d letters were proved by their copy, want 1", h.proved)
	}
	p.Answer("c2@client.example", "")
	secure, err := smtp.New(smtp.Config{
		Address: p.Addr, TLS: smtp.StartTLS, RootCAs: p.Pool, Username: ours, Password: password("secret"),
		Timeout: 20 * time.Second, Final: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.outbox(t, secure, h.Store).Once(t.Context()); err != nil {
		t.Error(err)
	}
	h.want(t, threads.Taken, threads.Refused, threads.Taken, threads.Taken)

	for _, c := range []struct {
		user  string
		mails int
	}{{"c0@client.example", 1}, {"c1@client.example", 0}, {"c2@client.example", 1}, {"c3@client.example", 1}, {copies, 3}} {
		mails := d.Await(t, c.user, c.mails)
		if len(mails) != c.mails {
			t.Errorf("%s has %d mails, want %d", c.user, len(mails), c.mails)
		}
		for _, raw := range mails {
			if m := mail.Parse(raw, mail.Limits{}); len(m.Faults) > 0 || m.Text != "All is well.\n" && strings.TrimSpace(m.Text) != "All is well." {
				t.Errorf("%s got %q with faults %v", c.user, m.Text, m.Faults)
			}
		}
	}
}

// want compares the states of the only report's letters, in their order.
func (h *house) want(t *testing.T, states ...threads.DeliveryState) {
	t.Helper()
	reports, err := h.Reports(t.Context(), "ACME-WEB", 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range reports[0].Deliveries {
		if d.State != states[i] {
			t.Errorf("the letter to %s is %s (%s), want %s", d.Recipient, d.State, d.Words, states[i])
		}
	}
}
