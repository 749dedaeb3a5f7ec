package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// betweenAccounts is how often a mailbox that is watched without a break is
// compared, and its account signed.
const betweenAccounts = 24 * time.Hour

// look reads what is new. Now and then, and when what is owed has changed, the
// account of the mailbox is signed after that.
func (p *Poller) look(ctx context.Context, s Session) error {
	due := p.now().Sub(p.compared) >= betweenAccounts
	if due {
		if err := p.reconcile(ctx, s); err != nil {
			return err
		}
	}
	if err := p.round(ctx, s); err != nil {
		return err
	}
	if !due && !p.unsigned {
		return nil
	}
	p.filing.Lock()
	defer p.filing.Unlock()
	c, err := p.c.Cursors.SignCoverage(ctx, p.cursor)
	if err != nil {
		return err
	}
	p.unsigned = false
	if due {
		p.compared = p.now()
	}
	p.log.Info("mailbox.coverage", "first_uid", c.First, "last_uid", c.Last, "filed", c.Filed, "tray", c.Tray, "vanished", c.Vanished, "owed", len(c.Owed))
	return nil
}

// reconcile compares the server with the archive and fetches what lies below the
// cursor and is neither filed nor owed. There should be nothing; it is the net
// under the cursor.
func (p *Poller) reconcile(ctx context.Context, s Session) error {
	filed, err := p.c.Cursors.FiledUIDs(ctx, p.c.Name, p.cursor.UIDValidity)
	if err != nil {
		return fmt.Errorf("compare mailbox %s with the archive: %w", p.c.Name, err)
	}
	there, err := s.UIDs(ctx, p.cursor.First-1, time.Time{})
	if err != nil {
		return err
	}
	var missing []uint32
	for _, uid := range there {
		if _, ok := slices.BinarySearch(filed, uid); !ok && uid <= p.cursor.LastUID && p.ledger.asides[uid] == nil {
			missing = append(missing, uid)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	p.log.Warn("mailbox.gap", "mails", len(missing), "first_uid", missing[0], "last_uid", missing[len(missing)-1])
	return p.read(ctx, s, missing, nil)
}
