package access

import (
	"context"
	"errors"
	"strings"
	"time"

	"rapport/threads"
)

// LinkWorks is how long a mailed link can be used.
const LinkWorks = 15 * time.Minute

// Link is a link that is to be mailed to somebody.
type Link struct {
	To     threads.Person
	Mail   string // the person's address, as the configuration has it
	Token  string // what the link carries
	Opened string // of the network: where it was asked for
}

// AskLink makes a link for whoever has that mail address. browser is what the
// browser that asks has to keep: the link works only there. For an address that
// nobody has, and for somebody who may not come in, there is a browser token,
// too, but no link.
func (d *Door) AskLink(ctx context.Context, mail, address string) (browser string, l *Link, err error) {
	mail = strings.ToLower(strings.TrimSpace(mail))
	if len(mail) > 300 {
		return "", nil, ErrTooMany
	}
	if err := d.mayKnock(address, threads.ByLink); err != nil {
		return "", nil, err
	}
	p := d.Directory().PersonAt(mail)
	login, why := "", "nobody has this address"
	if p != nil {
		login = strings.ToLower(p.Login)
	}
	if err := d.mayTry(d.links, d.familiar.key(mail, login, address), threads.ByLink); err != nil {
		return "", nil, err
	}
	browser = NewToken()
	if p != nil {
		if why, err = d.shut(ctx, p); err != nil {
			return "", nil, err
		}
	}
	if why != "" {
		d.Log.Warn("sign-in.denied", "how", string(threads.ByLink))
		return browser, nil, d.Accounts.NoteAccess(ctx, threads.Access{Type: threads.EntryDenied, Login: login, How: threads.ByLink, Address: address, Detail: why})
	}
	token := NewToken()
	err = d.Accounts.PutLink(ctx, threads.SignInLink{Token: TokenHash(token), Browser: TokenHash(browser), Login: login, Ends: d.Now().Add(LinkWorks)}, address)
	return browser, &Link{To: *p, Mail: mail, Token: token, Opened: address}, err
}

// shut says why a person may not come in, "" if nothing speaks against it.
func (d *Door) shut(ctx context.Context, p *threads.Person) (string, error) {
	a, err := d.Accounts.Account(ctx, strings.ToLower(p.Login))
	switch {
	case err != nil:
		return "", err
	case !a.Disabled.IsZero():
		return "disabled", nil
	case p.Over(d.Now()):
		return "the time is over", nil
	}
	return "", nil
}

// UseLink lets somebody in by a link, once.
func (d *Door) UseLink(ctx context.Context, token, browser string, k Knock) (string, error) {
	if err := d.mayKnock(k.Address, threads.ByLink); err != nil {
		return "", err
	}
	login, err := d.Accounts.SpendLink(ctx, TokenHash(token), TokenHash(browser))
	if errors.Is(err, threads.ErrNotFound) {
		return d.begin(ctx, "", threads.ByLink, "the link does not work", k)
	}
	if err != nil {
		return "", err
	}
	return d.begin(ctx, login, threads.ByLink, "", k)
}
