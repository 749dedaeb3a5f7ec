package archive

import (
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// record writes the proof of a row; nil if the checkpoint does not cover it.
// What was erased cannot be proven, and is left out. label is what people call
// the item that an answer is for.
func (p *packer) record(r *threads.Record, label string) (*BundledRecord, error) {
	e := &r.Entry
	if len(r.Erased) > 0 {
		return nil, nil
	}
	of, _ := class(e.Type)
	lines, err := p.about(of, e.Subject)
	if err != nil {
		return nil, err
	}
	l, value, err := p.committed(lines, r.Salt, r.Value)
	if errors.Is(err, errUncovered) {
		return nil, p.uncover(l, label)
	}
	b := &BundledRecord{Type: e.Type, Subject: e.Subject, N: r.N, Proof: proofName(e.Type, e.Subject, r.N), Value: string(value), To: r.To}
	b.By = saysBy(of, b.Value)
	if err == nil {
		b.Line = l.text
		err = p.prove(b.Proof, l, r.Salt)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", place(of, e.Subject, r.N), err)
	}
	return b, nil
}

// records writes the proofs of several rows.
func (p *packer) records(read func(do func(threads.Record) error) error) (out []BundledRecord, err error) {
	var rows []threads.Record
	err = read(func(r threads.Record) error {
		rows = append(rows, r)
		return nil
	})
	for i := 0; err == nil && i < len(rows); i++ {
		var b *BundledRecord
		if b, err = p.record(&rows[i], ""); b != nil {
			out = append(out, *b)
		}
	}
	return out, err
}

// packChanges writes what was decided by hand.
func (p *packer) packChanges() error {
	for i := range p.Changes {
		c := BundledChange{Change: p.Changes[i]}
		var err error
		if c.Records, err = p.records(func(do func(threads.Record) error) error { return p.source.ChangeRecords(c.ID, do) }); err != nil {
			return err
		}
		made, undone := false, false
		for _, r := range c.Records {
			made, undone = made || r.Type == threads.EntryChange, undone || r.Type == threads.EntryUndo
		}
		if !made {
			continue
		}
		if !undone { // as far as the checkpoint knows
			c.UndoneBy, c.UndoneAt = "", time.Time{}
		}
		if err := p.sections[changesSection].add(&c); err != nil {
			return err
		}
		for _, m := range c.Messages {
			p.changes[m] = append(p.changes[m], &c)
		}
	}
	return nil
}

// packAccounts writes the accounts of the mailboxes in which the mail lay.
func (p *packer) packAccounts() (err error) {
	var mails []string
	for i := range p.Chapters {
		mails = append(mails, p.Chapters[i].Mails...)
	}
	p.accounts, err = p.records(func(do func(threads.Record) error) error { return p.source.AccountRecords(mails, do) })
	for i := 0; err == nil && i < len(p.accounts); i++ {
		err = p.sections[mailboxesSection].add(&p.accounts[i])
	}
	return err
}
