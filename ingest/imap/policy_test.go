package imap_test

import (
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
)

// TestAPolicyThatComesLaterIsForAllThatIsFiled: also for more mail than one
// command asks for. What was there before the first visit stays as it is.
func TestAPolicyThatComesLaterIsForAllThatIsFiled(t *testing.T) {
	const mails = 320
	h := newHouse(t)
	h.dovecot.Append(t, user, letter(0)) // makes the Maildir
	first := h.poller(plainConfig(h.dovecot.Addr), func(c *ingest.PollerConfig) { c.Start = ingest.Start{} })
	h.once(first)
	for n := range mails {
		h.drop(1 + n)
	}
	if got := h.once(first); got.Filed != mails {
		t.Fatalf("%d mails are filed", got.Filed)
	}
	h.once(h.poller(plainConfig(h.dovecot.Addr), after("move Filed")))
	if left := h.dovecot.Messages(t, user); left != 1 {
		t.Errorf("%d mails were left in the inbox", left)
	}
	h.client(func(c *imapclient.Client) error {
		moved, err := c.Select("Filed", nil).Wait()
		if err == nil && moved.NumMessages != mails {
			t.Errorf("%d mails were moved", moved.NumMessages)
		}
		return err
	})
}
