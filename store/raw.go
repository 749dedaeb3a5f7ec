package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"rapport/threads"
)

// maxRaw bounds what a stored mail may be when unpacked.
const maxRaw = 1 << 30

// packer compresses raw mail: zstd level 3 without a dictionary, since a lost
// dictionary would be a lost archive. What was read from a mail is mostly said
// twice (its text, the new part of it, the folds), so the fastest level will do.
type packer struct {
	enc  *zstd.Encoder
	fast *zstd.Encoder
	dec  *zstd.Decoder
}

func newPacker() (*packer, error) {
	encoder := func(level int) (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
			zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	}
	enc, err := encoder(3)
	if err != nil {
		return nil, err
	}
	fast, err := encoder(1)
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, err
	}
	return &packer{enc, fast, dec}, nil
}

func (p *packer) pack(raw []byte) []byte     { return p.enc.EncodeAll(raw, nil) }
func (p *packer) packFast(raw []byte) []byte { return p.fast.EncodeAll(raw, nil) }

func shaOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// unpack gives back the bytes whose SHA-256 is sha, or an error: damaged bytes
// never leave the store as if they were whole.
func (p *packer) unpack(sha string, body []byte) ([]byte, error) {
	raw, err := p.dec.DecodeAll(body, nil)
	if err != nil {
		return nil, damaged(sha, err)
	}
	if err := rightSHA(sha, shaOf(raw)); err != nil {
		return nil, err
	}
	return raw, nil
}

// getRaw is unpack for what is stored, in pieces or not.
func (t *tx) getRaw(sha string) ([]byte, error) {
	var raw []byte
	err := t.eachPiece(sha, func(size int64, piece []byte) (err error) {
		if raw == nil {
			raw = make([]byte, 0, min(max(size, 0), 64<<20))
		}
		raw, err = t.packer.dec.DecodeAll(piece, raw)
		return err
	})
	if err == nil {
		err = rightSHA(sha, shaOf(raw))
	}
	if err != nil {
		return nil, err
	}
	return raw, nil
}

func rightSHA(sha, got string) error {
	if sha != got {
		return fmt.Errorf("raw mail %s is damaged: its bytes have another SHA-256", sha)
	}
	return nil
}

// Raw returns the exact bytes of a message, by its id or a unique beginning of it.
func (s *Store) Raw(ctx context.Context, id string) (raw []byte, err error) {
	err = s.view(ctx, func(t *tx) error {
		id, err := t.find("message", threads.MessagePrefix, id)
		if err != nil {
			return err
		}
		var sha string
		if err := t.one(`select sha from message where id = $1`, []any{id}, &sha); err != nil {
			return fmt.Errorf("read message %s: %w", id, err)
		}
		raw, err = t.getRaw(sha)
		return err
	})
	return raw, err
}

// HasRaw tells which message has exactly the bytes with this SHA-256.
func (s *Store) HasRaw(ctx context.Context, sha string) (message string, ok bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		return t.one(`select id from message where sha = $1`, []any{sha}, &message)
	})
	if errors.Is(err, threads.ErrNotFound) {
		return "", false, nil
	}
	return message, err == nil, err
}
