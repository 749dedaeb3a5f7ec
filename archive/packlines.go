package archive

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// lineIndex finds the lines of the log about something. Of each line it has two
// numbers, in the order of the first.
type lineIndex struct {
	seed maphash.Seed
	at   [][2]uint64 // of what it is about a hash, and its place
}

// findLines goes through the log once.
func (p *packer) findLines() error {
	l := &p.lines
	l.seed = maphash.MakeSeed()
	err := p.source.Leaves(func(n int64, text []byte) error {
		l.at = append(l.at, [2]uint64{maphash.Bytes(l.seed, subjectIn(text)), uint64(n)})
		return nil
	})
	slices.SortFunc(l.at, func(a, b [2]uint64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return err
}

var subjectField = []byte(`"subject":"`)

// subjectIn is what a line is about, without reading it as JSON: in a line the
// name of a field can only be what it looks like.
func subjectIn(line []byte) []byte {
	_, rest, _ := bytes.Cut(line, subjectField)
	subject, _, _ := bytes.Cut(rest, []byte{'"'})
	return subject
}

// logged is a line of the log with its text.
type logged struct {
	Line
	text string
}

// about gives the lines about something, the first in front.
func (p *packer) about(of threads.EntryType, subject string) (out []logged, err error) {
	hash := maphash.String(p.lines.seed, subject)
	i, _ := slices.BinarySearchFunc(p.lines.at, hash, func(l [2]uint64, hash uint64) int { return cmp.Compare(l[0], hash) })
	for ; i < len(p.lines.at) && p.lines.at[i][0] == hash; i++ {
		n := int64(p.lines.at[i][1])
		text, err := p.source.Leaf(n)
		if err != nil {
			return nil, err
		}
		line, err := ParseLine(n, text)
		if err != nil {
			return nil, fmt.Errorf("line %d of the log: %w", n, err)
		}
		if is, _ := class(line.Type); is == of && line.Subject == subject {
			out = append(out, logged{line, string(text)})
		}
	}
	return out, nil
}

// errNotLogged: a row was changed behind the log.
var errNotLogged = errors.New("it is not what the log says; run rapport verify")

// committed finds the latest of these lines that commits to one of these values,
// or to nothing if the value is nil; errUncovered if the checkpoint does not cover it.
func (p *packer) committed(lines []logged, salt []byte, values ...[]byte) (*logged, []byte, error) {
	for i := range slices.Backward(lines) {
		l := &lines[i]
		for _, value := range values {
			if threads.Commit(salt, value) != l.Commit && (l.Commit != "" || value != nil) {
				continue
			}
			if l.N >= p.manifest.Lines {
				return l, value, errUncovered
			}
			return l, value, nil
		}
	}
	return nil, nil, errNotLogged
}

// prove writes the proof that a line is in the log.
func (p *packer) prove(name string, l *logged, salt []byte) error {
	hashes, err := tlog.ProveRecord(p.manifest.Lines, l.N, p.hashes)
	if err != nil {
		return err
	}
	proof := Proof{Extra: salt, Index: l.N, Hashes: hashes, Checkpoint: p.Checkpoint}
	return p.put(name, proof.Marshal())
}

// uncover names a line that the checkpoint does not cover.
func (p *packer) uncover(l *logged, label string) error {
	p.packed.Uncovered++
	return p.sections[uncoveredSection].add(Uncovered{Type: l.Type, Subject: l.Subject, Label: label, At: l.At, Line: l.N})
}

// proofName is the file with the proof of a line; n counts further lines of the
// same type about the same.
func proofName(of threads.EntryType, subject string, n int) string {
	if n > 0 {
		return fmt.Sprintf("proof/%s.%s.%d.tlog-proof", subject, of, n)
	}
	return fmt.Sprintf("proof/%s.%s.tlog-proof", subject, of)
}
