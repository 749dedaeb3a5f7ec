package archive

import (
	"cmp"
	"fmt"
	"slices"

	"rapport/threads"
)

// items writes the items of a mail: what each was at every time, and all
// answers, each with its proof.
func (p *packer) items(m *threads.Message) (out []BundledItem, err error) {
	rows := map[string][]threads.Record{} // by item
	var order []*threads.Item
	err = p.source.ItemRecords(m.ID, func(r threads.Record) error {
		switch {
		case len(r.Erased) > 0:
			return nil
		case r.Item != nil && r.Item.Project != m.Project: // of another client, when the mail was there
			return nil
		case r.Item != nil && rows[r.Item.ID] == nil:
			order = append(order, r.Item)
		}
		rows[r.Entry.Subject] = append(rows[r.Entry.Subject], r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(order, func(a, b *threads.Item) int { return cmp.Compare(a.Number, b.Number) })
	for _, i := range order {
		b, err := p.item(i, rows[i.ID])
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", i.ID, err)
		}
		if len(b.History) > 0 {
			out = append(out, b)
		}
	}
	return out, nil
}

// item writes the history of one item.
func (p *packer) item(i *threads.Item, rows []threads.Record) (b BundledItem, err error) {
	lines, err := p.about(threads.EntryItem, i.ID)
	if err != nil {
		return b, err
	}
	var then []reading
	for n := range lines {
		l := &lines[n]
		then = append(then, readingOf(l, rows))
		if l.N >= p.manifest.Lines {
			err = p.uncover(l, i.Label())
		} else {
			err = p.reading(&b, &then[n])
		}
		if err != nil {
			return b, err
		}
	}
	if len(b.History) == 0 {
		return b, nil
	}
	if err := p.now(&b, then, rows); err != nil {
		return b, err
	}
	return b, p.answers(&b, i, rows)
}

// reading is a line about an item, and what the item was then; nil if nobody
// knows any more.
type reading struct {
	*logged
	item        *threads.Item
	salt, value []byte
}

func readingOf(l *logged, rows []threads.Record) reading {
	for i := range rows {
		if r := &rows[i]; r.Item != nil && threads.Commit(r.Salt, r.Value) == l.Commit {
			then := *r.Item
			then.Answer = nil
			if then.State != threads.Dismissed {
				then.State = then.Kind.FirstState()
			}
			return reading{l, &then, r.Salt, r.Value}
		}
	}
	return reading{logged: l}
}

// reading adds a line about an item.
func (p *packer) reading(b *BundledItem, r *reading) error {
	n := len(b.History)
	if n > 0 {
		n++
	}
	h := BundledReading{BundledRecord{Type: r.Type, Subject: r.Subject, Proof: proofName(r.Type, r.Subject, n), Line: r.text, Value: string(r.value)}, r.item}
	b.History = append(b.History, h)
	return p.prove(h.Proof, r.logged, r.salt)
}

// now finds what an item is, as far as the checkpoint knows: what the latest line
// about it says. Lines of the first form leave open where its words stand, which
// a later reading may have found anew.
func (p *packer) now(b *BundledItem, then []reading, rows []threads.Record) error {
	i := slices.IndexFunc(rows, func(r threads.Record) bool { return r.Item != nil && !r.Past })
	if i < 0 {
		return nil // it is no more
	}
	item := *rows[i].Item
	for _, r := range slices.Backward(then) {
		if r.item == nil || !saysItem(string(r.value), &item) {
			continue
		}
		if r.N < p.manifest.Lines {
			b.Item = &item
			return nil
		}
		for _, h := range slices.Backward(b.History) { // it was changed since; what it was
			if h.Item != nil {
				was := *h.Item
				if was.Answer = item.Answer; was.Answer != nil {
					was.State = threads.Answered
				}
				b.Item = &was
				break
			}
		}
		return nil
	}
	return errNotLogged
}

// answers adds every answer to an item. The one that counts is the latest that
// the checkpoint covers, if the row's own is newer.
func (p *packer) answers(b *BundledItem, i *threads.Item, rows []threads.Record) error {
	counts, covered, newer := (*threads.Answer)(nil), false, false
	if b.Item != nil {
		counts = b.Item.Answer
	}
	for n := range rows {
		r := &rows[n]
		if r.Answer == nil {
			continue
		}
		record, err := p.record(r, i.Label())
		if err != nil {
			return err
		}
		if newer = newer || record == nil; record == nil {
			continue
		}
		b.Answers = append(b.Answers, BundledAnswer{*record, r.Answer})
		covered = covered || counts != nil && *counts == *r.Answer
	}
	if counts == nil || covered {
		return nil
	}
	if !newer {
		return errNotLogged
	}
	b.Item.Answer = nil
	for _, h := range b.History { // the last that is known was it without an answer
		if h.Item != nil {
			b.Item.State = h.Item.State
		}
	}
	if n := len(b.Answers); n > 0 {
		b.Item.Answer, b.Item.State = b.Answers[n-1].Answer, threads.Answered
	}
	return nil
}
