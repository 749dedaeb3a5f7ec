package ingest

import (
	"context"
	"errors"
	"fmt"
)

// applyPolicy does to the filed mails what is configured. What the server
// refuses is tried again after the next mails.
func (p *Poller) applyPolicy(ctx context.Context, s Session) error {
	p.filing.Lock()
	uids := p.after
	p.after = nil
	p.filing.Unlock()
	for len(uids) > 0 {
		some := uids[:min(len(uids), sizesAtOnce)]
		var err error
		if p.moveTo != "" {
			err = s.Move(ctx, some, p.moveTo)
		} else {
			err = s.MarkSeen(ctx, some)
		}
		if err != nil {
			p.filing.Lock()
			p.after = append(uids, p.after...)
			p.filing.Unlock()
			if !errors.Is(err, ErrRefused) {
				return err
			}
			p.policyRefused(err)
			return nil
		}
		uids = uids[len(some):]
	}
	return nil
}

func (p *Poller) policyRefused(err error) {
	p.log.Warn("mailbox.policy_refused", "error", err)
	p.status.change(func(s *Status) {
		s.Trouble = fmt.Sprintf("The mails are filed, but the server refuses what should be done with them: %v", err)
	})
}
