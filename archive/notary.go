package archive

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Log is a log as its owner keeps it.
type Log interface {
	LogHead(ctx context.Context) (size int64, root []byte, err error)
	LogTile(ctx context.Context, level int, n int64) ([]byte, error) // of height 8; it may have more hashes than asked for
}

// Notebook keeps checkpoints that were signed.
type Notebook interface {
	LatestCheckpoint(ctx context.Context) ([]byte, error) // nil if there is none
	PutCheckpoint(ctx context.Context, size int64, signed []byte) error
}

// ErrForked: the log does not continue what was signed and published. Signing
// it would make two histories of one log.
var ErrForked = errors.New("the log does not continue the published one")

// Notary signs checkpoints. It asks all its notebooks what was published: the
// one in the database goes back with an old backup, one beside the key does not.
type Notary struct {
	Log   Log
	Key   *Key
	Books []Notebook
}

// Checkpoint returns the newest checkpoint, and signs one if the log has grown.
// It is ErrForked if the log is shorter than a published checkpoint, or has
// another tree below it.
func (n *Notary) Checkpoint(ctx context.Context) ([]byte, error) {
	c, err := n.head(ctx)
	if err != nil {
		return nil, err
	}
	var latest []byte
	var published Checkpoint
	stale := false // a notebook lacks the latest
	for _, book := range n.Books {
		signed, p, err := n.published(ctx, book)
		if err != nil {
			return nil, err
		}
		if signed == nil {
			stale = true
			continue
		}
		if err := n.continues(ctx, p, c); err != nil {
			return nil, err
		}
		stale = stale || p.Size != c.Size
		if latest == nil || p.Size > published.Size {
			latest, published = signed, p
		}
	}
	if !stale {
		return latest, nil
	}
	if latest == nil || published.Size != c.Size {
		if latest, err = n.Key.Sign(c); err != nil {
			return nil, err
		}
	}
	return latest, n.keep(ctx, c.Size, latest)
}

// keep writes a checkpoint into the notebooks, the outer one first: what may be
// public is remembered there.
func (n *Notary) keep(ctx context.Context, size int64, signed []byte) error {
	for i := len(n.Books) - 1; i >= 0; i-- {
		if err := n.Books[i].PutCheckpoint(ctx, size, signed); err != nil {
			return fmt.Errorf("keep the checkpoint: %w", err)
		}
	}
	return nil
}

func (n *Notary) head(ctx context.Context) (Checkpoint, error) {
	size, root, err := n.Log.LogHead(ctx)
	if err == nil && len(root) != tlog.HashSize {
		err = fmt.Errorf("the root has %d bytes", len(root))
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the head of the log: %w", err)
	}
	return Checkpoint{n.Key.Origin(), size, tlog.Hash(root)}, nil
}

// published reads the latest checkpoint of a notebook and checks that the key
// has signed it.
func (n *Notary) published(ctx context.Context, book Notebook) ([]byte, Checkpoint, error) {
	signed, err := book.LatestCheckpoint(ctx)
	if err != nil || signed == nil {
		return nil, Checkpoint{}, err
	}
	v, err := ReadPublic(n.Key.Public())
	if err != nil {
		return nil, Checkpoint{}, err
	}
	c, err := OpenCheckpoint(signed, v)
	if err != nil {
		return nil, c, fmt.Errorf("the checkpoint that was published last: %w", err)
	}
	return signed, c, nil
}

// continues checks that the tree of now contains the tree of old.
func (n *Notary) continues(ctx context.Context, old, now Checkpoint) error {
	if now.Size < old.Size {
		return fmt.Errorf("%w: it has %d lines, a checkpoint of %d lines was signed; an older backup was restored, or lines were removed",
			ErrForked, now.Size, old.Size)
	}
	if old.Size == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(now.Size, old.Size, HashReader(ctx, n.Log))
	if err != nil {
		return fmt.Errorf("prove that the log continues: %w", err)
	}
	if err := tlog.CheckTree(proof, now.Size, now.Root, old.Size, old.Root); err != nil {
		return fmt.Errorf("%w: its first %d lines are not those that were signed", ErrForked, old.Size)
	}
	return nil
}

// tileHeight is that of C2SP tlog-tiles.
const tileHeight = 8

// mostTiles bounds how many tiles are remembered.
const mostTiles = 256

// HashReader reads stored hashes of a log from its tiles.
func HashReader(ctx context.Context, log interface {
	LogTile(ctx context.Context, level int, n int64) ([]byte, error)
}) tlog.HashReader {
	type key struct {
		level int
		n     int64
	}
	cache := map[key][]byte{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			tile := tlog.TileForIndex(tileHeight, index)
			k := key{tile.L, tile.N}
			data, ok := cache[k]
			if !ok {
				if len(cache) >= mostTiles { // about two megabytes
					clear(cache)
				}
				var err error
				if data, err = log.LogTile(ctx, tile.L, tile.N); err != nil {
					return nil, fmt.Errorf("tile %d of level %d: %w", tile.N, tile.L, err)
				}
				cache[k] = data
			}
			if len(data) < tile.W*tlog.HashSize {
				return nil, fmt.Errorf("tile %d of level %d has only %d bytes", tile.N, tile.L, len(data))
			}
			tile.W = len(data) / tlog.HashSize
			var err error
			if out[i], err = tlog.HashFromTile(tile, data, index); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}
