package imap

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/store"
	"rapport/threads"
)

// The store is what folders are made of in earnest.
var _ Archive = (*store.Store)(nil)

// world is an archive with a server in front of it.
type world struct {
	t       *testing.T
	store   *store.Store
	address string
	ended   atomic.Bool   // the reader's access
	left    chan struct{} // has one for each reader who left
	notes   chan string   // what readers asked for
	from    chan string   // where logins came from
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, left: make(chan struct{}, 100), notes: make(chan string, 1000), from: make(chan string, 100)}
	var err error
	if w.store, err = store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "rapport.db")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	s, err := New(Config{Archive: w.store, Login: func(_ context.Context, name, password, from string) (Reader, error) {
		w.from <- from
		if name != "ruth" || password != "secret" {
			return Reader{}, errors.New("login or password is wrong")
		}
		scope := threads.Scope{Projects: []string{"ACME", "TEA"}, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		return Reader{Login: name, Projects: scope.Projects, Scope: scope, Mails: w.store.Within(scope),
			Still: func(context.Context) error {
				if w.ended.Load() {
					return threads.ErrNotFound
				}
				return nil
			}, Leave: func() { w.left <- struct{}{} },
			Note: func(_ context.Context, what threads.EntryType, detail string) error {
				w.notes <- string(what) + " " + detail
				return nil
			}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = l.Addr().String()
	done := make(chan struct{})
	go func() { s.Serve(l); close(done) }()
	t.Cleanup(func() { s.Close(); <-done })
	return w
}

// file archives a mail.
func (w *world) file(project string, direction threads.Direction, received time.Time, raw string) string {
	w.t.Helper()
	subject, _, _ := strings.Cut(strings.TrimPrefix(raw, "Subject: "), "\r\n")
	_, text, _ := strings.Cut(raw, "\r\n\r\n")
	filed, err := w.store.File(w.t.Context(), nil, []threads.Filing{{Raw: []byte(raw), Source: "test", Message: threads.Message{
		Project: project, Direction: direction, RawSHA: sum(raw), Size: int64(len(raw)), MessageID: sum(raw)[:10] + "@x",
		From: threads.Address{Name: "Ann", Address: "ann@acme.example"}, Subject: subject, Text: text, Received: received, Date: received,
	}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return filed[0].Message
}

func sum(raw string) string {
	s := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(s[:])
}

func (w *world) connect() *imapclient.Client {
	w.t.Helper()
	c, err := imapclient.DialInsecure(w.address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	return c
}

func (w *world) login() *imapclient.Client {
	w.t.Helper()
	c := w.connect()
	if err := c.Login("ruth", "secret").Wait(); err != nil {
		w.t.Fatal(err)
	}
	return c
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	plain  = "Subject: =?utf-8?q?Caf=C3=A9?=\r\nTo: projects@northlight.example\r\n\r\nThe label printer is broken.\r\n"
	broken = "Subject: no end\r\nthis line is no field\r\n\xff\xfe raw \x00 bytes"
	letter = "Subject: Weekly report\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nAll is well.\r\n--b\r\nContent-Type: text/csv\r\n\r\na,b\r\n--b--\r\n"
)

func (w *world) fill() {
	w.file("ACME", threads.In, noon.AddDate(-1, 0, 0), "Subject: before the time\r\n\r\nOld.")
	w.file("ACME", threads.In, noon, plain)
	w.file("ACME", threads.In, noon.AddDate(0, 0, 1), broken)
	w.file("ACME", threads.Out, noon.AddDate(0, 0, 2), letter)
	w.file("SECRET", threads.In, noon, "Subject: another client\r\n\r\nNothing for Ruth.")
	w.file("", threads.In, noon, "Subject: tray\r\n\r\nNothing for Ruth.")
}

func TestFoldersAreTheReadersProjects(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	list, err := c.List("", "*", &goimap.ListOptions{ReturnStatus: &goimap.StatusOptions{NumMessages: true}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, l := range list {
		said += fmt.Sprintf("%s:%d ", l.Mailbox, *l.Status.NumMessages)
	}
	if want := "INBOX:0 ACME:3 ACME/Received:2 ACME/Sent:1 TEA:0 TEA/Received:0 TEA/Sent:0 "; said != want {
		t.Errorf("the folders are %q, want %q", said, want)
	}
	for _, name := range []string{"SECRET", "SECRET/Received", "nothing", "ACME/", "../ACME"} {
		if _, err := c.Select(name, nil).Wait(); err == nil {
			t.Errorf("%q can be opened", name)
		}
		if _, err := c.Status(name, &goimap.StatusOptions{NumMessages: true}).Wait(); err == nil {
			t.Errorf("%q has a status", name)
		}
	}
}

func TestMailsComeWithTheirExactBytes(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	for folder, want := range map[string][]string{"ACME": {plain, broken, letter}, "ACME/Received": {plain, broken}, "ACME/Sent": {letter}} {
		if _, err := c.Select(folder, nil).Wait(); err != nil {
			t.Fatal(err)
		}
		whole, head, part := &goimap.FetchItemBodySection{}, &goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader},
			&goimap.FetchItemBodySection{Partial: &goimap.SectionPartial{Offset: 5, Size: 10}}
		got, err := c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true, Envelope: true,
			BodyStructure: &goimap.FetchItemBodyStructure{}, BodySection: []*goimap.FetchItemBodySection{whole, head, part}}).Collect()
		if err != nil {
			t.Fatalf("%s: %v", folder, err)
		}
		if len(got) != len(want) {
			t.Fatalf("%s has %d mails, want %d", folder, len(got), len(want))
		}
		for i, m := range got {
			raw := m.FindBodySection(whole)
			if string(raw) != want[i] || m.RFC822Size != int64(len(want[i])) || m.InternalDate.Before(noon) {
				t.Errorf("%s: mail %d of %d bytes is %q", folder, i, m.RFC822Size, raw)
			}
			if h := m.FindBodySection(head); !bytes.HasPrefix(raw, h) || len(h) == 0 {
				t.Errorf("%s: its header is %q", folder, h)
			}
			if p := m.FindBodySection(part); string(p) != want[i][5:15] {
				t.Errorf("%s: a part of it is %q", folder, p)
			}
			if m.Envelope == nil || m.BodyStructure == nil {
				t.Errorf("%s: mail %d has no envelope or structure", folder, i)
			}
		}
	}
}

func TestNothingCanBeChanged(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	all := goimap.SeqSet{{Start: 1, Stop: 0}}
	for name, err := range map[string]error{
		"STORE":  c.Store(all, &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}, nil).Close(),
		"COPY":   func() error { _, err := c.Copy(all, "TEA").Wait(); return err }(),
		"CREATE": c.Create("NEW", nil).Wait(),
		"DELETE": c.Delete("ACME").Wait(),
		"RENAME": c.Rename("ACME", "OTHER", nil).Wait(),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := c.Expunge().Close(); err != nil {
		t.Error(err)
	}
	if err := c.UnselectAndExpunge().Wait(); err != nil {
		t.Errorf("CLOSE: %v", err)
	}
	d, err := c.Status("ACME", &goimap.StatusOptions{NumMessages: true}).Wait()
	if err != nil || *d.NumMessages != 3 {
		t.Errorf("afterwards there are %v mails, %v", d, err)
	}
	if said := w.say("a LOGIN ruth secret", "b APPEND ACME {5}"); !strings.Contains(said, "b NO") {
		t.Errorf("APPEND: %s", said)
	}
}

// Every folder is opened for reading only, and a mail that has the words of that
// answer in it keeps them.
func TestFoldersAreReadOnly(t *testing.T) {
	w := newWorld(t)
	w.fill()
	words := "x OK [READ-WRITE] SELECT completed"
	w.file("TEA", threads.In, noon, "Subject: odd\r\n\r\n"+words+"\r\n")
	said := w.say("a LOGIN ruth secret", "b SELECT ACME", "c EXAMINE ACME/Sent", strings.Repeat("d", 300)+" SELECT TEA", "e FETCH 1 BODY[]")
	for _, line := range []string{"\nb OK [READ-ONLY] ", "\nc OK [READ-ONLY] ", "d OK [READ-ONLY] ", "\n" + words + "\n"} {
		if !strings.Contains(said, line) {
			t.Errorf("%q is not said; said is %s", line, said)
		}
	}
	if strings.Count(said, "READ-WRITE") != 1 {
		t.Errorf("a folder can be written to: %s", said)
	}
}

// say sends commands as they stand and returns what is answered until the
// last one's tag.
func (w *world) say(commands ...string) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, 64<<20)
	var all strings.Builder
	for _, c := range commands {
		fmt.Fprintf(conn, "%s\r\n", c)
		tag, _, _ := strings.Cut(c, " ")
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
			if strings.HasPrefix(lines.Text(), tag+" ") {
				break
			}
		}
	}
	return all.String()
}

func TestSearching(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]struct {
		criteria goimap.SearchCriteria
		want     string
	}{
		"all":          {goimap.SearchCriteria{}, "1 2 3"},
		"a word":       {goimap.SearchCriteria{Body: []string{"LABEL printer"}}, "1"},
		"a subject":    {goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: "Subject", Value: "café"}}}, "1"},
		"a field":      {goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: "Content-Type"}}}, "3"},
		"any text":     {goimap.SearchCriteria{Text: []string{"projects@northlight"}}, "1"},
		"a day":        {goimap.SearchCriteria{Since: noon.AddDate(0, 0, 1)}, "2 3"},
		"before":       {goimap.SearchCriteria{SentBefore: noon.AddDate(0, 0, 1).Truncate(24 * time.Hour)}, "1"},
		"large":        {goimap.SearchCriteria{Larger: int64(len(plain))}, "3"},
		"not seen":     {goimap.SearchCriteria{NotFlag: []goimap.Flag{goimap.FlagSeen}}, ""},
		"not":          {goimap.SearchCriteria{Not: []goimap.SearchCriteria{{Body: []string{"printer"}}}}, "2 3"},
		"or":           {goimap.SearchCriteria{Or: [][2]goimap.SearchCriteria{{{Body: []string{"printer"}}, {Body: []string{"well"}}}}}, "1 3"},
		"the last one": {goimap.SearchCriteria{SeqNum: []goimap.SeqSet{{{Start: 0, Stop: 0}}}}, "3"},
	} {
		got, err := c.Search(&q.criteria, nil).Wait()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if said := strings.Trim(fmt.Sprint(got.AllSeqNums()), "[]"); said != q.want {
			t.Errorf("%s: %q, want %q", name, said, q.want)
		}
	}
}

