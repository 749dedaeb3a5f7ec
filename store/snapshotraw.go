package store

import (
	"errors"
	"fmt"
)

// Raws gives the raw bytes of every mail and letter by their SHA-256. check
// unpacks them and compares; it may run at any time and beside others.
func (s *Snapshot) Raws(do func(sha string, check func() error) error) error {
	if s.log == accessLog {
		return nil
	}
	r := raws{Snapshot: s, do: do, pieces: map[string]bool{}}
	if err := s.each("raw mail", r.row, rawRows); err != nil {
		return err
	}
	if err := r.rest(); err != nil {
		return err
	}
	return s.each("what has no raw mail", func(row scanner) error {
		var sha, of string
		if err := row.Scan(&sha, &of); err != nil {
			return err
		}
		return r.is(sha, fmt.Errorf("it was removed: %s has no bytes", of))
	}, `select sha, 'message ' || id from message where not exists (select 1 from raw where raw.sha = message.sha)
		union all select sha, 'letter ' || id from letter where not exists (select 1 from raw where raw.sha = letter.sha)`)
}

// rawRows are the rows of raw bytes, each with whether a mail or letter has
// them, and whether one that was not erased has.
const rawRows = `select sha, size, body, (case when exists (select 1 from message m where m.sha = raw.sha)
	or exists (select 1 from letter l where l.sha = raw.sha) then 1 else 0 end), (case when
	exists (select 1 from message m where m.sha = raw.sha and not exists (select 1 from erased e where e.message = m.id))
	or exists (select 1 from letter l join report r on r.id = l.report where l.sha = raw.sha
		and not exists (select 1 from erased e where e.message = r.message)) then 1 else 0 end) from raw`

// raws is what is known of raw bytes while their rows are read. Whether a row
// that stands for itself is a piece of large mail is known in the end only.
type raws struct {
	*Snapshot
	do     func(sha string, check func() error) error
	large  []string        // in pieces
	loose  []string        // of no message and no letter
	erased []string        // of erased ones, and with bytes
	pieces map[string]bool // of large mail
}

// is tells of bytes what is wrong with them, nil for nothing.
func (r *raws) is(sha string, wrong error) error {
	return r.do(sha, func() error { return wrong })
}

// row gives one row, or keeps it for the rest.
func (r *raws) row(row scanner) error {
	var sha string
	var size, used, kept int64
	var packed []byte
	if err := row.Scan(&sha, &size, &packed, &used, &kept); err != nil {
		return err
	}
	pieces, empty := piecesIn(packed), len(packed) == 0 && size > 0
	switch {
	case empty && kept > 0:
		return r.is(sha, errors.New("it was emptied, and not erased"))
	case empty: // a piece of erased mail, or the mail; that it was erased is for its tombstone to prove
	case used > 0 && kept == 0:
		r.erased = append(r.erased, sha)
	case used == 0:
		r.loose = append(r.loose, sha)
	case pieces != nil:
		r.large = append(r.large, sha)
		for _, piece := range pieces {
			r.pieces[piece] = true
		}
	default:
		packer := r.t.packer
		return r.do(sha, func() error {
			raw, err := packer.unpack(sha, packed)
			if err != nil {
				return err
			}
			return rightSize(sha, size, int64(len(raw)))
		})
	}
	return nil
}

// rest gives what was kept. It is read here, on the one connection, a piece at a
// time.
func (r *raws) rest() error {
	for _, sha := range r.large {
		if err := r.is(sha, r.t.checkRaw(sha)); err != nil {
			return err
		}
	}
	for _, sha := range r.erased {
		if r.pieces[sha] {
			continue
		}
		if err := r.is(sha, errors.New("it was erased, and its bytes are there")); err != nil {
			return err
		}
	}
	for _, sha := range r.loose {
		if r.pieces[sha] {
			continue
		}
		wrong := errors.Join(r.t.checkRaw(sha), errors.New("it belongs to no message and no letter"))
		if err := r.is(sha, wrong); err != nil {
			return err
		}
	}
	return nil
}
