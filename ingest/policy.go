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

// mostCaughtUp bounds how far back catchUp looks: more than a program can have
// filed between two uses of the policy.
const mostCaughtUp = 300

// catchUp queues mails that were filed by a process that was stopped before it
// could apply the folder policy. That a mail is filed is proved by its bytes: a
// UID below the cursor may as well be older than our first visit.
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
	end, _ := slices.BinarySearch(uids, p.cursor.LastUID+1)
	for _, uid := range uids[max(0, end-mostCaughtUp):end] {
		raw, err := p.lookAt(ctx, s, uid, p.c.MaxSize)
		if err != nil {
			return err
		}
		filed, err := p.isFiled(ctx, raw)
		if err != nil {
			return err
		}
		if filed {
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
