package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// wentBack reports whether the server gives UIDs a second time, since it was
// restored from an older backup: RFC 9051 section 2.3.1.1 forbids it, and copies
// of a Maildir do it all the same.
func (p *Poller) wentBack(ctx context.Context, s Session, cursor threads.Cursor) (bool, error) {
	folder := s.Folder()
	switch {
	case folder.UIDValidity != cursor.UIDValidity || cursor.LastUID == 0:
		return false, nil
	case folder.UIDNext != 0 && folder.UIDNext <= cursor.LastUID:
		return true, nil
	}
	return p.reused(ctx, s, cursor)
}

const (
	lookBack     = 1000    // UIDs below the cursor among which the latest mail is looked for
	mostCompared = 1 << 20 // bytes of the mail that is compared
)

// reused reports whether UIDs below the cursor belong to other mails than those
// that were filed under them. When a restored server has gone past our cursor by
// the time we look, UIDNEXT tells nothing; but then the latest filed UID is
// among those used again, and the archive does not know its mail.
func (p *Poller) reused(ctx context.Context, s Session, cursor threads.Cursor) (bool, error) {
	filed, err := p.c.Cursors.FiledUIDs(ctx, p.c.Name, cursor.UIDValidity)
	if err != nil {
		return false, fmt.Errorf("read what of mailbox %s is filed: %w", p.c.Name, err)
	}
	there, err := s.UIDs(ctx, cursor.LastUID-min(cursor.LastUID, lookBack), time.Time{})
	if err != nil {
		return false, err
	}
	there = slices.DeleteFunc(there, func(uid uint32) bool {
		_, ours := slices.BinarySearch(filed, uid)
		return !ours || uid > cursor.LastUID
	})
	for _, uid := range slices.Backward(there[max(0, len(there)-10):]) { // one of ten is not large
		raw, err := p.lookAt(ctx, s, uid, mostCompared)
		if err != nil {
			return false, err
		}
		if raw != nil {
			return p.strange(ctx, raw)
		}
	}
	return false, nil
}

// lookAt fetches a mail that may be filed; nil if it is larger than most, or not
// to be had. What fails once is not looked at again: it may be this mail that
// breaks the connection.
func (p *Poller) lookAt(ctx context.Context, s Session, uid uint32, most int64) ([]byte, error) {
	sizes, err := s.Sizes(ctx, []uint32{uid})
	if err != nil || sizes[uid] == 0 || sizes[uid] > most || p.avoid[uid] {
		return nil, err
	}
	mails, err := s.Fetch(ctx, []uint32{uid}, most+most/4) // a size that is told may be a little wrong
	if err != nil {
		p.avoid[uid] = true
	}
	if err != nil || len(mails) != 1 || len(mails[0].Raw) == 0 {
		return nil, err
	}
	return mails[0].Raw, nil
}

// strange reports whether the archive knows nothing of a mail. Some servers
// write a mail anew each time it is asked for, so its Message-ID will do.
func (p *Poller) strange(ctx context.Context, raw []byte) (bool, error) {
	filed, err := p.isFiled(ctx, raw)
	id := mail.Parse(raw, p.c.Pipeline.limits).MessageID
	if err != nil || filed || id == "" {
		return !filed, err
	}
	known, err := p.c.Pipeline.archive.KnownIDs(ctx, []string{id})
	return len(known) == 0, err
}