// What comes and goes while a client is there is told to it.
func TestNewsOfAFolder(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	id := w.file("ACME", threads.In, noon.AddDate(0, 0, 3), "Subject: new\r\n\r\nNew.")
	if err := c.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	if n := c.Mailbox().NumMessages; n != 4 {
		t.Errorf("the client knows of %d mails, want 4", n)
	}
	f := threads.Filing{Message: threads.Message{ID: id, Project: "TEA", Subject: "new", Text: "New.", Received: noon}}
	if _, err := w.store.Change(t.Context(), threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, []threads.Filing{f}); err != nil {
		t.Fatal(err)
	}
	if err := c.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	if n := c.Mailbox().NumMessages; n != 3 {
		t.Errorf("after one was filed elsewhere the client knows of %d mails, want 3", n)
	}
	if err := c.Logout().Wait(); err != nil {
		t.Fatal(err)
	}
	<-w.left // the reader's session ends with the connection
}

// Erased mail leaves the folder as expunged mail does: a client that was not told
// yet is, the others keep their UIDs, and no UID is given out again.
func TestErasedMailLeavesTheFolder(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	uids := func(c *imapclient.Client) (all []goimap.UID) {
		t.Helper()
		got, err := c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got {
			all = append(all, m.UID)
		}
		return all
	}
	if got := fmt.Sprint(uids(c)); got != "[2 3 4]" {
		t.Fatalf("UIDs %s", got)
	}
	erased, ok, err := w.store.HasRaw(t.Context(), sum(broken))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	err = w.store.Erase(t.Context(), []string{erased}, threads.Erasure{Cause: threads.CauseRequest, Reason: "asked", By: "olga"})
	if err != nil {
		t.Fatal(err)
	}

	section := &goimap.FetchItemBodySection{Peek: true}
	got, err := c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{section}}).Collect()
	var refused *goimap.Error
	if !errors.As(err, &refused) || refused.Code != "EXPUNGEISSUED" {
		t.Errorf("asked for it before it was told: %v", err)
	}
	for _, m := range got {
		if len(m.FindBodySection(section)) == 0 {
			t.Errorf("UID %d has no bytes", m.UID)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d mails came, want the other 2", len(got))
	}
	if err := c.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	w.file("ACME", threads.In, noon.AddDate(0, 0, 3), "Subject: new\r\n\r\nNew.")
	if err := c.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	other := w.login()
	if _, err := other.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(uids(c)), fmt.Sprint(uids(other)); a != "[2 4 5]" || b != a {
		t.Errorf("UIDs %s, and %s for who comes now; want [2 4 5]", a, b)
	}
}

