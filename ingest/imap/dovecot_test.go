package imap_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
	"rapport/ingest/imap"
	"rapport/internal/servers"
	"rapport/store"
	"rapport/threads"
)

const user = "projects@us.example"

// house is a mailbox on a real server, and an archive.
type house struct {
	t        testing.TB
	dovecot  *servers.Dovecot
	store    *store.Store
	pipeline *ingest.Pipeline
	url      string // of the archive
	log      *slog.Logger
}

// newHouse has a Dovecot with these further settings.
func newHouse(t testing.TB, settings ...string) *house {
	t.Helper()
	h := archive(t)
	h.dovecot = servers.StartDovecot(t, settings...)
	h.dovecot.AddUser(t, user, "sécret")
	return h
}

// archive is a house without a mail server.
func archive(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	h.open("sqlite:"+filepath.Join(t.TempDir(), "rapport.db"), nil)
	t.Cleanup(func() { h.store.Close() })
	return h
}

// inPostgres puts another archive in the place of the house's.
func (h *house) inPostgres() {
	h.t.Helper()
	h.must(h.store.Close())
	h.open(servers.Postgres(h.t), nil)
}

// open opens the archive at an address; wrap, if there is one, stands before it.
func (h *house) open(url string, wrap func(ingest.Archive) ingest.Archive) {
	h.url = url
	var err error
	h.store, err = store.Open(context.Background(), store.Config{URL: url})
	h.must(err)
	directory := threads.NewDirectory([]threads.Project{{Key: "ACME", Name: "Site", Client: "Acme", Domains: []string{"acme.example"}}}, nil, []string{user})
	var mails ingest.Archive = h.store
	if wrap != nil {
		mails = wrap(mails)
	}
	h.pipeline, err = ingest.NewPipeline(ingest.PipelineConfig{Archive: mails, Directory: func() *threads.Directory { return directory }})
	h.must(err)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// config is the way to the house's mailbox.
func (h *house) config() imap.Config {
	return imap.Config{Address: h.dovecot.TLSAddr, RootCAs: h.dovecot.Pool, Username: user, Timeout: 20 * time.Second,
		Password: func(context.Context) (string, error) { return "sécret", nil }}
}

// poller reads the mailbox with little patience after trouble.
func (h *house) poller(c imap.Config, change func(*ingest.PollerConfig)) *ingest.Poller {
	h.t.Helper()
	box, err := imap.New(c)
	h.must(err)
	pc := ingest.PollerConfig{Name: "box", Mailbox: box, Pipeline: h.pipeline, Cursors: h.store, Owner: "test",
		Start: ingest.Start{All: true}, MinWait: 5 * time.Millisecond, MaxWait: 50 * time.Millisecond, Retry: 10 * time.Millisecond, Log: h.log}
	if change != nil {
		change(&pc)
	}
	p, err := ingest.NewPoller(pc)
	h.must(err)
	return p
}

// once reads what is there.
func (h *house) once(p *ingest.Poller) ingest.Counts {
	h.t.Helper()
	counts, err := p.Once(context.Background())
	h.must(err)
	return counts
}

// run lets the poller run until the test ends or stop is called.
func (h *house) run(p *ingest.Poller) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Run(ctx)
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	h.t.Cleanup(stop)
	return stop
}

// until waits for a condition; a working test waits for milliseconds.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	h.t.Fatalf("waited in vain for: %s", what)
}

// has reports whether the archive has exactly these bytes.
func (h *house) has(raw []byte) bool {
	h.t.Helper()
	sum := sha256.Sum256(raw)
	id, ok, err := h.store.HasRaw(context.Background(), hex.EncodeToString(sum[:]))
	h.must(err)
	if !ok {
		return false
	}
	got, err := h.store.Raw(context.Background(), id)
	h.must(err)
	return string(got) == string(raw)
}

// complete reports that the archive has what the server has, each byte, and
// nothing twice.
func (h *house) complete() {
	h.t.Helper()
	mails := h.dovecot.Inbox(h.t, user)
	different := map[string]bool{}
	for i, raw := range mails {
		different[string(raw)] = true
		if !h.has(raw) {
			h.t.Errorf("mail %d of the server is not in the archive", i+1)
		}
	}
	if n := h.messages(); n != len(different) {
		h.t.Errorf("the archive has %d mails, the server %d", n, len(different))
	}
}

// messages counts the mails in the archive.
func (h *house) messages() int {
	h.t.Helper()
	n := 0
	all, err := h.store.Threads(context.Background(), threads.ThreadQuery{Project: "ACME", Limit: 100_000})
	h.must(err)
	for _, th := range all {
		n += th.Messages
	}
	tray, err := h.store.Tray(context.Background(), 100_000)
	h.must(err)
	return n + len(tray)
}

func (h *house) cursor() threads.Cursor {
	h.t.Helper()
	all, err := h.store.Mailboxes(context.Background())
	h.must(err)
	if len(all) != 1 {
		h.t.Fatalf("%d mailboxes", len(all))
	}
	return all[0]
}

