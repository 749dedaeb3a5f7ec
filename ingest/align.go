package ingest

import (
	"context"
	"fmt"
	"time"
)

// align makes the cursor fit the folder: at the first visit, when the server
// has given all mail new UIDs (RFC 9051 section 2.3.1.1), and when it was
// restored from a backup and will use UIDs again. Whatever is then read once
// more is recognised by its bytes.
func (p *Poller) align(ctx context.Context, s Session) error {
	folder := s.Folder()
	p.filing.Lock()
	next := p.cursor
	p.filing.Unlock()
	back, err := p.wentBack(ctx, s, next)
	if err != nil {
		return err
	}
	switch {
	case next.UIDValidity == 0:
		next.LastUID, err = p.startAfter(ctx, s)
		p.log.Info("mailbox.first", "start", p.c.Start.String(), "messages", folder.Messages, "after_uid", next.LastUID)
	case next.UIDValidity != folder.UIDValidity:
		next.LastUID, err = p.startOver(ctx, s)
		p.log.Warn("mailbox.renumbered", "old", next.UIDValidity, "new", folder.UIDValidity, "messages", folder.Messages)
	case back:
		p.log.Warn("mailbox.went_back", "last_uid", next.LastUID, "next_uid", folder.UIDNext)
		next.LastUID, err = p.startOver(ctx, s)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if first := next.LastUID + 1; next.UIDValidity != folder.UIDValidity || first < next.First {
		next.First = first
	}
	next.UIDValidity = folder.UIDValidity
	p.filing.Lock()
	defer p.filing.Unlock()
	next.Fence = p.cursor.Fence
	if _, err := p.c.Pipeline.archive.File(ctx, &next, nil); err != nil {
		return fmt.Errorf("begin with mailbox %s: %w", p.c.Name, err)
	}
	p.cursor = next
	p.ledger.reset()
	return nil
}

// startAfter is the UID after which a mailbox is read that was never read.
func (p *Poller) startAfter(ctx context.Context, s Session) (uint32, error) {
	if p.c.Start.All || !p.c.Start.Since.IsZero() {
		return p.startOver(ctx, s)
	}
	return lastUID(ctx, s)
}

// startOver reads everything again, or everything since the day named. For
// Start now nobody knows any more which mails are older than the first visit,
// and nothing may be lost.
func (p *Poller) startOver(ctx context.Context, s Session) (uint32, error) {
	if p.c.Start.Since.IsZero() {
		return 0, nil
	}
	uids, err := s.UIDs(ctx, 0, p.c.Start.Since)
	if err != nil {
		return 0, err
	}
	if len(uids) > 0 {
		return uids[0] - 1, nil
	}
	return lastUID(ctx, s)
}

// lastUID is the highest UID that the folder has given away so far.
func lastUID(ctx context.Context, s Session) (uint32, error) {
	if next := s.Folder().UIDNext; next > 0 {
		return next - 1, nil
	}
	uids, err := s.UIDs(ctx, 0, time.Time{})
	if err != nil || len(uids) == 0 {
		return 0, err
	}
	return uids[len(uids)-1], nil
}

// String is the start as it is configured.
func (s Start) String() string {
	switch {
	case s.All:
		return "all"
	case s.Since.IsZero():
		return "now"
	}
	return s.Since.Format(time.DateOnly)
}
