package store

import (
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"rapport/threads"
)

// prepared is a Filing with all that can be made outside of the writer's time.
type prepared struct {
	threads.Filing
	packed []byte // raw, compressed
	salt   []byte
	body   []byte // what was read from it, compressed
	commit string // for the log
	words  string // for the index
	ord    int64
}

func (s *Store) prepare(f threads.Filing) (*prepared, error) {
	p := &prepared{Filing: f, salt: s.salt()}
	m := &p.Message
	sha := shaOf(f.Raw)
	if m.RawSHA != "" && m.RawSHA != sha {
		return nil, fmt.Errorf("message %s: its raw bytes have the SHA-256 %s, not %s", m.MessageID, sha, m.RawSHA)
	}
	m.RawSHA, m.Size = sha, int64(len(f.Raw))
	p.packed = s.packer.pack(f.Raw)
	return p, s.describe(p)
}

// describe makes what is stored of a message beside its raw bytes.
func (s *Store) describe(p *prepared) error {
	tidy(&p.Message, s.now())
	p.words = indexedWords(&p.Message)
	text, err := body(&p.Message)
	if err != nil {
		return err
	}
	p.body = s.packer.packFast([]byte(text))
	p.commit = threads.Commit(p.salt, mailEvidence(p, text))
	return nil
}

// preparing is a batch that is being prepared on all processors while the
// writer is already at its beginning.
type preparing struct {
	work  errgroup.Group
	next  atomic.Int64
	mails []preparedMail
}

type preparedMail struct {
	ready chan struct{} // closed when it is prepared, or has failed
	mail  *prepared
	err   error
}

func (s *Store) prepareAll(filings []threads.Filing) *preparing {
	b := &preparing{mails: make([]preparedMail, len(filings))}
	for i := range b.mails {
		b.mails[i].ready = make(chan struct{})
	}
	for range min(runtime.GOMAXPROCS(0), len(filings)) {
		b.work.Go(func() error {
			for i := b.next.Add(1) - 1; i < int64(len(filings)); i = b.next.Add(1) - 1 {
				m := &b.mails[i]
				m.mail, m.err = s.prepare(filings[i])
				close(m.ready)
			}
			return nil
		})
	}
	return b
}

// wait returns the i-th mail once it is prepared.
func (b *preparing) wait(i int) (*prepared, error) {
	<-b.mails[i].ready
	return b.mails[i].mail, b.mails[i].err
}

// stop ends the preparing; what nobody waits for any more is not begun.
func (b *preparing) stop() {
	b.next.Store(int64(len(b.mails)))
	b.work.Wait()
}
