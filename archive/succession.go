package archive

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// succession is a line of the log by which one key follows another: a rotation,
// which the old key signs too, or the recovery of a log whose end was lost.
type succession struct {
	n        int64 // the line's place
	old, new Verifier
	lost     *Checkpoint // what was published and is lost; nil at a rotation
}

// Rotation is the line by which a new key of the same log follows this one.
func (k *Key) Rotation(to *Key) threads.Entry {
	return threads.Entry{Type: threads.EntryKeyChanged, Subject: k.Public(), Ref: to.Public()}
}

// Recovery is the line by which this key begins a new origin for a log that no
// longer has all that was published of it; old is the public key of before. The
// other of the two logs may have lost nothing: it goes with this one.
func (k *Key) Recovery(old *PublicKey, lost Checkpoint) threads.Entry {
	return threads.Entry{Type: threads.EntryLogRecovered, Subject: old.String(), Ref: k.Public(),
		State: fmt.Sprintf("%d %s", lost.Size, base64.StdEncoding.EncodeToString(lost.Root[:]))}
}

// readSuccession reads such a line.
func readSuccession(line Line) (s succession, err error) {
	s.n = line.N
	if s.old, err = ReadPublic(line.Subject); err != nil {
		return s, err
	}
	if s.new, err = ReadPublic(line.Ref); err != nil {
		return s, err
	}
	if line.Type == threads.EntryKeyChanged {
		if s.old.Name() != s.new.Name() {
			err = fmt.Errorf("the new key is of another log")
		}
		return s, err
	}
	size, root, _ := strings.Cut(line.State, " ")
	lost, err := parseCheckpoint(s.old.Name() + "\n" + size + "\n" + root + "\n")
	s.lost = &lost
	return s, err
}

// Succeed signs the first checkpoint of a key that follows another one, whose
// line is in the log; also are keys that sign with it.
func (n *Notary) Succeed(ctx context.Context, also ...*Key) ([]byte, error) {
	c, err := n.head(ctx)
	if err != nil {
		return nil, err
	}
	signers := []note.Signer{n.Key.signer}
	for _, k := range also {
		signers = append(signers, k.signer)
	}
	signed, err := note.Sign(&note.Note{Text: c.text()}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signed, n.keep(ctx, c.Size, signed)
}

// Continues tells whether the log still has what was published: ErrForked if not.
func (n *Notary) Continues(ctx context.Context, published Checkpoint) error {
	c, err := n.head(ctx)
	if err != nil {
		return err
	}
	return n.continues(ctx, published, c)
}

// signedBook is all checkpoints of a store, opened by keys that are trusted: the
// one that the auditor has, and those that follow from it by the log.
type signedBook struct {
	tree        *tree
	successions []succession
	trusted     []Verifier
	closed      []signedPage // not opened by any trusted key
	open        []signedPage
}

type signedPage struct {
	place  string
	signed []byte
	said   Checkpoint
}

// openAll opens what can be opened, until no further key becomes trusted.
func (b *signedBook) openAll() error {
	for {
		var closed []signedPage
		for _, p := range b.closed {
			if !b.opens(&p) {
				closed = append(closed, p)
				continue
			}
			b.open = append(b.open, p)
		}
		b.closed = closed
		more, err := b.follow()
		if err != nil || !more {
			return err
		}
	}
}

func (b *signedBook) opens(p *signedPage) bool {
	for _, v := range b.trusted {
		if c, err := OpenCheckpoint(p.signed, v); err == nil {
			p.said = c
			return true
		}
	}
	return false
}

// follow trusts a key that a trusted one follows, or that follows a trusted one
// by rotation, if a checkpoint of the trusted one covers the line. After a
// recovery nobody trusts the new key because of the old one: its owner may have
// lost it to somebody else.
func (b *signedBook) follow() (more bool, err error) {
	for _, s := range b.successions {
		var known, next Verifier
		switch hasOld, hasNew := b.trusts(s.old), b.trusts(s.new); {
		case hasNew && !hasOld:
			known, next = s.new, s.old
		case hasOld && !hasNew && s.lost == nil:
			known, next = s.old, s.new
		default:
			continue
		}
		covered, err := b.covers(known, s.n)
		if err != nil {
			return false, err
		}
		if covered {
			b.trusted, more = append(b.trusted, next), true
		}
	}
	return more, nil
}

func (b *signedBook) trusts(v Verifier) bool {
	for _, t := range b.trusted {
		if t.Name() == v.Name() && t.KeyHash() == v.KeyHash() {
			return true
		}
	}
	return false
}

// covers reports whether a key has signed the tree with this line in it.
func (b *signedBook) covers(v Verifier, n int64) (bool, error) {
	for _, p := range b.open {
		if p.said.Size <= n || p.said.Size > b.tree.size {
			continue
		}
		if _, err := OpenCheckpoint(p.signed, v); err != nil {
			continue
		}
		root, err := tlog.TreeHash(p.said.Size, b.tree)
		if err != nil {
			return false, err
		}
		if bytes.Equal(root[:], p.said.Root[:]) {
			return true, nil
		}
	}
	return false, nil
}

// lost reports whether a checkpoint is about lines of which a recovery says
// that they are lost.
func (b *signedBook) lost(c Checkpoint) bool {
	for _, s := range b.successions {
		if s.lost != nil && s.old.Name() == c.Origin && c.Size > s.n && c.Size <= s.lost.Size {
			return true
		}
	}
	return false
}
