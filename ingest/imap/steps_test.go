package imap_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// What a server may lack. Dovecot only hides it: it does not tell anybody.
const (
	withoutMove    = "imap_capability = IMAP4rev1 IDLE ID UIDPLUS ESEARCH LITERAL+"
	withoutUIDPlus = "imap_capability = IMAP4rev1"
)

// TestKilledAtEachStep kills the reader of a mailbox at every step of fetch,
// file, commit and folder policy. Started again, it has each mail once, with
// all its bytes, and so has the server.
func TestKilledAtEachStep(t *testing.T) {
	always := []step{
		{Name: "before the folder is opened", Sending: "INBOX"},
		{Name: "before new mail is looked for", Sending: "UID SEARCH"},
		{Name: "before mails are fetched", Sending: "BODY.PEEK[]"},
		{Name: "inside of a mail", Answer: "BODY.PEEK[]"},
		{Name: "while a mail is read", Archive: "reading"},
		{Name: "before the transaction", Archive: "before"},
		{Name: "inside of the transaction", Archive: "inside"},
		{Name: "while the commit is written", Archive: "writing"},
		{Name: "after the commit", Archive: "after"},
	}
	for _, c := range []struct {
		policy, server string
		postgres       bool
		steps          []step
	}{
		{"keep", "", false, append(always, step{Name: "before the end", Sending: "LOGOUT"})},
		{"move Filed", "", true, []step{
			{Name: "while a mail is read", Archive: "reading"},
			{Name: "before the transaction", Archive: "before"},
			{Name: "inside of the transaction", Archive: "inside"},
			{Name: "after the commit", Archive: "after"},
		}},
		{"seen", "", false, []step{
			{Name: "after the commit", Archive: "after"},
			{Name: "before mails are marked", Sending: "+FLAGS.SILENT (\\Seen)"},
			{Name: "after mails are marked", Answer: "+FLAGS.SILENT (\\Seen)"},
		}},
		{"move Filed", "", false, []step{
			{Name: "after the folder is made", Answer: "CREATE"},
			{Name: "after the commit", Archive: "after"},
			{Name: "before the move", Sending: "UID MOVE"},
			{Name: "after the move", Answer: "UID MOVE"},
		}},
		{"move Filed", withoutMove, false, []step{
			{Name: "after the folder is made", Answer: "CREATE"},
			{Name: "after the commit", Archive: "after"},
			{Name: "before the copy", Sending: "UID COPY"},
			{Name: "after the copy", Answer: "UID COPY"},
			{Name: "before the mark", Sending: "+FLAGS.SILENT (\\Deleted)"},
			{Name: "after the mark", Answer: "+FLAGS.SILENT (\\Deleted)"},
			{Name: "before the removal", Sending: "UID EXPUNGE"},
			{Name: "after the removal", Answer: "UID EXPUNGE"},
		}},
		{"move Filed", withoutUIDPlus, false, []step{
			{Name: "after the folder is made", Answer: "CREATE"},
			{Name: "after the copy", Answer: "UID COPY"},
			{Name: "before the mark", Sending: "+FLAGS.SILENT (\\Deleted)"},
			{Name: "after the mark", Answer: "+FLAGS.SILENT (\\Deleted)"},
			{Name: "before the end", Sending: "LOGOUT"},
		}},
	} {
		t.Run(fmt.Sprintf("%s, %s, PostgreSQL %t", c.policy, c.server, c.postgres), func(t *testing.T) {
			t.Parallel()
			k := &killing{house: newHouse(t, c.server), policy: c.policy}
			if c.postgres {
				k.inPostgres()
			}
			for _, s := range c.steps {
				k.killAt(s)
				k.recover(s)
			}
			k.whole()
		})
	}
}

// killing is a mailbox whose reader is killed again and again.
type killing struct {
	*house
	policy string
	sent   [][]byte
}

// killAt sends three mails and lets a process die while it reads them.
func (k *killing) killAt(s step) {
	k.t.Helper()
	for range 3 {
		raw := withAttachment(letter(len(k.sent)))
		k.dovecot.Append(k.t, user, raw)
		k.sent = append(k.sent, raw)
	}
	if s.Archive == "inside" {
		defer k.stall()()
	}
	config, err := json.Marshal(child{Archive: k.url, Server: k.dovecot.Addr, After: k.policy, Step: s})
	k.must(err)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // which is not what is awaited
	cmd.Env = append(os.Environ(), childConfig+"="+string(config))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		k.t.Errorf("%s: the step was not reached: %v\n%s", s.Name, err, out)
	}
	k.equal(s.Name)
}

