// Package access lets people in: passwords, sessions, links and how often
// somebody may try.
//
// What a browser sends comes in, the person that it belongs to goes out. It
// promises: only hashes of secrets are kept; an account that is not there costs
// as much work and gets the same answer as a wrong password; every attempt that
// was looked at is noted, also one that was denied; memory is bounded.
package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"rapport/threads"
)

// How long a session lasts: without a request, and in all.
const (
	Idle     = 12 * time.Hour
	Absolute = 7 * 24 * time.Hour
	seenStep = time.Minute // how exactly the last request is kept
)

// How often somebody may try to sign in: a burst, then once an interval.
const (
	accountBurst, accountEvery = 10, time.Minute
	addressBurst, addressEvery = 30, 10 * time.Second
	linkBurst, linkEvery       = 3, 5 * time.Minute // mails to one address
	keysKnown                  = 10000
	hashesAtOnce               = 2  // a hash takes 64 MiB
	hashesWaiting              = 16 // of strangers, and as many of people where they have come in before
)

// What is told to whoever is not let in. Neither says whether the account exists.
var (
	ErrDenied  = errors.New("not let in")
	ErrTooMany = errors.New("too many attempts")
)

// Accounts is what is kept of people and sessions; store.Store has it.
type Accounts interface {
	Account(ctx context.Context, login string) (threads.Account, error)
	BeginSession(ctx context.Context, s threads.Session, old, address string) error
	Session(ctx context.Context, token string) (threads.Session, error)
	SeeSession(ctx context.Context, token string) error
	EndSession(ctx context.Context, token, address string) error
	DropSessions(ctx context.Context, began, seen time.Time) error
	PutLink(ctx context.Context, l threads.SignInLink, address string) error
	SpendLink(ctx context.Context, token, browser string) (login string, err error)
	NoteAccess(ctx context.Context, a threads.Access) error
}

// Config is what a Door needs.
type Config struct {
	Accounts  Accounts
	Directory func() *threads.Directory
	Now       func() time.Time
	Log       *slog.Logger
	Cost      Cost // of the passwords that are not there; zero means Usual
}

// Door knows who may come in.
type Door struct {
	Config
	accounts, addresses, links *limit
	familiar                   *familiar

	hashing         chan struct{} // bounds the memory of hashing
	strangers, home chan struct{} // bound those who wait for it
	nobody          string        // the hash of a password that nobody has
}

// NewDoor returns a door. It hashes once, which takes a moment.
func NewDoor(c Config) *Door {
	if c.Cost == (Cost{}) {
		c.Cost = Usual
	}
	return &Door{
		Config:    c,
		accounts:  newLimit(accountEvery, accountBurst, keysKnown),
		addresses: newLimit(addressEvery, addressBurst, keysKnown),
		links:     newLimit(linkEvery, linkBurst, keysKnown),
		familiar:  newFamiliar(keysKnown),
		hashing:   make(chan struct{}, hashesAtOnce),
		strangers: make(chan struct{}, hashesWaiting),
		home:      make(chan struct{}, hashesWaiting),
		nobody:    Hash(NewToken(), c.Cost),
	}
}

// Knock is somebody who wants to come in.
type Knock struct {
	Login, Password string
	Address         string // of the network
	Old             string // the token that the browser had before
}

// SignIn lets somebody in by password and returns the token of the new session.
// ErrDenied and ErrTooMany are all that it tells about why not.
func (d *Door) SignIn(ctx context.Context, k Knock) (token string, err error) {
	login := strings.ToLower(strings.TrimSpace(k.Login))
	if len(login) > 100 {
		return "", ErrDenied
	}
	if err := d.tries(login, k.Address); err != nil {
		return "", err
	}
	a, err := d.Accounts.Account(ctx, login)
	if err != nil {
		return "", err
	}
	hash := a.Password
	if hash == "" {
		hash = d.nobody
	}
	ok, err := d.matches(ctx, d.queue(login, k.Address), hash, k.Password)
	if err != nil {
		return "", fmt.Errorf("the account %s: %w", login, err)
	}
	why := ""
	switch {
	case a.Password == "":
		why = "no password"
	case !ok:
		why = "wrong password"
	}
	return d.begin(ctx, login, threads.ByPassword, why, k)
}

