package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// The store is what a door has in earnest.
var _ Accounts = (*store.Store)(nil)

const secret = "correct horse battery staple"

// house is a door with a real store behind it, and a clock.
type house struct {
	*Door
	t     *testing.T
	store *store.Store
	now   time.Time
	dir   *threads.Directory
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, now: noon}
	clock := func() time.Time { return h.now }
	var err error
	if h.store, err = store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "rapport.db"), Now: clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	h.people(
		threads.Person{Login: "Mara", Name: "Mara", Role: "manager"},
		threads.Person{Login: "ruth", Name: "Ruth", Role: "auditor", Until: noon.AddDate(0, 0, 2)},
		threads.Person{Login: "chen", Name: "陈宇", Role: "manager"},
	)
	h.Door = NewDoor(Config{Accounts: h.store, Directory: func() *threads.Directory { return h.dir }, Now: clock, Log: slog.New(slog.DiscardHandler), Cost: cheap})
	for _, login := range []string{"mara", "ruth", "gone"} {
		h.must(h.store.PutPassword(t.Context(), login, Hash(secret, cheap)))
	}
	return h
}

func (h *house) people(p ...threads.Person) { h.dir = threads.NewDirectory(nil, p, nil) }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// in signs in with the right password.
func (h *house) in(login string) string {
	h.t.Helper()
	token, err := h.SignIn(context.Background(), Knock{Login: login, Password: secret, Address: "192.0.2.1"})
	h.must(err)
	return token
}

// is holds that the token is that person's, or nobody's for "".
func (h *house) is(token, login string) {
	h.t.Helper()
	p, err := h.Who(context.Background(), token)
	if login == "" && !errors.Is(err, threads.ErrNotFound) || login != "" && (err != nil || p.Login != login) {
		h.t.Errorf("the token is that of %q (%v), want %q", p.Login, err, login)
	}
}

func TestTheRightPasswordOpens(t *testing.T) {
	h := newHouse(t)
	first := h.in(" MARA ")
	h.is(first, "Mara")
	h.is(first+"x", "")
	h.is("", "")
	second, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: secret, Old: first})
	h.must(err)
	h.is(first, "") // the token that the browser had is of no use any more
	h.is(second, "Mara")
	h.must(h.SignOut(t.Context(), second, ""))
	h.is(second, "")
}

func TestWhoeverIsNotLetInLearnsNothing(t *testing.T) {
	h := newHouse(t)
	h.must(h.store.PutPassword(t.Context(), "chen", Hash(secret, cheap)))
	h.must(h.store.Disable(t.Context(), "chen"))
	h.now = noon.AddDate(0, 0, 3)
	want := map[string]string{"mara": "wrong password", "nobody": "nobody has this login", "gone": "nobody has this login", "chen": "disabled", "ruth": "the time is over"}
	for login, detail := range want {
		password := secret
		h.now = h.now.Add(time.Second)
		if login == "mara" {
			password = "something else"
		}
		_, err := h.SignIn(t.Context(), Knock{Login: login, Password: password, Address: "192.0.2.1"})
		if err == nil || !errors.Is(err, ErrDenied) || err.Error() != ErrDenied.Error() {
			t.Errorf("%s is told %v", login, err)
		}
		noted, err := h.store.Accesses(t.Context(), threads.AccessQuery{Limit: 1})
		h.must(err)
		if a := noted[0]; a.Type != threads.EntryDenied || a.Detail != detail || a.Address != "192.0.2.1" || a.Login == "nobody" {
			t.Errorf("%s is noted as %+v", login, a)
		}
	}
}

