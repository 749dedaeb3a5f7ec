package imap_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
)

// restored is a mailbox of which a backup was made after three mails; five were
// filed before the server went back to it.
func restored(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	for i := range 3 {
		h.dovecot.Append(t, user, letter(i))
	}
	maildir, backup := h.dovecot.Maildir(user), filepath.Join(t.TempDir(), "backup")
	h.copy(maildir, backup)
	for i := range 2 {
		h.dovecot.Append(t, user, letter(3+i))
	}
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 5 || h.cursor().LastUID != 5 {
		t.Fatalf("%+v, cursor %+v", c, h.cursor())
	}
	h.must(os.RemoveAll(maildir))
	h.copy(backup, maildir)
	return h
}

// copy copies a directory with its owners.
func (h *house) copy(from, to string) {
	h.t.Helper()
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		h.t.Fatalf("copy %s: %v\n%s", from, err, out)
	}
}

// TestAnOlderBackupOfTheServer: whatever UIDs the mails get that come after the
// backup was put back, they are filed, and what is gone from the server stays.
func TestAnOlderBackupOfTheServer(t *testing.T) {
	for name, more := range map[string]int{
		"whose next UID is below ours":        1,
		"whose next UID is again the same":    2,
		"whose next UID has passed ours":      3,
		"whose next UID is far beyond by now": 20,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := restored(t)
			for i := range more {
				h.dovecot.Append(t, user, letter(10+i))
			}
			old := h.cursor()
			if c := h.once(h.poller(h.config(), nil)); c.Filed != more || c.Known != 3 {
				t.Errorf("%+v, and %d mails are new", c, more)
			}
			h.holdsAll(5 + more)
			if c := h.once(h.poller(h.config(), nil)); c.Filed+c.Known != 0 || h.cursor().UIDValidity != old.UIDValidity {
				t.Errorf("once more: %+v, cursor %+v, before %+v", c, h.cursor(), old)
			}
		})
	}
}

func TestAnOlderBackupOfTheServerWithNewUIDs(t *testing.T) {
	h := restored(t)
	maildir := h.dovecot.Maildir(user)
	for _, index := range []string{"dovecot.index", "dovecot.index.log", "dovecot.index.cache"} {
		h.must(os.RemoveAll(filepath.Join(maildir, index)))
	}
	list := fmt.Sprintf("3 V%d N1\n", h.cursor().UIDValidity+7)
	h.must(os.WriteFile(filepath.Join(maildir, "dovecot-uidlist"), []byte(list), 0o600))
	for i := range 3 {
		h.dovecot.Append(t, user, letter(10+i))
	}
	old := h.cursor()
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 3 || c.Known != 3 || h.cursor().UIDValidity != old.UIDValidity+7 {
		t.Errorf("%+v, cursor %+v, before %+v", c, h.cursor(), old)
	}
	h.holdsAll(8)
}

func TestAServerThatGoesBackWhileItIsDown(t *testing.T) {
	h := restored(t)
	h.dovecot.Stop()
	p := h.poller(h.config(), nil)
	h.run(p)
	h.until("the trouble shows", func() bool { return p.Status().Trouble != "" })
	h.dovecot.Start(t)
	for i := range 3 {
		h.dovecot.Append(t, user, letter(10+i))
	}
	h.until("the new mail is filed", func() bool { return h.has(letter(10)) && h.has(letter(11)) && h.has(letter(12)) })
	h.holdsAll(8)
}

// TestWhatIsNoSignOfAnOlderBackup: what was not filed by us says nothing about
// the server, nor does a server that changes the bytes of a mail.
func TestWhatIsNoSignOfAnOlderBackup(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3))
	h := archive(t)
	change := func(c *ingest.PollerConfig) { c.Start = ingest.Start{} }
	h.once(h.poller(s.config(), change)) // begins after these three
	s.change(func() { s.mails[4] = letter(4) })
	h.once(h.poller(s.config(), change))
	s.change(func() { s.mails[4] = append([]byte("X-Anew: 1\r\n"), letter(4)...) })
	if c := h.once(h.poller(s.config(), change)); c != (ingest.Counts{}) {
		t.Errorf("other bytes of the same mail: %+v", c)
	}
	s.change(func() { delete(s.mails, 4); s.uidNext = 5 })
	if c := h.once(h.poller(s.config(), change)); c != (ingest.Counts{}) || h.messages() != 1 {
		t.Errorf("only mail from before the first visit: %+v, %d mails", c, h.messages())
	}
}

// holdsAll reports that the archive has n mails and all that the server has.
func (h *house) holdsAll(n int) {
	h.t.Helper()
	for i, raw := range h.dovecot.Inbox(h.t, user) {
		if !h.has(raw) {
			h.t.Errorf("mail %d of the server is not in the archive", i+1)
		}
	}
	if got := h.messages(); got != n {
		h.t.Errorf("the archive has %d mails, want %d", got, n)
	}
	h.t.Log(h.account())
	h.whole()
}

// TestOtherProgramsMeanwhile: somebody reads, moves and deletes mail while it is
// fetched and filed.
func TestOtherProgramsMeanwhile(t *testing.T) {
	h := newHouse(t)
	h.client(func(c *imapclient.Client) error { return c.Create("Elsewhere", nil).Wait() })
	p := h.poller(h.config(), after("seen"))
	stop := h.run(p)
	h.until("the mailbox is watched", func() bool { return p.Status().State == "idle" })
	var sent [][]byte
	for i := range 60 {
		sent = append(sent, letter(i))
		h.dovecot.Append(t, user, letter(i))
		uid := goimap.UID(i + 1)
		switch i % 6 {
		case 1:
			h.client(mark(goimap.FlagSeen, uid))
		case 3: // seen by us or not, it is moved
			h.client(func(c *imapclient.Client) error {
				_, err := c.Move(goimap.UIDSetNum(uid), "Elsewhere").Wait()
				return err
			})
		case 5:
			h.client(remove(uid))
		}
	}
	left := h.dovecot.Inbox(t, user)
	h.until("what is left is filed", func() bool {
		for _, raw := range left {
			if !h.has(raw) {
				return false
			}
		}
		return true
	})
	h.until("and marked", func() bool { return len(h.folder("INBOX", "UNSEEN")) == 0 })
	stop()
	filed := 0
	for _, raw := range sent {
		if h.has(raw) {
			filed++
		}
	}
	if n := h.messages(); n != filed || p.Status().Counts.Aside != 0 {
		t.Errorf("the archive has %d mails, of those sent %d, status %+v", n, filed, p.Status())
	}
	t.Logf("%d of %d mails were filed, %d are left", filed, len(sent), len(left))
}
