package store

import (
	"fmt"

	"rapport/threads"
)

// prepared is a Filing with all that can be made outside of the writer's time.
type prepared struct {
	threads.Filing
	packed [][]byte // raw, compressed in pieces; none if it is large
	salt   []byte
	body   []byte     // what was read from it, compressed
	form   int        // of what the log commits to, see mailEvidence
	commit string     // for the log
	rows   []indexRow // of the index
	ord    int64

	dismissed bool // in no project, and not in the tray either
}

func (s *Store) prepare(f threads.Filing) (*prepared, error) {
	p := &prepared{Filing: f, salt: s.salt()}
	m := &p.Message
	sha := shaOf(f.Raw)
	if m.RawSHA != "" && m.RawSHA != sha {
		return nil, fmt.Errorf("message %s: its raw bytes have the SHA-256 %s, not %s", m.MessageID, sha, m.RawSHA)
	}
	m.RawSHA, m.Size = sha, int64(len(f.Raw))
	p.packed = s.packer.packAhead(f.Raw)
	return p, s.describe(p)
}

// describe makes what is stored of a message beside its raw bytes.
func (s *Store) describe(p *prepared) error {
	tidy(&p.Message, s.now())
	p.rows = s.dialect.indexRows(&p.Message)
	text, err := body(&p.Message)
	if err != nil {
		return err
	}
	p.body = s.packer.packFast([]byte(text))
	p.form, p.dismissed = mailForm, p.dismissed || notOurs(&p.Message)
	p.commit = threads.Commit(p.salt, mailEvidence(p, text))
	return nil
}

// Ready does ahead of File, and for mails at the same time, what needs no turn
// at writing: the mail is compressed and its words are found, which takes
// longer than the writing. What it makes of f is filed as it is.
func (s *Store) Ready(f threads.Filing) threads.Filing {
	if p, err := s.prepare(f); err == nil { // else File says what is wrong
		f.Ready = p
	}
	return f
}

// prepareAll makes ready, on all processors, what is not yet.
func (s *Store) prepareAll(filings []threads.Filing) ([]*prepared, error) {
	mails := make([]*prepared, len(filings))
	err := onAllProcessors(len(filings), func(i int) (err error) {
		if p, ok := filings[i].Ready.(*prepared); ok {
			mails[i] = p
		} else {
			mails[i], err = s.prepare(filings[i])
		}
		return err
	})
	return mails, err
}
