package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/threads"
)

// sentLetters are the letters of ours that a mail may quote, the likeliest
// first: the one whose reply address it was sent to, those in its references
// from the nearest on, then the latest of the project.
func (b *batch) sentLetters(ctx context.Context, r *routed) ([]threads.SentLetter, error) {
	const most = 5
	switch r.class {
	case threads.ClassPerson, threads.ClassAutoReply, threads.ClassOutOfOffice:
	default:
		return nil, nil
	}
	project := r.project.Key
	var ids []string
	for _, l := range r.letters {
		if l.Project == project {
			ids = append(ids, l.MessageID)
		}
	}
	about := r.about()
	if r.author.inner != nil {
		about = append(about, capped(r.author.inner.References)...)
	}
	slices.Reverse(about)
	for _, id := range about {
		if b.weSent(id, project) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		if latest, ok := b.latest[project]; ok {
			return before(latest, r.InternalDate), nil
		}
	}
	sent, err := b.p.archive.SentLetters(ctx, project, ids, most)
	if err != nil {
		return nil, fmt.Errorf("look up the letters of %s: %w", project, err)
	}
	if len(ids) == 0 {
		b.latest[project] = sent
	}
	return before(sent, r.InternalDate), nil
}

// skew is how far our clock and the mail server's may differ.
const skew = 10 * time.Minute

// before leaves out letters that were approved only after a mail had come. They
// may quote that very mail, whose words would then be taken for ours.
func before(sent []threads.SentLetter, came time.Time) []threads.SentLetter {
	if came.IsZero() {
		return sent
	}
	return slices.DeleteFunc(slices.Clone(sent), func(l threads.SentLetter) bool { return l.At.After(came.Add(skew)) })
}
