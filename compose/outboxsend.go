package compose

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// errDown stops a round: every other letter would meet the same trouble.
var errDown = errors.New("the mail server does not work with us")

// send hands one leased letter over and settles it. The lease is longer than
// the time that the sender gets, so nobody else can have taken the letter
// meanwhile.
func (o *Outbox) send(ctx context.Context, d threads.Delivery, letter threads.Letter) error {
	now := o.cfg.Now()
	if o.missed(d, letter, now) {
		return o.hold(ctx, d, threads.Held, threads.TimeMissed, time.Time{})
	}
	if o.cfg.When != nil {
		if at := o.cfg.When(letter, now); at.After(now) {
			return o.hold(ctx, d, threads.Queued, "waits for the client's hours", at)
		}
	}
	limited, cancel := context.WithTimeout(ctx, o.cfg.Lease*3/4)
	defer cancel()
	out := o.cfg.Sender.Submit(limited, Submission{
		From: o.cfg.Return(letter), To: letter.Recipient.Address, Copy: o.copyFor(letter), Raw: letter.Raw,
	})
	o.note(&d, out)
	if d.State == threads.Deferring && ctx.Err() != nil {
		d.State, d.Next, d.Uncounted = threads.Queued, d.Changed, true // we are being stopped: that is not the letter's fault
	}
	o.log(d, out)
	if err := o.settle(ctx, d); err != nil {
		return fmt.Errorf("settle letter %s as %s: %w", d.Letter, d.State, err)
	}
	if out.Down {
		return fmt.Errorf("%w: %s", errDown, out.Words)
	}
	return ctx.Err()
}

// missed reports whether a letter that had to wait when it was released was not
// tried when it could go, whatever the reason: nobody ran, or our mail server did
// not work with us. What it says may be no longer right.
func (o *Outbox) missed(d threads.Delivery, letter threads.Letter, now time.Time) bool {
	at := letter.At
	if letter.SendAt.After(at) {
		at = letter.SendAt
	}
	if o.cfg.When != nil {
		at = o.cfg.When(letter, at)
	}
	return d.Attempts <= 1 && at.After(letter.At) && now.Sub(at) > o.cfg.Grace
}

// hold puts a letter back that has not been tried: until it may go, or until
// somebody releases it again.
func (o *Outbox) hold(ctx context.Context, d threads.Delivery, state threads.DeliveryState, why string, until time.Time) error {
	d.State, d.Words, d.Changed, d.Next, d.Uncounted = state, why, o.cfg.Now(), until, true
	if err := o.settle(ctx, d); err != nil {
		return fmt.Errorf("hold letter %s: %w", d.Letter, err)
	}
	o.cfg.Log.Info("outbox.held", "letter", d.Letter, "report", d.Report, "state", string(state))
	return ctx.Err()
}

// copyFor is where our copy goes: nowhere if the letter goes there anyway.
func (o *Outbox) copyFor(letter threads.Letter) string {
	if sameMailbox(o.cfg.Copy, letter.Recipient.Address) {
		return ""
	}
	return o.cfg.Copy
}

// note writes the outcome into the delivery. A deferred letter gets its next
// time, or is given up after the last attempt; an outcome that a sender should
// not have is unknown, the one state that claims nothing.
func (o *Outbox) note(d *threads.Delivery, out Outcome) {
	d.State, d.Words, d.Changed, d.Next = out.State, out.Words, o.cfg.Now(), time.Time{}
	switch out.State {
	case threads.Taken:
		if out.CopyLost != "" {
			d.Words += "; our copy was refused: " + out.CopyLost
		}
	case threads.Refused, threads.Unknown:
	case threads.Deferring:
		ours := out.Down && !out.Tried
		if d.Attempts >= o.cfg.Attempts && !ours {
			d.State = threads.Refused
			d.Words = fmt.Sprintf("given up after %d attempts; the last said: %s", d.Attempts, out.Words)
			return
		}
		d.Next = d.Changed.Add(o.cfg.Backoff(d.Attempts))
		if ours { // nor is it that the server does not work with us
			d.Next, d.Uncounted = d.Changed.Add(longestRest), true
		}
	default:
		d.State = threads.Unknown
		d.Words = fmt.Sprintf("the sender said %q: %s", out.State, out.Words)
	}
}

// log tells the event without naming anybody.
func (o *Outbox) log(d threads.Delivery, out Outcome) {
	event := "outbox." + string(d.State)
	if d.State == threads.Taken || d.State == threads.Deferring {
		o.cfg.Log.Info(event, "letter", d.Letter, "report", d.Report, "attempt", d.Attempts, "copy", out.CopyLost == "")
		return
	}
	o.cfg.Log.Warn(event, "letter", d.Letter, "report", d.Report, "attempt", d.Attempts)
}

const (
	settleTries   = 5
	settleTimeout = 30 * time.Second
)

// settle stores what became of the letter, also while the program is being
// stopped: the server's word would be lost otherwise. If the database refuses
// for good the lease runs out and the letter is unknown.
func (o *Outbox) settle(ctx context.Context, d threads.Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	var err error
	for try := range settleTries {
		err = o.cfg.Archive.Settle(ctx, d)
		if err == nil || errors.Is(err, threads.ErrFenced) {
			break
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(1<<try) * 50 * time.Millisecond):
		}
	}
	if errors.Is(err, threads.ErrFenced) {
		return o.late(ctx, d, err)
	}
	return err
}

// late brings what we know of a letter whose lease was over before we could
// store it: that the server took it, or that it certainly did not.
func (o *Outbox) late(ctx context.Context, d threads.Delivery, fenced error) error {
	state, ok := map[threads.DeliveryState]threads.DeliveryState{
		threads.Taken: threads.Taken, threads.Deferring: threads.Queued, threads.Queued: threads.Queued,
	}[d.State]
	if !ok {
		return fenced
	}
	err := o.cfg.Archive.Resolve(ctx, d.Letter, state, d.Words)
	if err != nil && !errors.Is(err, threads.ErrConflict) { // conflict: another proof came first
		return errors.Join(fenced, err)
	}
	return nil
}