// tries reports whether that account and that address may try once more.
func (d *Door) tries(login, address string) error {
	if err := d.mayKnock(address, threads.ByPassword); err != nil {
		return err
	}
	return d.mayTry(d.accounts, d.familiar.key(login, login, address), threads.ByPassword)
}

// mayKnock reports whether that address may come once more, whoever it is for.
func (d *Door) mayKnock(address string, how threads.SignIn) error {
	return d.mayTry(d.addresses, network(address), how)
}

func (d *Door) mayTry(l *limit, key string, how threads.SignIn) error {
	if l.allow(key, d.Now()) {
		return nil
	}
	d.Log.Warn("sign-in.limited", "how", string(how), "by_address", l == d.addresses)
	return ErrTooMany
}

// queue is where somebody waits for hashing: strangers, however many there are,
// take no place of people where these have come in before.
func (d *Door) queue(login, address string) chan struct{} {
	if d.familiar.knows(login, address) {
		return d.home
	}
	return d.strangers
}

// matches hashes a password when there is room for it. Whoever would have to
// wait behind too many others is told so at once.
func (d *Door) matches(ctx context.Context, queue chan struct{}, hash, password string) (bool, error) {
	select {
	case queue <- struct{}{}:
		defer func() { <-queue }()
	default:
		d.Log.Warn("sign-in.crowded", "familiar", queue == d.home)
		return false, ErrTooMany
	}
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return Matches(hash, password)
}

// begin starts a session, or notes why there is none.
func (d *Door) begin(ctx context.Context, login string, how threads.SignIn, why string, k Knock) (string, error) {
	p := d.Directory().Person(login)
	switch {
	case p == nil && how == threads.ByPassword:
		login, why = "", "nobody has this login" // it may be a password, typed into the wrong field
	case p == nil && why == "":
		why = "nobody has this address"
	case why != "":
	case p.Over(d.Now()):
		why = "the time is over"
	}
	token := NewToken()
	if why == "" {
		old := ""
		if k.Old != "" {
			old = TokenHash(k.Old)
		}
		err := d.Accounts.BeginSession(ctx, threads.Session{Token: TokenHash(token), Login: login, How: how}, old, k.Address)
		if err == nil {
			d.familiar.add(login, k.Address, d.Now())
		}
		if !errors.Is(err, threads.ErrConflict) {
			return token, err
		}
		why = "disabled"
	}
	d.Log.Warn("sign-in.denied", "how", string(how))
	if err := d.Accounts.NoteAccess(ctx, threads.Access{Type: threads.EntryDenied, Login: login, How: how, Address: k.Address, Detail: why}); err != nil {
		return "", err
	}
	return "", ErrDenied
}

// Who is the person to whom a session's token belongs, threads.ErrNotFound if it
// is nobody's: it has ended, its account was disabled, or its person is gone.
func (d *Door) Who(ctx context.Context, token string) (threads.Person, error) {
	if token == "" {
		return threads.Person{}, threads.ErrNotFound
	}
	s, err := d.Accounts.Session(ctx, TokenHash(token))
	if err != nil {
		return threads.Person{}, err
	}
	now := d.Now()
	p := d.Directory().Person(s.Login)
	if p == nil || p.Over(now) || now.Sub(s.Seen) >= Idle || now.Sub(s.Began) >= Absolute {
		return threads.Person{}, threads.ErrNotFound
	}
	if now.Sub(s.Seen) >= seenStep {
		if err := d.Accounts.SeeSession(ctx, s.Token); err != nil {
			return threads.Person{}, err
		}
	}
	return *p, nil
}

// SignOut ends a session.
func (d *Door) SignOut(ctx context.Context, token, address string) error {
	return d.Accounts.EndSession(ctx, TokenHash(token), address)
}

// maxNoted bounds the bytes of an address that is noted.
const maxNoted = 300

// Note keeps what somebody looks at.
func (d *Door) Note(ctx context.Context, p *threads.Person, what threads.EntryType, address, page string) error {
	page = strings.ToValidUTF8(page[:min(len(page), maxNoted)], "")
	return d.Accounts.NoteAccess(ctx, threads.Access{Type: what, Login: strings.ToLower(p.Login), Address: address, Detail: page})
}

// Sweep forgets sessions and links that have ended.
func (d *Door) Sweep(ctx context.Context) error {
	now := d.Now()
	return d.Accounts.DropSessions(ctx, now.Add(-Absolute), now.Add(-Idle))
}
