package archive

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that a line is in a log (C2SP tlog-proof). Extra is what opens
// the line's commitment: the salt of the mail.
type Proof struct {
	Extra      []byte
	Index      int64
	Hashes     tlog.RecordProof
	Checkpoint []byte // signed
}

const proofHead = "c2sp.org/tlog-proof@v1\n"

// Marshal writes the proof.
func (p *Proof) Marshal() []byte {
	var b strings.Builder
	b.WriteString(proofHead)
	if p.Extra != nil {
		b.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n")
	b.Write(p.Checkpoint)
	return []byte(b.String())
}

// ParseProof reads a proof; it checks nothing but the form.
func ParseProof(text []byte) (*Proof, error) {
	bad := errors.New("this is no proof in the form c2sp.org/tlog-proof@v1")
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	head, ok := strings.CutPrefix(head+"\n", proofHead)
	if !found || !ok {
		return nil, bad
	}
	p := &Proof{Checkpoint: []byte(checkpoint)}
	lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
	var err error
	if extra, ok := strings.CutPrefix(lines[0], "extra "); ok {
		if p.Extra, err = base64.StdEncoding.Strict().DecodeString(extra); err != nil {
			return nil, bad
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || len(lines) > 64 {
		return nil, bad
	}
	index, ok := strings.CutPrefix(lines[0], "index ")
	if p.Index, err = strconv.ParseInt(index, 10, 64); err != nil || !ok || p.Index < 0 {
		return nil, bad
	}
	for _, l := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(l)
		if err != nil || len(h) != tlog.HashSize {
			return nil, bad
		}
		p.Hashes = append(p.Hashes, tlog.Hash(h))
	}
	return p, nil
}

// checkIn proves that line is in a log as a checkpoint says it is.
func (p *Proof) checkIn(c Checkpoint, line []byte) error {
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, tlog.RecordHash(line)); err != nil {
		return errors.New("the line is not in the signed log")
	}
	return nil
}
