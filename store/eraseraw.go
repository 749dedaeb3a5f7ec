package store

import (
	"errors"
	"slices"
)

// eraseRaw empties the bytes of a mail, with those of its pieces that no other
// mail has.
func (t *tx) eraseRaw(message, sha string) error {
	var body []byte
	if err := t.one(`select body from raw where sha = $1`, []any{sha}, &body); err != nil {
		return err
	}
	gone := append(piecesIn(body), sha)
	used, err := t.usedElsewhere(message, sha, gone)
	if err != nil {
		return err
	}
	gone = slices.DeleteFunc(gone, func(piece string) bool { return used[piece] })
	if err := t.let(gone...); err != nil {
		return err
	}
	for _, sha := range gone {
		if _, err := t.exec(`update raw set body = $2 where sha = $1`, sha, []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// usedElsewhere are those of the bytes of a mail that others have too: as a
// piece, or as all of a mail.
func (t *tx) usedElsewhere(message, sha string, bytes []string) (used map[string]bool, err error) {
	used = map[string]bool{}
	lists, err := t.rows(`select sha, body from raw where size > 1048576`) // see raw_large; a row is read only while it is looked at
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lists.Close()) }()
	for lists.Next() {
		var other string
		var body []byte
		if err := lists.Scan(&other, &body); err != nil {
			return nil, err
		}
		for _, piece := range piecesIn(body) {
			if other != sha && slices.Contains(bytes, piece) {
				used[piece] = true
			}
		}
	}
	if err := lists.Err(); err != nil {
		return nil, err
	}
	whole, err := collect(t, scalar[string], `select sha from message where `+t.dialect.in("sha", 1)+` and id <> $2 and length(body) > 0
		union select l.sha from letter l join report r on r.id = l.report where `+t.dialect.in("l.sha", 1)+` and length(r.salt) > 0`, list(t.dialect, bytes), message)
	for _, piece := range whole {
		used[piece] = true
	}
	return used, err
}