// recover reads the mailbox once more; then everything is as if nobody had died.
func (k *killing) recover(s step) {
	k.t.Helper()
	k.once(k.poller(plainConfig(k.dovecot.Addr), after(k.policy)))
	for i, raw := range k.sent {
		if !k.has(raw) {
			k.t.Errorf("%s: mail %d is not in the archive", s.Name, i)
		}
	}
	if n := k.messages(); n != len(k.sent) {
		k.t.Errorf("%s: the archive has %d mails of %d", s.Name, n, len(k.sent))
	}
	uids, err := k.store.FiledUIDs(context.Background(), "box", k.cursor().UIDValidity)
	k.must(err)
	if len(uids) != len(k.sent) {
		k.t.Errorf("%s: the archive knows the places of %d mails of %d", s.Name, len(uids), len(k.sent))
	}
	var filed [][]byte
	switch k.policy {
	case "keep":
		filed = k.folder("INBOX", "UNSEEN")
	case "seen":
		filed = k.folder("INBOX", "SEEN")
	default:
		filed = k.folder("Filed", "ALL")
		if left := k.folder("INBOX", "UNDELETED"); len(left) != 0 {
			k.t.Errorf("%s: %d mails were not moved", s.Name, len(left))
		}
	}
	if !same(filed, k.sent) {
		k.t.Errorf("%s: of %d mails the server has %d", s.Name, len(k.sent), len(filed))
	}
}

// folder reads the mails of a folder that are in a certain state.
func (h *house) folder(name, state string) (raws [][]byte) {
	h.t.Helper()
	criteria := map[string]*goimap.SearchCriteria{
		"ALL":       {},
		"UNDELETED": {NotFlag: []goimap.Flag{goimap.FlagDeleted}},
		"SEEN":      {Flag: []goimap.Flag{goimap.FlagSeen}},
		"UNSEEN":    {NotFlag: []goimap.Flag{goimap.FlagSeen}},
	}[state]
	h.client(func(c *imapclient.Client) error {
		if _, err := c.Select(name, &goimap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			return err
		}
		found, err := c.UIDSearch(criteria, nil).Wait()
		if err != nil || len(found.AllUIDs()) == 0 {
			return err
		}
		body := &goimap.FetchItemBodySection{Peek: true}
		mails, err := c.Fetch(found.All.(goimap.UIDSet), &goimap.FetchOptions{BodySection: []*goimap.FetchItemBodySection{body}}).Collect()
		for _, m := range mails {
			raws = append(raws, m.FindBodySection(body))
		}
		return err
	})
	return raws
}

// same reports whether there are the same mails, each as often, in any order.
func same(a, b [][]byte) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, slices.Compare)
	slices.SortFunc(b, slices.Compare)
	return slices.EqualFunc(a, b, slices.Equal)
}

// sql changes the archive's database past the store.
func (h *house) sql(statement string) {
	h.t.Helper()
	driver, source := "sqlite3", "file:"+strings.TrimPrefix(h.url, "sqlite:")+"?_busy_timeout=10000"
	if strings.HasPrefix(h.url, "postgres") {
		driver, source = "pgx", h.url
	}
	db, err := sql.Open(driver, source)
	h.must(err)
	defer db.Close()
	_, err = db.Exec(statement)
	h.must(err)
}

// withAttachment makes a mail so large, past compression, that it comes in
// several pieces and that its commit is written in several.
func withAttachment(raw []byte) []byte {
	noise := make([]byte, 60_000)
	rand.Read(noise)
	header, text, _ := strings.Cut(string(raw), "\r\n\r\n")
	code := base64.StdEncoding.EncodeToString(noise)
	var b strings.Builder
	b.WriteString(header + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + text +
		"\r\n--b\r\nContent-Type: application/octet-stream; name=plan.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for len(code) > 0 {
		n := min(76, len(code))
		b.WriteString(code[:n] + "\r\n")
		code = code[n:]
	}
	b.WriteString("--b--\r\n")
	return []byte(b.String())
}
