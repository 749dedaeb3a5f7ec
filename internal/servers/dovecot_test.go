package servers_test

import (
	"bytes"
	"testing"

	"rapport/internal/servers"
)

var letter = []byte("From: Ann <ann@client.example>\r\nTo: pm@agency.example\r\nSubject: Hello\r\n" +
	"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@client.example>\r\n\r\nGood morning.\r\n")

func TestDovecotShowsWhatWasDelivered(t *testing.T) {
	d := servers.StartDovecot(t)
	d.AddUser(t, "pm@agency.example", "secret")
	d.Deliver(t, "pm@agency.example", letter)
	d.Deliver(t, "pm+token@agency.example", letter)
	mails := d.Inbox(t, "pm@agency.example")
	if len(mails) != 2 {
		t.Fatalf("%d mails in the INBOX, want 2", len(mails))
	}
	for _, raw := range mails {
		if !bytes.HasSuffix(raw, letter) {
			t.Errorf("delivered %q, found %q", letter, raw)
		}
	}
	if !bytes.Contains(mails[1], []byte("Delivered-To: pm+token@agency.example\r\n")) {
		t.Errorf("the plus part is lost: %q", mails[1])
	}
}

func TestDovecotKeepsMailOverARestartByteForByte(t *testing.T) {
	d := servers.StartDovecot(t)
	d.AddUser(t, "pm@agency.example", "secret")
	d.Append(t, "pm@agency.example", letter)
	d.Restart(t)
	mails := d.Inbox(t, "pm@agency.example")
	if len(mails) != 1 || !bytes.Equal(mails[0], letter) {
		t.Errorf("found %q after a restart, want %q", mails, letter)
	}
}
