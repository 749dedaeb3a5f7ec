package archive

import (
	"errors"
	"regexp"
	"strings"

	"rapport/threads"
)

// mail writes a mail, its proof and what belongs to it, or that it was erased.
// One whose latest line the checkpoint does not cover is only named.
func (p *packer) mail(m *threads.Message) error {
	if m.Erased != nil {
		return p.erased(m)
	}
	salt, value, read, err := p.source.MailEvidence(m.ID)
	if err != nil {
		return err
	}
	lines, err := p.about(threads.EntryMailIn, m.ID)
	if err != nil {
		return err
	}
	l, _, err := p.committed(lines[max(0, len(lines)-1):], salt, value)
	if errors.Is(err, errUncovered) {
		return p.uncover(l, "")
	}
	b := BundledMail{ID: m.ID, Thread: m.Thread, Direction: m.Direction, Class: m.Class, Date: m.Date, Received: m.Received, Sender: m.From,
		Subject: m.Subject, MessageID: m.MessageID, SHA256: m.RawSHA, File: "mail/" + m.ID + ".eml", Proof: "proof/" + m.ID + ".tlog-proof",
		Value: string(value), Read: string(read), Why: m.Evidence, Authentication: m.Authentication}
	if err == nil {
		b.Line = l.text
		err = p.prove(b.Proof, l, salt)
	}
	if err != nil {
		return err
	}
	if err := p.bytes(&b); err != nil {
		return err
	}
	if b.Items, err = p.items(m); err != nil {
		return err
	}
	if m.Direction == threads.Out {
		b.Report, err = p.records(func(do func(threads.Record) error) error { return p.source.ReportRecords(m.ID, do) })
		if err != nil {
			return err
		}
	}
	p.packed.Mails++
	return p.sections[messagesSection].add(&b)
}

// bytes writes the bytes of a mail, and of its attachments.
func (p *packer) bytes(b *BundledMail) error {
	raw, err := p.source.RawMail(b.SHA256)
	if err != nil {
		return err
	}
	if err := p.put(b.File, raw); err != nil || p.Attachments == nil {
		return err
	}
	for _, a := range p.Attachments(raw) {
		f := bundledFile(b.ID, &a.Attachment)
		if err := p.put(f.File, a.Body); err != nil {
			return err
		}
		b.Attachments = append(b.Attachments, f)
	}
	return nil
}

func bundledFile(mail string, a *threads.Attachment) BundledFile {
	return BundledFile{Part: a.Part, Name: a.Name, Type: a.Type, File: "attachment/" + mail + "/" + fileName(a)}
}

// unusual is what some systems do not take in the name of a file, or what zip
// files have two ways to write.
var unusual = regexp.MustCompile(`[^a-zA-Z0-9.-]+`)

// fileName is a name that every system takes: the part's number, which no other
// has, and of what the mail calls it the end, which tells its type.
func fileName(a *threads.Attachment) string {
	name := strings.TrimLeft(unusual.ReplaceAllString(a.Name, "_"), ".")
	return a.Part + "-" + name[max(0, len(name)-100):]
}

// erased writes the proof of a tombstone.
func (p *packer) erased(m *threads.Message) error {
	salt, err := p.source.ErasureSalt(m.ID)
	if err != nil {
		return err
	}
	lines, err := p.about(threads.EntryErased, m.ID)
	if err != nil {
		return err
	}
	l, _, err := p.committed(lines, salt, erasedValue(m.Erased))
	if errors.Is(err, errUncovered) {
		return p.uncover(l, "")
	}
	b := BundledMail{ID: m.ID, Thread: m.Thread, Erased: m.Erased, Proof: "proof/" + m.ID + ".erased.tlog-proof"}
	if err == nil {
		b.Line = l.text
		err = p.prove(b.Proof, l, salt)
	}
	if err != nil {
		return err
	}
	p.packed.Erased++
	return p.sections[messagesSection].add(&b)
}
