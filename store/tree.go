package store

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight makes a tile of 256 hashes, as C2SP tlog-tiles does, so that its
// addresses can be served from the rows as they are.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// edge is the right edge of an RFC 6962 tree: of each level of tiles the last,
// not yet full one. It is all that is needed to add leaves and to know the root.
type edge struct {
	size  int64
	tiles []*tile // by level
	full  []*tile // tiles that were filled and are not yet written
}

// tile is a row of the log: the hashes tileWidth*n … of one level of tiles.
type tile struct {
	level int
	n     int64
	data  []byte
	dirty bool
}

// unfinished tells which tile of a level is the last one in a tree of size
// leaves, and how many hashes it has; 0 means that it has no row.
func unfinished(size int64, level int) (n int64, width int) {
	count := size >> (tileHeight * level)
	return count >> tileHeight, int(count & (tileWidth - 1))
}

// add appends a leaf.
func (e *edge) add(line []byte) {
	e.push(0, tlog.RecordHash(line))
	e.size++
}

func (e *edge) push(level int, h tlog.Hash) {
	if level == len(e.tiles) {
		e.tiles = append(e.tiles, &tile{level: level})
	}
	t := e.tiles[level]
	t.data = append(t.data, h[:]...)
	t.dirty = true
	if len(t.data) == tileWidth*tlog.HashSize {
		e.full = append(e.full, t)
		e.tiles[level] = &tile{level: level, n: t.n + 1}
		e.push(level+1, fold256(t.data))
	}
}

// fold256 is the hash of a full tile's subtree, which is a leaf of the next level.
func fold256(data []byte) tlog.Hash {
	hashes := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], data[i*tlog.HashSize:])
	}
	for len(hashes) > 1 {
		for i := range len(hashes) / 2 {
			hashes[i] = tlog.NodeHash(hashes[2*i], hashes[2*i+1])
		}
		hashes = hashes[:len(hashes)/2]
	}
	return hashes[0]
}

// root is the hash of the whole tree. The subtrees that make it up all lie in
// the edge.
func (e *edge) root() (tlog.Hash, error) {
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			want := tlog.TileForIndex(tileHeight, index)
			if want.L >= len(e.tiles) || e.tiles[want.L].n != want.N {
				return nil, fmt.Errorf("hash %d is not at the edge of a tree of %d leaves", index, e.size)
			}
			var err error
			if out[i], err = tlog.HashFromTile(want, e.tiles[want.L].data, index); err != nil {
				return nil, err
			}
		}
		return out, nil
	}))
}
