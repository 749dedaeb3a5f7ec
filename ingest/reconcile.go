package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Account is what a comparison of the server with the archive has shown for one
// mailbox: of the UIDs from First to Last, how many are filed and still there,
// filed and gone from the server, and there without being filed, which are
// fetched again.
type Account struct {
	At       time.Time `json:"at"`
	First    uint32    `json:"first_uid"`
	Last     uint32    `json:"last_uid"`
	Filed    int       `json:"filed"`
	Vanished int       `json:"vanished"`
	Missing  int       `json:"missing"`
}

// String is the account in one line.
func (a Account) String() string {
	return fmt.Sprintf("UIDs %d..%d: %d filed, %d vanished from the server, %d missing and fetched again", a.First, a.Last, a.Filed, a.Vanished, a.Missing)
}

// betweenAccounts is how often a mailbox that is watched without a break is
// compared.
const betweenAccounts = 24 * time.Hour

// reconcile compares the server with the archive and fetches what is missing
// below the cursor. There should be nothing; it is the net under the cursor for
// mails that were too large, or could not be read, when their turn came.
func (p *Poller) reconcile(ctx context.Context, s Session) error {
	if p.c.Filed == nil || p.now().Sub(p.accounted) < betweenAccounts {
		return nil
	}
	filed, err := p.c.Filed(ctx, p.c.Name, p.cursor.UIDValidity)
	if err != nil {
		return fmt.Errorf("compare mailbox %s with the archive: %w", p.c.Name, err)
	}
	there, err := s.UIDs(ctx, 0, time.Time{})
	if err != nil {
		return err
	}
	slices.Sort(filed)
	account, missing := compare(there, filed, p.cursor.LastUID)
	account.At = p.now()
	p.accounted = account.At
	p.status.change(func(s *Status) { s.Account = &account })
	p.log.Info("mailbox.account", "first_uid", account.First, "last_uid", account.Last, "filed", account.Filed, "vanished", account.Vanished, "missing", account.Missing)
	if len(missing) == 0 {
		return nil
	}
	return p.read(ctx, s, missing, nil)
}

// compare goes through two ascending lists of UIDs. What is below the first
// filed mail is older than our first visit, and what is above the cursor is
// still to be read.
func compare(there, filed []uint32, last uint32) (a Account, missing []uint32) {
	if len(filed) == 0 {
		return a, nil
	}
	a.First, a.Last = filed[0], last
	for _, uid := range there {
		if uid < a.First || uid > last {
			continue
		}
		if _, ok := slices.BinarySearch(filed, uid); ok {
			a.Filed++
		} else {
			missing = append(missing, uid)
		}
	}
	for _, uid := range filed {
		if _, ok := slices.BinarySearch(there, uid); !ok && uid <= last {
			a.Vanished++
		}
	}
	a.Missing = len(missing)
	return a, missing
}
