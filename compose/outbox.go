package compose

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"rapport/threads"
)

// Outgoing is what the archive does for the outbox.
type Outgoing interface {
	// Lease takes the next due letter into the state sending; threads.ErrNotFound when nothing is due.
	Lease(ctx context.Context, owner string, ttl time.Duration) (threads.Delivery, threads.Letter, error)
	// Expire makes unknown what is in sending and whose lease is over.
	Expire(ctx context.Context) (int, error)
	// Settle writes a delivery's state under its fence.
	Settle(ctx context.Context, d threads.Delivery) error
	// Unsettled returns the deliveries in the state unknown.
	Unsettled(ctx context.Context) ([]threads.Delivery, error)
	// Resolve takes a delivery out of unknown: accepted, or queued again.
	Resolve(ctx context.Context, letter string, state threads.DeliveryState, words string) error
}

// Sender hands letters to a mail server. It keeps its session open between
// letters.
type Sender interface {
	// Submit hands over one letter in one transaction and says what became of it.
	Submit(ctx context.Context, s Submission) Outcome
	// Close ends the session; the next Submit opens a new one.
	Close() error
}

// Submission is one letter with its envelope.
type Submission struct {
	From string // envelope sender: bounces go there
	To   string // the recipient
	Copy string // our own address, named in the envelope only; "" for no copy
	Raw  []byte
}

// Outcome is what became of a Submission.
type Outcome struct {
	State    threads.DeliveryState // accepted, refused, deferred or unknown
	Words    string                // the server's, or ours where there was no server
	CopyLost string                // why our copy was refused though the letter went out
	Down     bool                  // the trouble is with the server, so the next letter would fare alike
	Tried    bool                  // though Down, it came while the letter was given, so the letter may be its cause
}

// OutboxConfig is what an Outbox works with. Zero fields take the defaults named.
type OutboxConfig struct {
	Archive Outgoing
	Sender  Sender
	Owner   string                                          // names this process in leases
	From    string                                          // envelope sender
	Return  func(threads.Letter) string                     // if set, the envelope sender of each letter instead of From
	Copy    string                                          // our own address whose mailbox is read; see Unknown
	When    func(l threads.Letter, now time.Time) time.Time // when a letter may go (threads.Hours.Next); nil means now
	Unknown UnknownPolicy

	Lease    time.Duration                    // 20 minutes: longer than the slowest server may take (RFC 5321 section 4.5.3.2)
	Every    time.Duration                    // 5 seconds: how often Run looks
	Wake     <-chan struct{}                  // looks at once when something comes
	Attempts int                              // 30: how often a letter is tried before it is given up
	Grace    time.Duration                    // an hour: a letter whose time is longer ago was missed, and waits to be released again
	Backoff  func(attempts int) time.Duration // 1, 4, 16 minutes, then hourly
	Now      func() time.Time
	Log      *slog.Logger
}

// Outbox is the worker that sends what was released. Any number of them may
// work on one archive.
type Outbox struct{ cfg OutboxConfig }

// NewOutbox checks the configuration and fills in the defaults.
func NewOutbox(cfg OutboxConfig) (*Outbox, error) {
	switch {
	case cfg.Archive == nil || cfg.Sender == nil:
		return nil, errors.New("outbox: no archive or no sender")
	case cfg.Owner == "":
		return nil, errors.New("outbox: no owner to lease for")
	case cfg.From == "" && cfg.Return == nil:
		return nil, errors.New("outbox: no envelope sender")
	}
	if cfg.Return == nil {
		cfg.Return = func(threads.Letter) string { return cfg.From }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Backoff == nil {
		cfg.Backoff = backoff
	}
	cfg.Lease = orElse(cfg.Lease, 20*time.Minute)
	cfg.Every = orElse(cfg.Every, 5*time.Second)
	cfg.Attempts = orElse(cfg.Attempts, 30)
	cfg.Grace = orElse(cfg.Grace, time.Hour)
	cfg.Unknown.Wait = orElse(cfg.Unknown.Wait, time.Hour)
	cfg.Unknown.Attempts = orElse(cfg.Unknown.Attempts, 3)
	return &Outbox{cfg}, nil
}

func orElse[T int | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// backoff is how long a letter waits after so many attempts.
func backoff(attempts int) time.Duration {
	switch {
	case attempts <= 1:
		return time.Minute
	case attempts == 2:
		return 4 * time.Minute
	case attempts == 3:
		return 16 * time.Minute
	}
	return time.Hour
}

// longestRest is how long Run rests at most while the server is down.
const longestRest = 5 * time.Minute

// Run works until the context ends. A letter that is being sent then is
// finished or broken off, and settled, before Run returns.
func (o *Outbox) Run(ctx context.Context) error {
	defer o.cfg.Sender.Close()
	rest := o.cfg.Every
	for {
		_, err := o.Once(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			o.cfg.Log.Error("outbox.trouble", "error", err.Error())
			rest = min(2*rest, longestRest)
		default:
			rest = o.cfg.Every
		}
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-o.cfg.Wake:
		}
		timer.Stop()
	}
}

// Once does one round: what is unknown is looked into, what is due is sent.
// It returns how many letters it has handed over or tried to. The error is
// about the archive or about the server as a whole; what became of each letter
// is in its delivery.
func (o *Outbox) Once(ctx context.Context) (int, error) {
	defer o.cfg.Sender.Close() // servers do not like idle sessions
	if n, err := o.cfg.Archive.Expire(ctx); err != nil {
		return 0, fmt.Errorf("look for broken leases: %w", err)
	} else if n > 0 {
		o.cfg.Log.Warn("outbox.lease.broken", "letters", n)
	}
	if err := o.resolve(ctx); err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		d, letter, err := o.cfg.Archive.Lease(ctx, o.cfg.Owner, o.cfg.Lease)
		if errors.Is(err, threads.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("lease the next letter: %w", err)
		}
		if err := o.send(ctx, d, letter); err != nil {
			return n + 1, err
		}
	}
}
