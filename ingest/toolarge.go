package ingest

import (
	"context"
	"errors"
	"fmt"

	"rapport/mail"
	"rapport/threads"
)

// headBytes is how much of a mail over the limit is read: its header.
const headBytes = 64 << 10

// tooLarge puts a mail aside that is over the limit. Of such a mail the
// beginning is read, so that people see who wrote and what about.
func (f *fetcher) tooLarge(ctx context.Context, uid uint32, size int64) error {
	o := threads.Owed{UID: uid, Size: size, Why: threads.WhyTooLarge}
	why := fmt.Errorf("it has %s, and the limit is %s", megabytes(size), megabytes(f.p.c.MaxSize))
	f.p.putAside(o, why) // also if its header breaks the connection
	if f.p.headTried(uid) {
		return nil
	}
	head, err := f.s.Piece(ctx, uid, 0, headBytes)
	if err != nil {
		if errors.Is(err, ErrRefused) {
			return nil
		}
		return err
	}
	x := parsed{Received: Received{Raw: head}}
	x.read(f.p.c.Pipeline.limits)
	o.From, o.Subject = firstOf(x.mail.From), x.mail.Subject
	f.p.putAside(o, why)
	return nil
}

// headTried reports whether the header of a mail is known or was asked for
// before, and notes that it is asked for now.
func (p *Poller) headTried(uid uint32) bool {
	p.filing.Lock()
	defer p.filing.Unlock()
	a := p.ledger.asides[uid]
	tried := a.headTried || a.owed.From.Address != ""
	a.headTried = true
	return tried
}

func firstOf(list []mail.Address) threads.Address {
	if len(list) == 0 {
		return threads.Address{}
	}
	return address(list[0])
}

// megabytes is a number of bytes for people.
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
