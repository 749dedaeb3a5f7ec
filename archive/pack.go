package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// Evidence is a store at one moment, as bundles need it.
type Evidence interface {
	Leaves(do func(n int64, line []byte) error) error
	Tile(level int, n int64) ([]byte, error)
	MailEvidence(id string) (salt, value []byte, err error)
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

// Export says what goes into a bundle.
type Export struct {
	Project    threads.Project
	From, To   string // as asked for, for people
	Query      string
	Made       time.Time
	Threads    []threads.Thread
	Messages   []threads.Message // in the order of their threads
	Items      []threads.Item
	Changes    []threads.Change
	Checkpoint []byte // signed
	Stamp      []byte // of the checkpoint, nil if there is none
	Key        *Key

	Attachments func(raw []byte) []Attached // if set, they become files of their own
}

// packer writes one bundle.
type packer struct {
	*Export
	source   Evidence
	zip      *zip.Writer
	manifest Manifest
	size     int64
	lines    map[key][]logged // about what is in the bundle, the first in front
	records  []threads.Record
	mails    []string // of a report's records its mail, beside them; of others ""
	hashes   tlog.HashReader
}

// Pack writes a bundle.
func (e *Export) Pack(source Evidence, out io.Writer) error {
	c, err := ReadCheckpoint(e.Checkpoint)
	if err != nil {
		return err
	}
	p := &packer{Export: e, source: source, zip: zip.NewWriter(out), size: c.Size, lines: map[key][]logged{}}
	p.manifest = Manifest{V: 1, Origin: c.Origin, Project: e.Project.Key, From: e.From, To: e.To, Query: e.Query, Made: e.Made.UTC(),
		Lines: c.Size, Items: []threads.Item{}, Changes: []threads.Change{}, Records: []BundledRecord{}, Messages: []BundledMail{}, Files: map[string]string{}}
	p.hashes = HashReader(context.Background(), p)
	for _, step := range []func() error{p.findRecords, p.findLines, p.proveRecords} {
		if err := step(); err != nil {
			return err
		}
	}
	for i := range e.Messages {
		if err := p.mail(&e.Messages[i]); err != nil {
			return fmt.Errorf("message %s: %w", e.Messages[i].ID, err)
		}
	}
	for _, step := range []func() error{p.mbox, p.csv, p.page, p.signed} {
		if err := step(); err != nil {
			return err
		}
	}
	return p.zip.Close()
}

// findLines looks through the log for the lines about what is in the bundle.
func (p *packer) findLines() error {
	for i := range p.Messages {
		p.lines[key{threads.EntryMailIn, p.Messages[i].ID, 0}] = nil
		p.lines[key{threads.EntryErased, p.Messages[i].ID, 0}] = nil
	}
	for i := range p.records {
		p.lines[keyOf(&p.records[i].Entry)] = nil
	}
	return p.source.Leaves(func(n int64, text []byte) error {
		line, err := ParseLine(n, text)
		if err != nil {
			return fmt.Errorf("line %d of the log: %w", n, err)
		}
		k := keyOf(&line.Entry)
		if found, wanted := p.lines[k]; wanted {
			p.lines[k] = append(found, logged{line, string(text)})
		}
		return nil
	})
}

// keyOf is what an entry is about, however often it is about it.
func keyOf(e *threads.Entry) key {
	of, _ := class(e.Type)
	return key{of, e.Subject, 0}
}

// LogTile serves HashReader.
func (p *packer) LogTile(_ context.Context, level int, n int64) ([]byte, error) {
	return p.source.Tile(level, n)
}

// logged is a line of the log with its text.
type logged struct {
	Line
	text string
}

// prove writes the proof that the latest line that commits to one of these
// values is in the log; it returns the line and the value. A line of a mail must
// be the latest about it.
func (p *packer) prove(name string, k key, salt []byte, values ...[]byte) (line string, value []byte, err error) {
	found := p.lines[k]
	if k.class == threads.EntryMailIn {
		found = found[max(0, len(found)-1):]
	}
	for _, l := range slices.Backward(found) {
		for _, value := range values {
			if threads.Commit(salt, value) != l.Commit {
				continue
			}
			if l.N >= p.size {
				return "", nil, ErrNewer
			}
			hashes, err := tlog.ProveRecord(p.size, l.N, p.hashes)
			if err != nil {
				return "", nil, err
			}
			proof := Proof{Extra: salt, Index: l.N, Hashes: hashes, Checkpoint: p.Checkpoint}
			return l.text, value, p.put(name, proof.Marshal())
		}
	}
	return "", nil, errors.New("it is not what the log says; run rapport verify")
}

// ErrNewer: the log says it, in a line that no checkpoint has signed yet.
var ErrNewer = errors.New("it came, or was changed, just now, and no checkpoint has signed that yet; export again")

// mail writes a mail and its proof, or that it was erased.
func (p *packer) mail(m *threads.Message) error {
	if m.Erased != nil {
		return p.erased(m)
	}
	salt, value, err := p.source.MailEvidence(m.ID)
	if err != nil {
		return err
	}
	b := BundledMail{ID: m.ID, Thread: m.Thread, Direction: m.Direction, Class: m.Class, Date: m.Date, Received: m.Received, Sender: m.From,
		Subject: m.Subject, MessageID: m.MessageID, SHA256: m.RawSHA, File: "mail/" + m.ID + ".eml", Proof: "proof/" + m.ID + ".tlog-proof",
		Value: string(value), Why: m.Evidence, Authentication: m.Authentication}
	if b.Line, _, err = p.prove(b.Proof, key{threads.EntryMailIn, m.ID, 0}, salt, value); err != nil {
		return err
	}
	raw, err := p.source.RawMail(m.RawSHA)
	if err != nil {
		return err
	}
	if err := p.put(b.File, raw); err != nil {
		return err
	}
	if p.Attachments != nil {
		for _, a := range p.Attachments(raw) {
			f := BundledFile{Name: a.Name, Type: a.Type, File: "attachment/" + m.ID + "/" + fileName(&a.Attachment)}
			if err := p.put(f.File, a.Body); err != nil {
				return err
			}
			b.Attachments = append(b.Attachments, f)
		}
	}
	p.manifest.Messages = append(p.manifest.Messages, b)
	return nil
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
	b := BundledErasure{Erasure: *m.Erased, Proof: "proof/" + m.ID + ".erased.tlog-proof"}
	if b.Line, _, err = p.prove(b.Proof, key{threads.EntryErased, m.ID, 0}, salt, b.value()); err != nil {
		return err
	}
	p.manifest.Erased = append(p.manifest.Erased, b)
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
	h := sha256.New()
	w, err := create(p.zip, name, p.manifest.Made)
	if err == nil {
		err = fill(io.MultiWriter(w, h))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	p.manifest.Files[name] = hex.EncodeToString(h.Sum(nil))
	return nil
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
	manifest, err := json.MarshalIndent(p.manifest, "", " ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if err := p.put(manifestFile, manifest); err != nil {
		return err
	}
	note, err := p.Key.signText(bundleHead + p.manifest.Files[manifestFile] + "\n")
	if err != nil {
		return err
	}
	return p.put(noteFile, note)
}

// fromLine is what a mailbox file must quote (mboxrd).
var fromLine = regexp.MustCompile(`(?m)^>*From `)

// mbox writes all mail as one mailbox, for mail programs.
func (p *packer) mbox() error {
	return p.stream("mail.mbox", func(w io.Writer) error {
		for i := range p.Messages {
			m := &p.Messages[i]
			if m.Erased != nil {
				continue
			}
			raw, err := p.source.RawMail(m.RawSHA)
			if err != nil {
				return err
			}
			raw = fromLine.ReplaceAll(raw, []byte(">$0"))
			if _, err := fmt.Fprintf(w, "From MAILER-DAEMON %s\n%s\n\n", m.Received.UTC().Format(time.ANSIC), raw); err != nil {
				return err
			}
		}
		return nil
	})
}

// csv writes the list for tables.
func (p *packer) csv() error {
	return p.stream("manifest.csv", func(out io.Writer) error {
		w := csv.NewWriter(out)
		w.Write([]string{"id", "thread", "direction", "class", "date", "received", "from", "subject", "message-id", "sha256", "file"})
		for _, m := range p.manifest.Messages {
			row := []string{m.ID, m.Thread, string(m.Direction), string(m.Class), m.Date.Format(time.RFC3339), m.Received.Format(time.RFC3339),
				m.Sender.Name + " <" + m.Sender.Address + ">", m.Subject, m.MessageID, m.SHA256, m.File}
			for i := range row {
				row[i] = cell(row[i])
			}
			w.Write(row)
		}
		w.Flush()
		return w.Error()
	})
}

// cell keeps a table program from taking a client's words for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