func letter(n int) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf("From: Ann <ann@acme.example>\nTo: %s\nSubject: Note %d\nMessage-ID: <note-%d@acme.example>\n"+
		"Date: Mon, 02 Nov 2026 09:00:00 +0000\n\nPlease change page %d.\n", user, n, n, n), "\n", "\r\n"))
}

func TestAMailboxIsReadOnce(t *testing.T) {
	h := newHouse(t)
	for i := range 120 {
		h.dovecot.Append(t, user, letter(i))
	}
	p := h.poller(h.config(), nil)
	if c := h.once(p); c.Filed != 120 || c.Known != 0 || c.Aside != 0 || c.Tray != 0 {
		t.Errorf("first: %+v", c)
	}
	if c := h.once(p); c != (ingest.Counts{}) {
		t.Errorf("again: %+v", c)
	}
	if c := h.once(h.poller(h.config(), nil)); c != (ingest.Counts{}) {
		t.Errorf("after a restart: %+v", c)
	}
	h.complete()
	if s := p.Status(); s.State != "stopped" || s.Trouble != "" || s.Seen.IsZero() {
		t.Errorf("status %+v", s)
	}
}

func TestTheServersRestartIsSurvived(t *testing.T) {
	h := newHouse(t)
	h.dovecot.Append(t, user, letter(1))
	p := h.poller(h.config(), nil)
	h.run(p)
	h.until("the first mail", func() bool { return h.has(letter(1)) })
	h.dovecot.Stop()
	h.until("the trouble shows", func() bool { return p.Status().Trouble != "" })
	h.dovecot.Start(t)
	h.dovecot.Append(t, user, letter(2))
	h.until("the second mail", func() bool { return h.has(letter(2)) })
	h.until("the trouble is over", func() bool { return p.Status().Trouble == "" })
}

// client does something to the mailbox as another mail program does.
func (h *house) client(do func(*imapclient.Client) error) {
	h.t.Helper()
	c := h.dovecot.Login(h.t, user)
	defer c.Close()
	_, err := c.Select("INBOX", nil).Wait()
	h.must(err)
	h.must(do(c))
}

func mark(flag goimap.Flag, uids ...goimap.UID) func(*imapclient.Client) error {
	return func(c *imapclient.Client) error {
		return c.Store(goimap.UIDSetNum(uids...), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{flag}}, nil).Close()
	}
}

// remove deletes mails as another mail program does.
func remove(uids ...goimap.UID) func(*imapclient.Client) error {
	return func(c *imapclient.Client) error {
		if err := mark(goimap.FlagDeleted, uids...)(c); err != nil {
			return err
		}
		return c.Expunge().Close()
	}
}

func TestWhatOtherProgramsDoLosesNothing(t *testing.T) {
	h := newHouse(t)
	for i := range 6 {
		h.dovecot.Append(t, user, letter(i))
	}
	h.client(mark(goimap.FlagSeen, 1, 2, 3)) // read before we come
	h.client(remove(4))
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 5 {
		t.Errorf("filed %+v", c)
	}
	h.client(remove(1, 6)) // deleted after we came
	h.dovecot.Append(t, user, letter(7))
	h.client(mark(goimap.FlagSeen, 7))
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 1 || h.messages() != 6 {
		t.Errorf("filed %+v, %d in all", c, h.messages())
	}
}

func TestStart(t *testing.T) {
	h := newHouse(t)
	c := h.dovecot.Login(t, user)
	for i, day := range []int{1, 10, 20} {
		cmd := c.Append("INBOX", int64(len(letter(i))), &goimap.AppendOptions{Time: time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC)})
		cmd.Write(letter(i))
		cmd.Close()
		_, err := cmd.Wait()
		h.must(err)
	}
	c.Close()
	for name, want := range map[string]struct {
		start ingest.Start
		n     int
	}{
		"now":   {ingest.Start{}, 0},
		"day":   {ingest.Start{Since: time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)}, 2},
		"later": {ingest.Start{Since: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}, 0},
		"all":   {ingest.Start{All: true}, 3},
	} {
		p := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Name, c.Start = name, want.start })
		if c := h.once(p); c.Filed+c.Known != want.n {
			t.Errorf("start %s: %+v, want %d", name, c, want.n)
		}
	}
	h.dovecot.Append(t, user, letter(9))
	p := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Name = "now" })
	if c := h.once(p); c.Filed != 1 {
		t.Errorf("after start now: %+v", c)
	}
}

func TestTheFolderPolicyIsAppliedAfterFiling(t *testing.T) {
	for _, c := range []struct {
		after        string
		left, unseen int
	}{{"keep", 3, 3}, {"seen", 3, 0}, {"move Filed Größe", 0, 0}} {
		t.Run(c.after, func(t *testing.T) {
			h := newHouse(t)
			for i := range 3 {
				h.dovecot.Append(t, user, letter(i))
			}
			got := h.once(h.poller(h.config(), func(pc *ingest.PollerConfig) { pc.After = c.after }))
			if got.Filed != 3 {
				t.Errorf("filed %+v", got)
			}
			h.client(func(client *imapclient.Client) error {
				all, err := client.UIDSearch(&goimap.SearchCriteria{}, nil).Wait()
				h.must(err)
				if n := len(all.AllUIDs()); n != c.left {
					t.Errorf("%d mails are left, want %d", n, c.left)
				}
				unseen, err := client.UIDSearch(&goimap.SearchCriteria{NotFlag: []goimap.Flag{goimap.FlagSeen}}, nil).Wait()
				if err == nil && len(unseen.AllUIDs()) != c.unseen {
					t.Errorf("%d mails are unseen, want %d", len(unseen.AllUIDs()), c.unseen)
				}
				return err
			})
		})
	}
}

