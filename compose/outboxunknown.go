package compose

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// UnknownPolicy is what is done about a letter of which nobody knows whether
// the server has taken it: the connection was gone after the final dot, or the
// process died while it was sending (RFC 1047 tells why SMTP cannot say).
//
// Whatever proves the letter's arrival settles it at once, and that is not done
// here: our own copy, a bounce, a receipt or the client's answer comes in as
// mail, and filing it resolves the delivery.
//
// Absence proves something only if the copy would have been seen. So a letter
// is queued again, with the same bytes, only when all of this holds:
//
//   - letters have a copy for a mailbox of ours, and Watched tells until when
//     that mailbox has been read completely;
//   - the letter has been unknown for longer than Wait, and the mailbox has been
//     read completely since then;
//   - it was given to a server fewer than Attempts times.
//
// In every other case it stays unknown and the manager decides. Should the
// server have held both the letter and the copy for longer than Wait, the
// client gets the same bytes twice, under one Message-ID; that is what Wait
// weighs against a letter that never comes.
type UnknownPolicy struct {
	Wait     time.Duration                                 // 1 hour
	Watched  func(ctx context.Context) (time.Time, error)  // nil: nothing is ever sent again by itself
	Attempts int                                           // 3
	Tell     func(ctx context.Context, d threads.Delivery) // nil, or called once per round for each letter that the manager must decide
}

// resolve looks into the letters that are unknown.
func (o *Outbox) resolve(ctx context.Context) error {
	list, err := o.cfg.Archive.Unsettled(ctx)
	if err != nil {
		return fmt.Errorf("look for letters that may not have arrived: %w", err)
	}
	if len(list) == 0 {
		return nil
	}
	watched, err := o.watched(ctx)
	if err != nil {
		return err
	}
	for _, d := range list {
		switch o.verdict(d, watched) {
		case wait:
		case ask:
			if o.cfg.Unknown.Tell != nil {
				o.cfg.Unknown.Tell(ctx, d)
			}
		case again:
			words := fmt.Sprintf("sent again with the same bytes: our own copy had not come by %s", watched.UTC().Format(time.RFC3339))
			err := o.cfg.Archive.Resolve(ctx, d.Letter, threads.Queued, words)
			if errors.Is(err, threads.ErrConflict) {
				continue // its proof has come at this moment
			}
			if err != nil {
				return fmt.Errorf("queue letter %s again: %w", d.Letter, err)
			}
			o.cfg.Log.Warn("outbox.again", "letter", d.Letter, "report", d.Report, "attempt", d.Attempts)
		}
	}
	return nil
}

// watched is until when our own mailbox has been read, the zero time if nobody
// can tell.
func (o *Outbox) watched(ctx context.Context) (time.Time, error) {
	if o.cfg.Copy == "" || o.cfg.Unknown.Watched == nil {
		return time.Time{}, nil
	}
	at, err := o.cfg.Unknown.Watched(ctx)
	if err != nil {
		return at, fmt.Errorf("ask how far our own mailbox was read: %w", err)
	}
	return at, nil
}

// verdict on one unknown letter.
type verdict int

const (
	wait  verdict = iota // its proof may still come
	again                // it is safe to send it again
	ask                  // the manager decides
)

func (o *Outbox) verdict(d threads.Delivery, watched time.Time) verdict {
	due := d.Changed.Add(o.cfg.Unknown.Wait)
	switch {
	case o.cfg.Now().Before(due):
		return wait
	case o.cfg.Copy == "" || o.cfg.Unknown.Watched == nil:
		return ask
	case sameMailbox(o.cfg.Copy, d.Recipient.Address):
		return ask // it had no copy of its own
	case d.Attempts >= o.cfg.Unknown.Attempts:
		return ask
	case watched.Before(due):
		return wait // our mailbox was not read; that is trouble of its own, and shown as such
	}
	return again
}

// sameMailbox compares addresses as servers do, a plus part aside.
func sameMailbox(a, b string) bool {
	return strings.EqualFold(threads.WithoutTag(a), threads.WithoutTag(b))
}
