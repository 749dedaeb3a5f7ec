package demo

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var samples = []Mail{{"01-hello", []byte("From: a@harbourlane.example\r\nDate: Mon, 02 Nov 2026 09:00:00 +0000\r\nSubject: Hello\r\n\r\nHi.\r\n")}}

var letter = []byte("From: Mara <mara@northlight.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n" +
	"Message-ID: <letter-1@northlight.example>\r\nSubject: Report\r\n\r\n.dots\r\n..stay\r\n")

func startServers(t *testing.T, dir string) *Servers {
	t.Helper()
	s, err := StartServers(dir, "secret", samples)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// inbox reads the mailbox over IMAP: UID → mail.
func inbox(t *testing.T, s *Servers) map[imap.UID]string {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAPAddr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(Username, "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	body := &imap.FetchItemBodySection{Peek: true}
	found, err := c.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	mails := map[imap.UID]string{}
	for _, m := range found {
		mails[m.UID] = string(m.FindBodySection(body))
	}
	return mails
}

// submit hands a letter to the sink as Rapport does.
func submit(s *Servers, password string, recipients ...string) error {
	c, err := smtp.Dial(s.SMTPAddr)
	if err != nil {
		return err
	}
	defer c.Close()
	if password != "" {
		if err := c.Auth(sasl.NewPlainClient("", Username, password)); err != nil {
			return err
		}
	}
	return c.SendMail(Username, recipients, bytes.NewReader(letter))
}

func TestTheSinkKeepsTheLetterAndShowsUsOurCopy(t *testing.T) {
	s := startServers(t, t.TempDir())
	if err := submit(s, "secret", "ellen@harbourlane.example", Mailbox); err != nil {
		t.Fatal(err)
	}
	letters, err := s.Letters()
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d letters (%v), want 1", len(letters), err)
	}
	l := letters[0]
	if !bytes.Equal(l.Raw, letter) || l.Client() != "ellen@harbourlane.example" || l.MessageID != "letter-1@northlight.example" {
		t.Errorf("the sink has %+v", l)
	}
	mails := inbox(t, s)
	if len(mails) != 2 || mails[1] != string(samples[0].Raw) || !strings.HasSuffix(mails[2], string(letter)) {
		t.Errorf("our mailbox has %v", mails)
	}
}

func TestALetterWithoutCopyStaysOutOfOurMailbox(t *testing.T) {
	s := startServers(t, t.TempDir())
	if err := submit(s, "secret", "ellen@harbourlane.example"); err != nil {
		t.Fatal(err)
	}
	if mails := inbox(t, s); len(mails) != 1 {
		t.Errorf("our mailbox has %v", mails)
	}
}

func TestTheSinkRefuses(t *testing.T) {
	s := startServers(t, t.TempDir())
	for _, c := range []struct {
		name, password, to string
		code               int
	}{
		{"no login", "", "ellen@harbourlane.example", 530},
		{"wrong password", "guess", "ellen@harbourlane.example", 535},
		{"an address of the real world", "secret", "someone@company.test", 550},
	} {
		var refused *smtp.SMTPError
		if err := submit(s, c.password, c.to); !errors.As(err, &refused) || refused.Code != c.code {
			t.Errorf("%s: %v, want %d", c.name, err, c.code)
		}
	}
	if letters, err := s.Letters(); len(letters) > 0 || err != nil {
		t.Errorf("the sink kept %v (%v)", letters, err)
	}
}

func TestARestartShowsTheSameMailsUnderTheSameUIDs(t *testing.T) {
	dir := t.TempDir()
	s := startServers(t, dir)
	reply := []byte("From: ellen@harbourlane.example\r\nSubject: Re: Report\r\n\r\nFine.\r\n")
	for range 2 { // the second is a letter sent twice, and a reply delivered again
		if err := submit(s, "secret", "ellen@harbourlane.example", Mailbox); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Receive("ellen", reply); err != nil {
			t.Fatal(err)
		}
	}
	before := inbox(t, s)
	s.Close()
	// What a kill in the middle of a write leaves behind.
	half := filepath.Join(dir, "sink", "0009-ellen@harbourlane.example.eml.part")
	if err := os.WriteFile(half, letter[:20], 0o600); err != nil {
		t.Fatal(err)
	}

	s = startServers(t, dir)
	after := inbox(t, s)
	if len(before) != 4 || len(after) != len(before) {
		t.Fatalf("%d mails before and %d after the restart, want 4", len(before), len(after))
	}
	for uid, raw := range before {
		if after[uid] != raw {
			t.Errorf("UID %d: %q before, %q after", uid, raw, after[uid])
		}
	}
	if added, err := s.Receive("ellen", reply); added || err != nil {
		t.Errorf("the reply was delivered again after the restart (%v)", err)
	}
	letters, err := s.Letters()
	if err != nil || len(letters) != 2 || len(Twice(letters)) != 1 {
		t.Errorf("%d letters, %d of them twice (%v); want 2 and 1", len(letters), len(Twice(letters)), err)
	}
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Errorf("the half written letter is still there: %v", err)
	}
}
