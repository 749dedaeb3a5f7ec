package storetest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

func passwords(t *testing.T, h *house) {
	none, err := h.store.Account(background, "mara")
	h.must(err)
	same(t, "no account", none, threads.Account{Login: "mara"})
	h.must(h.store.PutPassword(background, "mara", "hash"))
	a, err := h.store.Account(background, "mara")
	h.must(err)
	same(t, "account", a, threads.Account{Login: "mara", Password: "hash", Changed: h.clock.Now()})
	h.must(h.store.Disable(background, "mara"))
	h.must(h.store.Disable(background, "chen"))
	all, err := h.store.Accounts(background)
	h.must(err)
	same(t, "who is kept out", len(all) == 2 && !all[0].Disabled.IsZero() && !all[1].Disabled.IsZero() && all[1].Password == "hash", true)
	h.must(h.store.PutPassword(background, "mara", "other"))
	a, err = h.store.Account(background, "mara")
	h.must(err)
	same(t, "let in again", a.Disabled.IsZero() && a.Password == "other", true)
}

func sessions(t *testing.T, h *house) {
	begin := func(token, old string) {
		h.must(h.store.BeginSession(background, threads.Session{Token: token, Login: "mara", How: threads.ByPassword}, old, "192.0.2.1"))
	}
	begin("one", "")
	began := h.clock.Now()
	h.clock.pass(time.Hour)
	h.must(h.store.SeeSession(background, "one"))
	s, err := h.store.Session(background, "one")
	h.must(err)
	same(t, "session", s, threads.Session{Token: "one", Login: "mara", How: threads.ByPassword, Began: began, Seen: h.clock.Now()})
	begin("two", "one")
	_, err = h.store.Session(background, "one")
	h.wants(err, threads.ErrNotFound)
	h.must(h.store.EndSession(background, "two", "192.0.2.1"))
	h.must(h.store.EndSession(background, "two", "192.0.2.1"))
	_, err = h.store.Session(background, "two")
	h.wants(err, threads.ErrNotFound)

	begin("three", "")
	h.must(h.store.Disable(background, "mara"))
	_, err = h.store.Session(background, "three")
	h.wants(err, threads.ErrNotFound)
	h.wants(h.store.BeginSession(background, threads.Session{Token: "four", Login: "mara"}, "", ""), threads.ErrConflict)

	h.must(h.store.PutPassword(background, "mara", "hash"))
	begin("old", "")
	h.clock.pass(time.Hour)
	begin("new", "")
	h.must(h.store.DropSessions(background, time.Time{}, h.clock.Now().Add(-time.Minute)))
	_, err = h.store.Session(background, "old")
	h.wants(err, threads.ErrNotFound)
	_, err = h.store.Session(background, "new")
	h.must(err)
}

func signInLinks(t *testing.T, h *house) {
	put := func(token string) {
		h.must(h.store.PutLink(background, threads.SignInLink{Token: token, Browser: "browser", Login: "mara", Ends: h.clock.Now().Add(time.Minute)}, "192.0.2.1"))
	}
	put("link")
	_, err := h.store.SpendLink(background, "link", "another browser")
	h.wants(err, threads.ErrNotFound)
	login, err := h.store.SpendLink(background, "link", "browser")
	h.must(err)
	same(t, "whose link", login, "mara")
	_, err = h.store.SpendLink(background, "link", "browser")
	h.wants(err, threads.ErrNotFound)

	put("late")
	h.clock.pass(time.Minute)
	_, err = h.store.SpendLink(background, "late", "browser")
	h.wants(err, threads.ErrNotFound)

	put("first")
	for _, token := range strings.Split("abcde", "") { // as many as work at once
		h.clock.pass(time.Second)
		put(token)
	}
	_, err = h.store.SpendLink(background, "first", "browser")
	h.wants(err, threads.ErrNotFound)
	_, err = h.store.SpendLink(background, "a", "browser")
	h.must(err)
	h.must(h.store.Disable(background, "mara"))
	_, err = h.store.SpendLink(background, "b", "browser")
	h.wants(err, threads.ErrNotFound)
}

