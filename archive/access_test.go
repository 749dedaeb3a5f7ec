package archive_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

// visited is a world to whose door some people came.
func (w *world) visited() *world {
	w.t.Helper()
	w.must(w.store.PutPassword(background, "lin", "hash"))
	w.must(w.store.NoteAccess(background, threads.Access{Type: threads.EntryDenied, Login: "lin", How: threads.ByPassword, Address: "192.0.2.1", Detail: "wrong password"}))
	w.must(w.store.BeginSession(background, threads.Session{Token: "t", Login: "lin", How: threads.ByPassword}, "", "192.0.2.1"))
	w.must(w.store.EndSession(background, "t", "192.0.2.1"))
	w.must(w.store.Disable(background, "lin"))
	return w
}

// checkAccess checks both logs.
func (w *world) checkAccess(published ...[]byte) *archive.Result {
	w.t.Helper()
	r := w.check(published...)
	check, err := (&archive.Check{Key: w.public(), Published: published}).Access()
	w.must(err)
	w.must(w.store.Snapshot(background, func(s *store.Snapshot) error {
		access, err := check.Run(background, s.Access())
		if err == nil {
			r.Include(access)
		}
		return err
	}))
	return r
}

func TestTheLogOfAccessesIsWhole(t *testing.T) {
	r := newWorld(t).fill().visited().checkAccess()
	for _, f := range r.Findings {
		t.Errorf("%s: %s", f.Place, f.Words)
	}
	if r.Access != 5 || r.Rows["access.denied"] != 1 || r.Rows["access.signed-in"] != 1 || r.Rows["mail.in"] == 0 {
		t.Errorf("checked: %+v", r)
	}
}

func TestTamperingWithAccessesIsFound(t *testing.T) {
	everyTamper(t, func(w *world) { w.fill().visited() }, func(w *world) *archive.Result { return w.checkAccess() }, []tamper{
		{"somebody else", "update access set login = 'eve' where type = 'access.signed-in'", "access log: sign-in ", "it was changed"},
		{"from elsewhere", "update access set address = '192.0.2.2' where type = 'access.denied'", "access log: refusal ", "it was changed"},
		{"for another reason", "update access set detail = '' where type = 'access.denied'", "access log: refusal ", "it was changed"},
		{"a refusal that was none", "update access set type = 'access.signed-in' where type = 'access.denied'", "access log: refusal ", "it was removed"},
		{"at another time", "update access set at_ms = at_ms - 60000 where type = 'access.signed-out'", "access log: sign-out ", "its time is"},
		{"a removed access", "delete from access where type = 'access.signed-in'", "access log: sign-in ", "it was removed"},
		{"an added access", "insert into access select 'a0', at_ms, type, login, how, address, detail, salt from access limit 1", "access log: new password ", "no line"},
		{"a removed line", "delete from log_leaf where log = 'access' and n = 2", "access log: line 2 of the log", "it was removed"},
		{"a cut-off end", "delete from log_leaf where log = 'access' and n = 4; delete from access where type = 'access.disabled'", "access log: head of the log", "it says 5 lines"},
	})
}

// signAccess signs the log of accesses by the key of the log.
func (w *world) signAccess() []byte {
	w.t.Helper()
	key, err := w.key.Access()
	w.must(err)
	log := w.store.AccessLog()
	signed, err := (&archive.Notary{Log: log, Key: key, Books: []archive.Notebook{log}}).Checkpoint(background)
	w.must(err)
	return signed
}

// Each log has its own checkpoints, and neither passes for the other.
func TestBothLogsAreSigned(t *testing.T) {
	w := newWorld(t).fill().visited()
	access, mails := w.signAccess(), w.sign()
	if r := w.checkAccess(access, mails); r.Total != 0 || r.Checkpoints != 4 {
		t.Errorf("checked: %+v", r)
	}
	if c, err := archive.ReadCheckpoint(access); err != nil || c.Size != 5 || !archive.IsAccess(c.Origin) {
		t.Errorf("the checkpoint of accesses is %+v, %v", c, err)
	}
	if _, err := archive.OpenCheckpoint(access, w.public()); err == nil {
		t.Error("the checkpoint of accesses passes for one of the log of mail")
	}
	if _, err := archive.NewKey("x.example/access", rand.Reader); err == nil {
		t.Error("a log took the name of a log of accesses")
	}
}

// Who can write the database and make a new tree is found by what others kept.
func TestACutOffLogOfAccessesIsFoundByACheckpoint(t *testing.T) {
	w := newWorld(t).fill().visited()
	kept := w.signAccess()
	_, err := w.direct().Exec(`delete from log_leaf where log = 'access'; delete from log_tile where log = 'access';
		delete from log_head where log = 'access'; delete from access; delete from checkpoint where log = 'access'`)
	w.must(err)
	if r := w.checkAccess(); r.Total != 0 {
		t.Fatalf("without a checkpoint there is nothing to be found: %+v", r)
	}
	r := w.checkAccess(kept)
	if r.Total != 1 || r.Findings[0].Place != "access log: published checkpoint of 5 lines" || !strings.Contains(r.Findings[0].Words, "truncated") {
		t.Errorf("found: %+v", r.Findings)
	}
}
