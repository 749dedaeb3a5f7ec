package imap_test

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"rapport/ingest"
)

// BenchmarkDelivery measures how long a mail takes from its delivery until it
// is filed and found, while the server is watched with IDLE. One server tells
// at once. Dovecot waits for half a second before it tells: there the time runs
// from the moment at which it tells another client.
func BenchmarkDelivery(b *testing.B) {
	b.Run("prompt server", func(b *testing.B) {
		inbox := imapmemserver.NewUser(user, "sécret")
		h := archive(b)
		c := plainConfig(promptServer(b, inbox))
		p := h.poller(c, func(c *ingest.PollerConfig) { c.Log = nil })
		deliveries(b, h, p, 200, func(n int) time.Time {
			raw := letter(n)
			began := time.Now()
			if _, err := inbox.Append("INBOX", appended{bytes.NewReader(raw)}, &goimap.AppendOptions{}); err != nil {
				b.Fatal(err)
			}
			return began
		})
	})
	b.Run("dovecot", func(b *testing.B) {
		h := newHouse(b)
		told := watch(b, h)
		p := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Log = nil })
		deliveries(b, h, p, 40, func(n int) time.Time {
			h.dovecot.Deliver(b, user, letter(n))
			return <-told
		})
	})
}

// deliveries delivers one mail after the other and reports how long each took
// from the moment that deliver gives back.
func deliveries(b *testing.B, h *house, p *ingest.Poller, mails int, deliver func(n int) time.Time) {
	h.run(p)
	var took []time.Duration
	for b.Loop() {
		for range mails {
			h.until("the mailbox is watched", func() bool { return p.Status().State == "idle" })
			time.Sleep(50 * time.Millisecond) // idle is said before the command has reached the server
			n := len(took) + 1
			began := deliver(n)
			for p.Status().Counts.Filed < n {
				time.Sleep(200 * time.Microsecond)
			}
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	b.ReportMetric(at(0.5), "median-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// watch tells when Dovecot tells a client of a new mail.
func watch(b *testing.B, h *house) <-chan time.Time {
	told := make(chan time.Time, 1)
	c, err := imapclient.DialInsecure(h.dovecot.Addr, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil && *data.NumMessages > 0 {
				told <- time.Now()
			}
		},
	}})
	if err == nil {
		err = c.Login(user, "sécret").Wait()
	}
	if err == nil {
		_, err = c.Select("INBOX", &goimap.SelectOptions{ReadOnly: true}).Wait()
	}
	if err == nil {
		_, err = c.Idle()
	}
	if err != nil {
		b.Fatal(fmt.Errorf("watch the mailbox: %w", err))
	}
	b.Cleanup(func() { c.Close() })
	return told
}

// promptServer serves a mailbox in memory and gives back its address.
func promptServer(b *testing.B, inbox *imapmemserver.User) string {
	if err := inbox.Create("INBOX", nil); err != nil {
		b.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(inbox)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:         goimap.CapSet{goimap.CapIMAP4rev1: {}},
		InsecureAuth: true, // loopback only
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go server.Serve(l)
	b.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// appended is a mail as imapmemserver wants to be given one.
type appended struct{ *bytes.Reader }
