package archive

import (
	"errors"
	"fmt"

	"rapport/threads"
)

// findRecords reads what the log says beside the mail. Decisions come first:
// they tell where items stood before. What was erased cannot be proven, and is
// left out.
func (p *packer) findRecords() error {
	kept, report := map[key]bool{}, ""
	keep := func(r threads.Record) error {
		if len(r.Salt) > 0 {
			p.records, p.mails = append(p.records, r), append(p.mails, report)
			kept[keyOf(&r.Entry)] = true
		}
		return nil
	}
	for _, c := range p.Changes {
		if err := p.source.ChangeRecords(c.ID, keep); err != nil {
			return err
		}
	}
	for i := range p.Messages {
		m := &p.Messages[i]
		err := p.source.ItemRecords(m.ID, keep)
		if err == nil && m.Direction == threads.Out {
			report = m.ID
			err = p.source.ReportRecords(m.ID, keep)
			report = ""
		}
		if err != nil {
			return err
		}
	}
	mails := make([]string, len(p.Messages))
	for i := range p.Messages {
		mails[i] = p.Messages[i].ID
	}
	if err := p.source.AccountRecords(mails, keep); err != nil {
		return err
	}
	for _, i := range p.Items {
		if kept[key{threads.EntryItem, i.ID, 0}] {
			p.manifest.Items = append(p.manifest.Items, i)
		}
	}
	for _, c := range p.Changes {
		if kept[key{threads.EntryChange, c.ID, 0}] {
			p.manifest.Changes = append(p.manifest.Changes, c)
		}
	}
	return nil
}

// proveRecords writes the proof of each.
func (p *packer) proveRecords() error {
	for i := range p.records {
		r := &p.records[i]
		e := &r.Entry
		b := BundledRecord{Type: e.Type, Subject: e.Subject, N: r.N, Proof: fmt.Sprintf("proof/%s.%s.tlog-proof", e.Subject, e.Type)}
		if r.N > 0 {
			b.Proof = fmt.Sprintf("proof/%s.%s.%d.tlog-proof", e.Subject, e.Type, r.N)
		}
		line, value, err := p.prove(b.Proof, keyOf(e), r.Salt, append([][]byte{r.Value}, r.Moved...)...)
		if e.Type == threads.EntryCoverage && errors.Is(err, ErrNewer) {
			continue // the mail was signed for before its mailbox was
		}
		if err != nil {
			return fmt.Errorf("%s: %w", place(key{keyOf(e).class, e.Subject, r.N}), err)
		}
		b.Line, b.Value = line, string(value)
		p.manifest.Records = append(p.manifest.Records, b)
	}
	return nil
}
