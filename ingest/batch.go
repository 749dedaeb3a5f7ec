package ingest

import (
	"context"
	"fmt"

	"rapport/threads"
)

// How many references of one mail are looked up and stored: its oldest and its
// latest. Real threads have fewer; hostile headers have more.
const (
	oldestIDs = 20
	latestIDs = 80
)

// batch is what is known while some mails are decided together: the projects
// at this moment, what the archive knows of all their ids, and what earlier
// mails of the batch have added.
type batch struct {
	p      *Pipeline
	dir    *threads.Directory
	known  map[string][]known
	added  map[string][]known              // of these, what the archive does not have yet
	latest map[string][]threads.SentLetter // of a project, for mails that name no letter
	before map[string][]threads.Message    // of a person in a project
}

// newBatch asks the archive about the ids of all mails at once.
func (f *flow) newBatch(ctx context.Context, all []parsed) (*batch, error) {
	p := f.p
	b := &batch{p: p, dir: p.directory(), known: map[string][]known{}, added: map[string][]known{}, latest: map[string][]threads.SentLetter{}, before: map[string][]threads.Message{}}
	var ids []string
	asked := map[string]bool{}
	for i := range all {
		for _, id := range all[i].ids() {
			if !asked[id] {
				asked[id] = true
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return b, nil
	}
	stored, err := p.archive.KnownIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look up message ids: %w", err)
	}
	for _, k := range stored {
		b.known[k.MessageID] = append(b.known[k.MessageID], known{Known: k})
	}
	for id := range asked {
		for _, added := range f.recent {
			b.known[id] = append(b.known[id], added[id]...)
		}
	}
	return b, nil
}

// ids are all message ids that a mail names: its own and those it is about.
func (x *parsed) ids() []string {
	if x.stored || x.mail == nil {
		return nil
	}
	ids := append([]string{x.mail.MessageID}, x.about()...)
	if x.attached != nil {
		ids = append(append(ids, capped(x.attached.References)...), x.attached.MessageID)
	}
	return distinct(ids)
}

// about are the ids of the mails that a mail answers or reports on, the oldest
// first.
func (x *parsed) about() []string {
	ids := append(capped(x.mail.References), capped(x.mail.InReplyTo)...)
	for _, d := range x.deliveries {
		ids = append(ids, d.MessageID)
	}
	if r := x.returned(); r != nil {
		ids = append(ids, capped(r.References)...)
		ids = append(ids, r.MessageID)
	}
	return distinct(ids)
}

// capped leaves the oldest and the latest of too many ids.
func capped(ids []string) []string {
	if len(ids) <= oldestIDs+latestIDs {
		return ids[:len(ids):len(ids)]
	}
	return append(ids[:oldestIDs:oldestIDs], ids[len(ids)-latestIDs:]...)
}

// distinct drops empty and repeated entries; of a repeated one the last place
// counts, so that the id nearest to the mail stays last.
func distinct(ids []string) []string {
	last := map[string]int{}
	for i, id := range ids {
		last[id] = i
	}
	var out []string
	for i, id := range ids {
		if id != "" && last[id] == i {
			out = append(out, id)
		}
	}
	return out
}

// known is a mail under its Message-ID: in the archive, or, with its bytes
// unless it is large, on its way there.
type known struct {
	threads.Known
	raw []byte
}

// remember lets later mails refer to this one before it is filed.
func (b *batch) remember(r *routed) {
	id := r.mail.MessageID
	if id == "" {
		return
	}
	k := known{threads.Known{MessageID: id, Project: r.project.Key, Direction: r.direction}, r.Raw}
	if len(k.raw) > bytesPerBatch {
		k.raw = nil
	}
	b.known[id] = append(b.known[id], k)
	b.added[id] = append(b.added[id], k)
}
