package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

const accountColumns = `login, password, disabled_at, changed_at`

func scanAccount(row scanner) (a threads.Account, err error) {
	var disabled, changed int64
	err = row.Scan(&a.Login, &a.Password, &disabled, &changed)
	a.Disabled, a.Changed = moment(disabled), moment(changed)
	return a, err
}

// Account returns what is kept of a person; of one without an account that is
// nothing but the login.
func (s *Store) Account(ctx context.Context, login string) (a threads.Account, err error) {
	err = s.view(ctx, func(t *tx) error {
		a, err = t.account(login)
		return err
	})
	return a, err
}

func (t *tx) account(login string) (threads.Account, error) {
	found, err := collect(t, scanAccount, `select `+accountColumns+` from account where login = $1`, login)
	if err != nil {
		return threads.Account{}, fmt.Errorf("read the account %s: %w", login, err)
	}
	if len(found) == 0 {
		return threads.Account{Login: login}, nil
	}
	return found[0], nil
}

// Accounts returns all accounts by login.
func (s *Store) Accounts(ctx context.Context) ([]threads.Account, error) {
	all, err := read(ctx, s, scanAccount, `select `+accountColumns+` from account order by login`)
	if err != nil {
		return nil, fmt.Errorf("list the accounts: %w", err)
	}
	return all, nil
}

// PutPassword gives a person a password by its hash, makes the account if there
// is none, and opens it if it was disabled. All sessions of the person end.
func (s *Store) PutPassword(ctx context.Context, login, hash string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`insert into account (`+accountColumns+`) values ($1, $2, 0, $3)
			on conflict (login) do update set password = excluded.password, disabled_at = 0, changed_at = excluded.changed_at`,
			login, hash, ms(t.at))
		if err != nil {
			return err
		}
		return t.shut(threads.Access{Type: threads.EntryPassword, Login: login})
	})
	if err != nil {
		return fmt.Errorf("set the password of %s: %w", login, err)
	}
	return nil
}

// Disable keeps a person out from this moment on.
func (s *Store) Disable(ctx context.Context, login string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`insert into account (`+accountColumns+`) values ($1, '', $2, 0)
			on conflict (login) do update set disabled_at = excluded.disabled_at`, login, ms(t.at))
		if err != nil {
			return err
		}
		return t.shut(threads.Access{Type: threads.EntryDisabled, Login: login})
	})
	if err != nil {
		return fmt.Errorf("disable %s: %w", login, err)
	}
	return nil
}

// shut ends all sessions and links of a person, and notes why.
func (t *tx) shut(why threads.Access) error {
	for _, table := range []string{"session", "sign_in_link"} {
		if _, err := t.exec(`delete from `+table+` where login = $1`, why.Login); err != nil {
			return err
		}
	}
	return t.recordAccess(why)
}
