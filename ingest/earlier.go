package ingest

import (
	"context"
	"fmt"
	"slices"

	"rapport/threads"
)

// mostEarlier is how many earlier mails of a person are looked at.
const mostEarlier = 5

// earlier is what a person has written in the project before: with what they
// always end is a signature, whatever it looks like.
func (b *batch) earlier(ctx context.Context, r *routed) ([]threads.Message, error) {
	address := r.author.Address.Address
	if r.class != threads.ClassPerson || r.author.ours || address == "" {
		return nil, nil
	}
	key := r.project.Key + " " + address
	mails, ok := b.before[key]
	if !ok {
		var err error
		mails, err = b.p.archive.EarlierFrom(ctx, r.project.Key, address, mostEarlier)
		if err != nil {
			return nil, fmt.Errorf("look up earlier mail of the sender: %w", err)
		}
		b.before[key] = mails
	}
	if r.again { // it is in the archive itself, and so is what came after it
		mails = slices.DeleteFunc(slices.Clone(mails), func(m threads.Message) bool { return !m.Received.Before(r.InternalDate) })
	}
	return mails, nil
}
