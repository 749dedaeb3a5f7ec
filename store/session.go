package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// BeginSession keeps a session that begins now, ends the one that the same
// browser had before (old is its token, "" for none), and notes who came in
// from where. It is ErrConflict if the account is disabled.
func (s *Store) BeginSession(ctx context.Context, se threads.Session, old, address string) error {
	err := s.write(ctx, func(t *tx) error {
		a, err := t.account(se.Login)
		if err != nil {
			return err
		}
		if !a.Disabled.IsZero() {
			return fmt.Errorf("%w: the account is disabled", threads.ErrConflict)
		}
		if _, err := t.exec(`delete from session where token = $1`, old); err != nil {
			return err
		}
		_, err = t.exec(`insert into session (token, login, how, began_at, seen_at) values ($1, $2, $3, $4, $4)`,
			se.Token, se.Login, string(se.How), ms(t.at))
		if err != nil {
			return err
		}
		return t.recordAccess(threads.Access{Type: threads.EntrySignedIn, Login: se.Login, How: se.How, Address: address})
	})
	if err != nil {
		return fmt.Errorf("begin a session of %s: %w", se.Login, err)
	}
	return nil
}

// Session returns the session with that token, ErrNotFound if there is none or
// its account is disabled.
func (s *Store) Session(ctx context.Context, token string) (se threads.Session, err error) {
	found, err := read(ctx, s, func(row scanner) (se threads.Session, err error) {
		var began, seen int64
		err = row.Scan(&se.Token, &se.Login, &se.How, &began, &seen)
		se.Began, se.Seen = moment(began), moment(seen)
		return se, err
	}, `select token, login, how, began_at, seen_at from session s where token = $1
		and not exists (select 1 from account a where a.login = s.login and a.disabled_at <> 0)`, token)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return se, fmt.Errorf("read a session: %w", err)
	}
	return found[0], nil
}

// SeeSession notes that a session is in use.
func (s *Store) SeeSession(ctx context.Context, token string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`update session set seen_at = $2 where token = $1`, token, ms(t.at))
		return err
	})
}

// EndSession ends a session, and notes it if there was one.
func (s *Store) EndSession(ctx context.Context, token, address string) error {
	return s.write(ctx, func(t *tx) error {
		logins, err := collect(t, scalar[string], `delete from session where token = $1 returning login`, token)
		if err != nil || len(logins) == 0 {
			return err
		}
		return t.recordAccess(threads.Access{Type: threads.EntrySignedOut, Login: logins[0], Address: address})
	})
}

// DropSessions forgets sessions that began, or were last seen, no later than
// these moments, and links that have ended.
func (s *Store) DropSessions(ctx context.Context, began, seen time.Time) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`delete from session where began_at <= $1 or seen_at <= $2`, ms(began), ms(seen)); err != nil {
			return err
		}
		_, err := t.exec(`delete from sign_in_link where ends_at <= $1`, ms(t.at))
		return err
	})
}

// linksOpen is how many links of one person work at the same time.
const linksOpen = 5

// PutLink keeps a link for signing in that was asked for from a network address.
// Of one person only the last few work.
func (s *Store) PutLink(ctx context.Context, l threads.SignInLink, address string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`insert into sign_in_link (token, browser, login, ends_at) values ($1, $2, $3, $4)`, l.Token, l.Browser, l.Login, ms(l.Ends))
		if err != nil {
			return err
		}
		_, err = t.exec(`delete from sign_in_link where login = $1 and token not in (
			select token from sign_in_link where login = $1 order by ends_at desc, token limit $2)`, l.Login, linksOpen)
		if err != nil {
			return err
		}
		return t.recordAccess(threads.Access{Type: threads.EntryLink, Login: l.Login, How: threads.ByLink, Address: address})
	})
	if err != nil {
		return fmt.Errorf("keep a link for signing in: %w", err)
	}
	return nil
}

// SpendLink uses up a link and returns whose it was, ErrNotFound if it is not
// there, has ended, or was asked for in another browser. A link that is tried in
// another browser stays.
func (s *Store) SpendLink(ctx context.Context, token, browser string) (login string, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := collect(t, scalar[string], `delete from sign_in_link where token = $1 and browser = $2 and ends_at > $3 returning login`,
			token, browser, ms(t.at))
		if err == nil && len(found) == 0 {
			err = threads.ErrNotFound
		}
		if err == nil {
			login = found[0]
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("spend a link for signing in: %w", err)
	}
	return login, nil
}