func doorLogged(t *testing.T, h *house) {
	step := func(err error) {
		h.must(err)
		h.clock.pass(time.Second)
	}
	step(h.store.PutPassword(background, "mara", "hash"))
	step(h.store.NoteAccess(background, threads.Access{Type: threads.EntryDenied, Login: "mara", How: threads.ByPassword, Address: "192.0.2.1", Detail: "wrong password"}))
	in := h.clock.Now()
	step(h.store.BeginSession(background, threads.Session{Token: "one", Login: "mara", How: threads.ByLink}, "", "192.0.2.1"))
	step(h.store.EndSession(background, "one", "192.0.2.1"))
	step(h.store.Disable(background, "chen"))
	all, err := h.store.Accesses(background, threads.AccessQuery{Login: "mara", Limit: 10})
	h.must(err)
	var what []string
	for _, a := range all {
		what = append(what, string(a.Type))
	}
	same(t, "events, the latest first", strings.Join(what, " "), "access.signed-out access.signed-in access.denied access.password")
	last, err := h.store.LastSignIn(background, "mara")
	h.must(err)
	same(t, "the last time", last, in)

	// The log of the door commits to each event and names nobody.
	var size int64
	h.must(h.direct().QueryRow("select size from log_head where log = 'access'").Scan(&size))
	same(t, "lines", size, 5)
	rows, err := h.direct().Query("select line from log_leaf where log = 'access' order by n")
	h.must(err)
	defer rows.Close()
	for rows.Next() {
		var line string
		h.must(rows.Scan(&line))
		if strings.Contains(line, "mara") || strings.Contains(line, "192.0.2.1") || !strings.Contains(line, `"commit":"`) {
			t.Errorf("the log says %s", line)
		}
	}
	h.must(rows.Err())
	if size, _, err := h.store.LogHead(background); err != nil || size != 0 {
		t.Errorf("the log of the mail has %d lines (%v)", size, err)
	}
	log := h.store.AccessLog()
	size, root, err := log.LogHead(background)
	h.must(err)
	if err := log.PutCheckpoint(background, size, []byte("signed")); err != nil {
		t.Error(err)
	}
	if signed, err := log.LatestCheckpoint(background); err != nil || string(signed) != "signed" {
		t.Errorf("the latest checkpoint is %q, %v", signed, err)
	}
	if signed, err := h.store.LatestCheckpoint(background); err != nil || signed != nil {
		t.Errorf("the other log has it too: %q, %v", signed, err)
	}
	h.must(h.store.Record(background, nil, []threads.Entry{{Type: threads.EntryKeyChanged, Subject: "old", Ref: "new"}}))
	if now, other, err := log.LogHead(background); err != nil || now != size+1 || bytes.Equal(root, other) {
		t.Errorf("a line was written, and the log has %d lines after %d (%v)", now, size, err)
	}
	if tile, err := log.LogTile(background, 0, 0); err != nil || int64(len(tile)) != (size+1)*32 {
		t.Errorf("the first tile has %d bytes, %v", len(tile), err)
	}
}

// stamps are kept once they are there; why there is none is told until then.
func stamps(t *testing.T, h *house) {
	log := h.store.ArchiveLog()
	_, err := log.LatestStamp(background, false)
	h.wants(err, threads.ErrNotFound)
	h.must(log.PutStamp(background, store.Stamped{Size: 7, Words: "busy"}))
	last, err := log.LatestStamp(background, false)
	h.must(err)
	same(t, "the trouble", last, store.Stamped{Size: 7, At: h.clock.Now(), Words: "busy"})
	_, err = log.LatestStamp(background, true)
	h.wants(err, threads.ErrNotFound)
	h.clock.pass(time.Hour)
	h.must(log.PutStamp(background, store.Stamped{Size: 7, Token: []byte("token")}))
	h.must(log.PutStamp(background, store.Stamped{Size: 7, Words: "busy"}))
	last, err = log.LatestStamp(background, true)
	h.must(err)
	same(t, "the token stays", last, store.Stamped{Size: 7, At: h.clock.Now(), Token: []byte("token")})
	token, err := log.Stamp(background, 7)
	h.must(err)
	none, err := h.store.AccessLog().Stamp(background, 7)
	h.must(err)
	same(t, "tokens", []string{string(token), string(none)}, []string{"token", ""})
}