func TestAccessEnds(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	w.ended.Store(true)
	if err := c.Noop().Wait(); err == nil {
		t.Error("the client is not told that its access has ended")
	}
	got, err := c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true}).Collect()
	if len(got) > 0 {
		t.Errorf("it still reads %d mails (%v)", len(got), err)
	}
	if _, err := c.Select("ACME", nil).Wait(); err == nil {
		t.Error("it still opens a folder")
	}
}

func TestLogins(t *testing.T) {
	w := newWorld(t)
	c := w.connect()
	for range maxLogins {
		if err := c.Login("ruth", "wrong").Wait(); err == nil {
			t.Error("a wrong password is taken")
		}
	}
	if err := c.Login("ruth", "secret").Wait(); err == nil {
		t.Error("after so many failures the connection still lets somebody in")
	}
	if _, err := w.connect().Select("ACME", nil).Wait(); err == nil {
		t.Error("a folder opens without a login")
	}
}

// Who reads what is noted before it is shown.
func TestReadingIsNoted(t *testing.T) {
	w := newWorld(t)
	w.fill()
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Search(&goimap.SearchCriteria{}, nil).Wait(); err != nil {
		t.Fatal(err)
	}
	whole := &goimap.FetchOptions{BodySection: []*goimap.FetchItemBodySection{{Peek: true}}}
	if _, err := c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, whole).Collect(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"access.read imap: ACME", "access.searched imap: ACME", "access.exported imap: ACME, 3 mails of UIDs 2 to 4"} {
		if got := <-w.notes; got != want {
			t.Errorf("noted %q, want %q", got, want)
		}
	}
}
