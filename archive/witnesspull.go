package archive

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Pulled is what a witness has learned from a log.
type Pulled struct {
	Before, Now Checkpoint
	Cosigned    []byte // the checkpoint with the witness's line
}

// Pull fetches the checkpoint of a log and the tiles that prove that it
// continues what was seen before (C2SP tlog-tiles). get reads a path below the
// log's address.
func (w *Witness) Pull(ctx context.Context, log Verifier, get func(ctx context.Context, path string) ([]byte, error)) (*Pulled, error) {
	signed, err := get(ctx, "checkpoint")
	if err != nil {
		return nil, err
	}
	p := &Pulled{}
	if p.Now, err = OpenCheckpoint(signed, log); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	if p.Before, err = w.Latest(log); err != nil {
		return nil, fmt.Errorf("what was seen before: %w", err)
	}
	if p.Now.Size < p.Before.Size {
		return nil, fmt.Errorf("%w: it shows %d lines now, it had %d lines before", ErrForked, p.Now.Size, p.Before.Size)
	}
	var proof tlog.TreeProof
	if p.Before.Size > 0 && p.Before.Size < p.Now.Size {
		hashes := tlog.TileHashReader(tlog.Tree{N: p.Now.Size, Hash: p.Now.Root}, &tileFetcher{ctx, get})
		if proof, err = tlog.ProveTree(p.Now.Size, p.Before.Size, hashes); err != nil {
			return nil, fmt.Errorf("read the tiles of the log: %w", err)
		}
		// The tiles are those of the signed root. If they do not hold what was seen,
		// the signed root does not, whoever serves them.
		if err := tlog.CheckTree(proof, p.Now.Size, p.Now.Root, p.Before.Size, p.Before.Root); err != nil {
			return nil, fmt.Errorf("%w: its first %d lines are not those that it had before (%w)", ErrForked, p.Before.Size,
				w.Memory.Accuse(log.Name(), signed))
		}
	}
	line, err := w.Add(p.Before.Size, proof, signed)
	if err != nil {
		return nil, err
	}
	p.Cosigned = append(signed, line...)
	return p, nil
}

// tileFetcher reads tiles for tlog.
type tileFetcher struct {
	ctx context.Context
	get func(ctx context.Context, path string) ([]byte, error)
}

func (f *tileFetcher) Height() int                     { return tileHeight }
func (f *tileFetcher) SaveTiles([]tlog.Tile, [][]byte) {} // the next pull reads others

func (f *tileFetcher) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		path := TilePath(t)
		data, err := f.get(f.ctx, path)
		if err != nil {
			return nil, err
		}
		if len(data) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(data))
		}
		out[i] = data
	}
	return out, nil
}