func TestAnUnknownLoginCostsAsMuch(t *testing.T) {
	h := newHouse(t)
	if cost, _, _, err := read(h.nobody); err != nil || cost != cheap {
		t.Errorf("the hash for nobody costs %+v (%v)", cost, err)
	}
	h.nobody = "broken" // whoever does not hash it does less work
	if _, err := h.SignIn(t.Context(), Knock{Login: "nobody", Password: secret}); !errors.Is(err, errHash) {
		t.Errorf("nothing was hashed for an unknown login: %v", err)
	}
	if _, err := h.SignIn(t.Context(), Knock{Login: "chen", Password: secret}); !errors.Is(err, errHash) {
		t.Errorf("nothing was hashed for a person without a password: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	h := newHouse(t)
	idle := h.in("mara")
	h.now = h.now.Add(Idle - time.Second)
	h.is(idle, "Mara") // in use
	h.now = h.now.Add(Idle - time.Second)
	h.is(idle, "Mara")
	h.now = h.now.Add(Idle)
	h.is(idle, "")
	long := h.in("mara")
	for began := h.now; h.now.Sub(began) < Absolute-Idle/2; h.now = h.now.Add(Idle / 2) {
		h.is(long, "Mara")
	}
	h.now = h.now.Add(Idle / 2)
	h.is(long, "")
	h.must(h.Sweep(t.Context()))
	if _, err := h.store.Session(t.Context(), TokenHash(long)); !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("a session that has ended is kept: %v", err)
	}
}

func TestWhatEndsAnOpenSession(t *testing.T) {
	h := newHouse(t)
	token := h.in("mara")
	h.must(h.store.Disable(t.Context(), "mara"))
	h.is(token, "")
	h.must(h.store.PutPassword(t.Context(), "mara", Hash(secret, cheap)))
	h.is(token, "") // let in again, but not by the old session
	token = h.in("mara")
	h.must(h.store.PutPassword(t.Context(), "mara", Hash(secret, cheap)))
	h.is(token, "")
	token = h.in("mara")
	h.people(threads.Person{Login: "chen"})
	h.is(token, "") // out of the configuration
}

func TestTimeBoxedAccessEnds(t *testing.T) {
	h := newHouse(t)
	h.now = noon.AddDate(0, 0, 2).Add(-time.Second)
	token := h.in("ruth")
	h.is(token, "ruth")
	h.now = h.now.Add(time.Second)
	h.is(token, "")
}

func TestGuessingIsSlow(t *testing.T) {
	h := newHouse(t)
	for i := range accountBurst + 1 {
		_, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: "guess", Address: "192.0.2.9"})
		if want := map[bool]error{true: ErrTooMany, false: ErrDenied}[i == accountBurst]; !errors.Is(err, want) {
			t.Errorf("guess %d: %v, want %v", i, err, want)
		}
	}
	for i := range addressBurst {
		h.SignIn(t.Context(), Knock{Login: strings.Repeat("x", i+1), Password: "guess", Address: "192.0.2.9"})
	}
	if _, err := h.SignIn(t.Context(), Knock{Login: "ruth", Password: secret, Address: "192.0.2.9"}); !errors.Is(err, ErrTooMany) {
		t.Errorf("the address may go on with other logins: %v", err)
	}
	if _, err := h.SignIn(t.Context(), Knock{Login: "ruth", Password: secret, Address: "192.0.2.10"}); err != nil {
		t.Errorf("another address: %v", err)
	}
	h.now = h.now.Add(accountEvery)
	if _, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: secret, Address: "192.0.2.10"}); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// Nothing in the database lets anybody in.
func TestOnlyHashesAreKept(t *testing.T) {
	h := newHouse(t)
	token := h.in("mara")
	if _, err := h.store.Session(t.Context(), token); !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("the token itself is kept: %v", err)
	}
	a, err := h.store.Account(t.Context(), "mara")
	if err != nil || strings.Contains(a.Password, secret) {
		t.Errorf("the account is %+v (%v)", a, err)
	}
}

// Whoever knows a login can use up its attempts, but not those of its person
// where that has come in before, and not those for links.
func TestNobodyIsKeptOutByGuesses(t *testing.T) {
	h := linked(t)
	h.in("mara") // from 192.0.2.1
	attack := func(login string) {
		for i := range 3 * accountBurst {
			from := fmt.Sprintf("203.0.113.%d", i)
			h.SignIn(t.Context(), Knock{Login: login, Password: "guess", Address: from})
			h.AskLink(t.Context(), "mara@agency.example", from)
		}
	}
	for _, login := range []string{"mara", "mara\n192.0.2.1", "at mara\n192.0.2.1"} {
		attack(login)
	}
	if _, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: secret, Address: "203.0.113.200"}); !errors.Is(err, ErrTooMany) {
		t.Errorf("guessing goes on from a strange address: %v", err)
	}
	h.in("mara")
	if _, token := h.ask("mara@agency.example"); token == "" {
		t.Error("no link is sent")
	}
	for i := range accountBurst {
		if _, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: "guess", Address: "192.0.2.1"}); (i == accountBurst-1) != errors.Is(err, ErrTooMany) {
			t.Errorf("guess %d where she has been: %v", i+2, err)
		}
	}
}

func TestFamiliarPlacesAreBounded(t *testing.T) {
	f := newFamiliar(10)
	for i := range 100 {
		f.add("mara", fmt.Sprintf("192.0.2.%d", i), noon.Add(time.Duration(i)*time.Second))
	}
	if len(f.at) != 10 || f.key("mara", "mara", "192.0.2.99") == f.key("mara", "mara", "192.0.2.89") {
		t.Errorf("%d places are known", len(f.at))
	}
}

// An address that has no attempts left uses up nobody's.
func TestALimitedAddressCostsNobody(t *testing.T) {
	h := newHouse(t)
	for i := range addressBurst {
		h.SignIn(t.Context(), Knock{Login: strings.Repeat("x", i+1), Password: "guess", Address: "192.0.2.9"})
	}
	for range accountBurst {
		h.SignIn(t.Context(), Knock{Login: "mara", Password: "guess", Address: "192.0.2.9"})
	}
	h.in("mara")
}
