package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// Evidence is a store at one moment, as bundles need it. Nothing is asked while
// do runs.
type Evidence interface {
	Leaves(do func(n int64, line []byte) error) error
	Leaf(n int64) (line []byte, err error)
	Tile(level int, n int64) ([]byte, error)
	Message(id string) (threads.Message, error)
	MailEvidence(id string) (salt, value, read []byte, err error)
	RawMail(sha string) ([]byte, error)
	ErasureSalt(message string) ([]byte, error)

	ChangeRecords(id string, do func(threads.Record) error) error
	ItemRecords(message string, do func(threads.Record) error) error
	ReportRecords(message string, do func(threads.Record) error) error
	AccountRecords(messages []string, do func(threads.Record) error) error
}

// Attached is an attachment with its bytes.
type Attached struct {
	threads.Attachment
	Body []byte
}

// Chapter is the mail of one thread that goes into a bundle, in its order.
type Chapter struct {
	Mails []string // ids
}

// Export says what goes into a bundle.
type Export struct {
	Project    threads.Project
	From, To   string // as asked for, for people
	Query      string
	Made       time.Time
	Chapters   []Chapter
	Changes    []threads.Change // about any of the mail; of their mails only those in the bundle
	Checkpoint []byte           // signed
	Next       time.Time        // when the next one is due, zero if nobody knows
	Stamp      []byte           // of the checkpoint, nil if there is none
	Key        *Key
	Temp       string // a folder for the list while it grows; "" is the system's

	Attachments func(raw []byte) []Attached // if set, they become files of their own
}

// packer writes one bundle, mail by mail. In memory it has one of them, and of
// each line of the log sixteen bytes.
type packer struct {
	*Export
	source   Evidence
	zip      *container
	manifest Manifest
	sections map[string]*spool
	lines    lineIndex
	hashes   tlog.HashReader
	changes  map[string][]*BundledChange // by mail
	accounts []BundledRecord
	packed   Packed
}

// Packed is how much of what was asked for a bundle has in it.
type Packed struct {
	Mails, Erased int
	Uncovered     int // lines of the log about it that no checkpoint covers yet
}

// Pack writes a bundle.
func (e *Export) Pack(source Evidence, out io.Writer) (*Packed, error) {
	c, err := ReadCheckpoint(e.Checkpoint)
	if err != nil {
		return nil, err
	}
	p := &packer{Export: e, source: source, sections: map[string]*spool{}, changes: map[string][]*BundledChange{}}
	p.manifest = Manifest{V: bundleForm, Origin: c.Origin, Project: e.Project.Key, Name: e.Project.Name, From: e.From, To: e.To, Query: e.Query,
		Made: e.Made.UTC(), Lines: c.Size, Attachments: e.Attachments != nil, Page: pageForm}
	if !e.Next.IsZero() {
		next := e.Next.UTC()
		p.manifest.Next = &next
	}
	p.hashes = HashReader(context.Background(), p)
	defer func() {
		for _, s := range p.sections {
			s.close()
		}
	}()
	for _, name := range append(sections, "") { // "" is the list of the zip file
		if p.sections[name], err = newSpool(e.Temp); err != nil {
			return nil, err
		}
	}
	p.zip = newContainer(out, p.manifest.Made, p.sections[""])
	for _, step := range []func() error{p.findLines, p.packChanges, p.packAccounts, p.packMails, p.mbox, p.table, p.page, p.signed, p.zip.close} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &p.packed, nil
}

// packMails writes the mail with all that belongs to it.
func (p *packer) packMails() error {
	for i := range p.Chapters {
		for _, id := range p.Chapters[i].Mails {
			m, err := p.source.Message(id)
			if err == nil {
				err = p.mail(&m)
			}
			if err != nil {
				return fmt.Errorf("message %s: %w", id, err)
			}
		}
	}
	return nil
}

// put writes a file and notes its hash.
func (p *packer) put(name string, content []byte) error {
	return p.stream(name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// stream writes a file bit by bit and notes its hash.
func (p *packer) stream(name string, fill func(io.Writer) error) error {
	sum, err := p.zip.add(name, fill)
	if err != nil {
		return err
	}
	return p.sections[filesSection].write(fmt.Appendf(nil, "%q:%q\n", name, sum))
}

// signed writes what the others are checked with.
func (p *packer) signed() error {
	if err := p.put(checkpointFile, p.Checkpoint); err != nil {
		return err
	}
	if p.Stamp != nil {
		if err := p.put(stampFile, p.Stamp); err != nil {
			return err
		}
	}
	if err := p.put(keyFile, []byte(p.Key.Public()+"\n")); err != nil {
		return err
	}
	sum, err := p.zip.add(manifestFile, p.writeManifest)
	if err != nil {
		return err
	}
	note, err := p.Key.signText(bundleHead + sum + "\n")
	if err != nil {
		return err
	}
	_, err = p.zip.add(noteFile, func(w io.Writer) error {
		_, err := w.Write(note)
		return err
	})
	return err
}

// errUncovered: the log says it, in a line that no checkpoint has signed yet.
var errUncovered = errors.New("no checkpoint has signed that yet")

// LogTile serves HashReader.
func (p *packer) LogTile(_ context.Context, level int, n int64) ([]byte, error) {
	return p.source.Tile(level, n)
}
