package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// applyPolicy does to the filed mails what is configured. What the server
// refuses is tried again after the next mails.
func (p *Poller) applyPolicy(ctx context.Context, s Session) error {
	if !p.seen && p.moveTo == "" {
		return nil // without waiting for the batch that is being filed
	}
	p.filing.Lock()
	uids, begun := p.after, p.begun
	p.after = nil
	p.filing.Unlock()
	for len(uids) > 0 {
		some := uids[:min(len(uids), sizesAtOnce)]
		var err error
		if p.moveTo != "" {
			err = s.Move(ctx, some, p.moveTo, begun)
		} else {
			err = s.MarkSeen(ctx, some)
		}
		if err != nil {
			p.filing.Lock()
			p.after, p.begun = append(uids, p.after...), true
			p.filing.Unlock()
			if !errors.Is(err, ErrRefused) {
				return err
			}
			p.policyRefused(err)
			return nil
		}
		uids, p.refused = uids[len(some):], ""
	}
	p.begun = false
	return nil
}

func (p *Poller) policyRefused(err error) {
	p.log.Warn("mailbox.policy_refused", "error", err)
	p.refused = fmt.Sprintf("The mails are filed, but the server refuses what should be done with them: %v", err)
}

// catchUp queues mails that were filed before the folder policy could be
// applied to them: the process was stopped, the server refused, or there was
// another policy then. A UID below the cursor that the archive does not have is
// older than our first visit, and stays as it is. align has seen to it that UIDs
// below the cursor mean the mails that were filed under them.
func (p *Poller) catchUp(ctx context.Context, s Session) error {
	if !p.seen && p.moveTo == "" || p.caughtUp {
		return nil
	}
	var uids []uint32
	var err error
	if p.moveTo != "" {
		uids, err = s.Undeleted(ctx)
	} else {
		uids, err = s.Unseen(ctx)
	}
	if err != nil {
		return err
	}
	filed, err := p.c.Cursors.FiledUIDs(ctx, p.c.Name, p.cursor.UIDValidity)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		if _, ours := slices.BinarySearch(filed, uid); ours && uid <= p.cursor.LastUID {
			p.after = append(p.after, uid)
		}
	}
	p.caughtUp, p.begun = true, len(p.after) > 0
	return nil
}

// isFiled reports whether the archive has these bytes.
func (p *Poller) isFiled(ctx context.Context, raw []byte) (bool, error) {
	sum := sha256.Sum256(raw)
	_, filed, err := p.c.Pipeline.archive.HasRaw(ctx, hex.EncodeToString(sum[:]))
	return filed, err
}