func TestWhatWasMovedBeforeIsNotMovedAgain(t *testing.T) {
	h := newHouse(t, withoutUIDPlus) // so it stays in the INBOX, marked as deleted
	for i := range 2 {
		h.dovecot.Append(t, user, letter(i))
	}
	h.once(h.poller(plainConfig(h.dovecot.Addr), after("move Filed")))
	if moved := h.folder("Filed", "ALL"); !same(moved, [][]byte{letter(0), letter(1)}) {
		t.Fatalf("moved: %q", moved)
	}
	h.client(func(c *imapclient.Client) error { return c.Rename("Filed", "Done", nil).Wait() })
	h.dovecot.Append(t, user, letter(2))
	h.once(h.poller(plainConfig(h.dovecot.Addr), after("move Filed")))
	if moved := h.folder("Filed", "ALL"); !same(moved, [][]byte{letter(2)}) {
		t.Errorf("then moved: %q", moved)
	}
}

func TestWaysToConnect(t *testing.T) {
	h := newHouse(t)
	h.dovecot.Append(t, user, letter(1))
	for name, change := range map[string]func(*imap.Config){
		"TLS":      func(*imap.Config) {},
		"STARTTLS": func(c *imap.Config) { c.Address, c.TLS = h.dovecot.Addr, imap.STARTTLS },
		"plain":    func(c *imap.Config) { c.Address, c.TLS, c.AllowPlaintext = h.dovecot.Addr, imap.None, true },
	} {
		c := h.config()
		change(&c)
		p := h.poller(c, func(pc *ingest.PollerConfig) { pc.Name = name })
		if got := h.once(p); got.Filed+got.Known != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	c := h.config()
	c.Address, c.TLS = h.dovecot.Addr, imap.None
	if _, err := imap.New(c); err == nil {
		t.Error("a plain login is possible though nobody allowed it")
	}
	c = h.config()
	c.RootCAs = nil
	if _, err := h.poller(c, nil).Once(context.Background()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody knows: %v", err)
	}
}

func TestAWrongPasswordThenTheRightOne(t *testing.T) {
	h := newHouse(t)
	h.dovecot.Append(t, user, letter(1))
	var mu sync.Mutex
	password := "wrong"
	c := h.config()
	c.Password = func(context.Context) (string, error) { mu.Lock(); defer mu.Unlock(); return password, nil }
	if _, err := h.poller(c, nil).Once(context.Background()); !errors.Is(err, ingest.ErrLogin) {
		t.Errorf("a wrong password: %v", err)
	}
	p := h.poller(c, nil)
	h.run(p)
	h.until("the trouble shows", func() bool {
		return strings.Contains(p.Status().Trouble, "check the user name and the password in the configuration. Next attempt in")
	})
	mu.Lock()
	password = "sécret"
	mu.Unlock()
	h.until("the mail is filed", func() bool { return h.has(letter(1)) })
	h.until("the trouble is over", func() bool { s := p.Status(); return s.Trouble == "" && s.State == "idle" })
	if c := p.Status().Counts; c.Filed != 1 {
		t.Errorf("%+v", c)
	}
}

// TestFolderNames: people see names in their own script, with an ampersand;
// Dovecot keeps them in modified UTF-7 (RFC 3501 section 5.1.3).
func TestFolderNames(t *testing.T) {
	for people, server := range map[string]string{
		"客户来信":           "&W6JiN2dlT+E-",
		"R&D/Größe & 价格": "R&-D.Gr&APYA3w-e &- &TvdoPA-",
		"Postausgang 😀":  "Postausgang &2D3eAA-",
	} {
		t.Run(people, func(t *testing.T) {
			h := newHouse(t, "namespace inbox {\n  separator = /\n}")
			from, to := people, people+" abgelegt"
			h.client(func(c *imapclient.Client) error {
				if err := c.Create(from, nil).Wait(); err != nil {
					return err
				}
				return put(c, from, letter(1))
			})
			if _, err := os.Stat(filepath.Join(h.dovecot.Maildir(user), "."+server)); err != nil {
				t.Errorf("the folder lies elsewhere: %v", err)
			}
			c := h.config()
			c.Folder = from
			if counts := h.once(h.poller(c, after("move "+to))); counts.Filed != 1 {
				t.Errorf("%+v", counts)
			}
			if moved := h.folder(to, "ALL"); !same(moved, [][]byte{letter(1)}) || len(h.folder(from, "ALL")) != 0 {
				t.Errorf("moved: %q", moved)
			}
		})
	}
}
