package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"rapport/threads"
)

// A mail of more than a piece is kept in pieces, so that it is never in memory
// in two forms at a time. Each piece is raw bytes under their SHA-256 like any
// others; in the place of the mail's own bytes stands the list of its pieces.
const (
	rawPiece = 1 << 20

	// packedAhead is how large a mail may be to be compressed outside of the
	// writer's time: all that it gives is then in memory beside it.
	packedAhead = 8 << 20

	// listOfPieces begins such a list. No bytes that zstd has made begin so.
	listOfPieces = "pieces\n"
)

// cutRaw cuts a mail into its pieces.
func cutRaw(raw []byte) (pieces [][]byte) {
	for len(raw) > rawPiece {
		pieces, raw = append(pieces, raw[:rawPiece]), raw[rawPiece:]
	}
	return append(pieces, raw)
}

// packAhead compresses the pieces of a mail, none if it is large.
func (p *packer) packAhead(raw []byte) (packed [][]byte) {
	if len(raw) > packedAhead {
		return nil
	}
	for _, piece := range cutRaw(raw) {
		packed = append(packed, p.pack(piece))
	}
	return packed
}

// piecesIn reads a list of pieces; nil means that the bytes are none.
func piecesIn(body []byte) []string {
	list, ok := bytes.CutPrefix(body, []byte(listOfPieces))
	if !ok {
		return nil
	}
	return strings.Fields(string(list))
}

// putRaw stores bytes unless they are there already. packed are the pieces that
// are compressed already.
func (t *tx) putRaw(sha string, raw []byte, packed [][]byte) error {
	pieces := cutRaw(raw)
	if len(pieces) == 1 {
		if len(packed) == 0 {
			packed = [][]byte{t.packer.pack(raw)}
		}
		_, err := t.insertRaw(sha, len(raw), packed[0])
		return err
	}
	list := []byte(listOfPieces)
	for _, piece := range pieces {
		list = append(append(list, shaOf(piece)...), '\n')
	}
	if fresh, err := t.insertRaw(sha, len(raw), list); err != nil || !fresh {
		return err
	}
	if len(packed) == 0 && t.dialect.lean != "" {
		if _, err := t.sql.ExecContext(t.ctx, t.dialect.lean); err != nil {
			return fmt.Errorf("store raw mail %s: %w", sha, err)
		}
		defer t.sql.Exec(t.dialect.full) // if it fails, the connection is slower and as right as before
	}
	var buffer []byte
	for i, piece := range pieces {
		if i < len(packed) {
			buffer = packed[i]
		} else {
			buffer = t.packer.enc.EncodeAll(piece, buffer[:0])
		}
		if _, err := t.insertRaw(shaOf(piece), len(piece), buffer); err != nil {
			return err
		}
	}
	return nil
}

// insertRaw reports whether the bytes were not there yet. What was erased with
// one mail comes back if another has it.
func (t *tx) insertRaw(sha string, size int, body []byte) (fresh bool, err error) {
	rows, err := t.exec(`insert into raw (sha, size, body) values ($1, $2, $3) on conflict (sha) do nothing`, sha, size, body)
	if err == nil && rows == 0 {
		rows, err = t.refill(sha, body)
	}
	if err != nil {
		return false, fmt.Errorf("store raw mail %s: %w", sha, err)
	}
	return rows > 0, nil
}

// refill gives a row its bytes back if they were erased.
func (t *tx) refill(sha string, body []byte) (rows int64, err error) {
	var empty int
	if err := t.one(`select count(*) from raw where sha = $1 and length(body) = 0 and size > 0`, []any{sha}, &empty); err != nil || empty == 0 {
		return 0, err
	}
	if err := t.let(sha); err != nil {
		return 0, err
	}
	if rows, err = t.exec(`update raw set body = $2 where sha = $1`, sha, body); err != nil {
		return 0, err
	}
	_, err = t.exec(`delete from erasing where what = $1`, sha)
	return rows, err
}

// eachPiece gives the compressed pieces of a mail in their order, with the size
// that all of it should have.
func (t *tx) eachPiece(sha string, do func(size int64, piece []byte) error) error {
	var size int64
	var body []byte
	if err := t.one(`select size, body from raw where sha = $1`, []any{sha}, &size, &body); err != nil {
		return fmt.Errorf("read raw mail %s: %w", sha, err)
	}
	if len(body) == 0 && size > 0 {
		return fmt.Errorf("raw mail %s was erased: %w", sha, threads.ErrNotFound)
	}
	pieces := piecesIn(body)
	if pieces == nil {
		return damaged(sha, do(size, body))
	}
	whole := t.unbound() // who may read a mail may read its pieces
	for _, piece := range pieces {
		if err := whole.one(`select body from raw where sha = $1`, []any{piece}, &body); err != nil {
			if errors.Is(err, threads.ErrNotFound) {
				return damaged(sha, fmt.Errorf("its piece %s is not there", piece))
			}
			return fmt.Errorf("read raw mail %s: %w", sha, err)
		}
		if err := damaged(sha, do(size, body)); err != nil {
			return err
		}
	}
	return nil
}

func damaged(sha string, err error) error {
	if err != nil {
		return fmt.Errorf("raw mail %s is damaged: %w", sha, err)
	}
	return nil
}

// checkRaw reads a mail piece by piece and holds it against its SHA-256.
func (t *tx) checkRaw(sha string) error {
	sum := sha256.New()
	var piece []byte
	var size, got int64
	err := t.eachPiece(sha, func(all int64, packed []byte) (err error) {
		piece, err = t.packer.dec.DecodeAll(packed, piece[:0])
		sum.Write(piece)
		size, got = all, got+int64(len(piece))
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(rightSHA(sha, hex.EncodeToString(sum.Sum(nil))), rightSize(sha, size, got))
}

func rightSize(sha string, size, got int64) error {
	if size != got {
		return fmt.Errorf("raw mail %s has %d bytes, its row says %d", sha, got, size)
	}
	return nil
}
