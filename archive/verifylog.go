package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// tree is the tree above the lines as they are, made anew.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

// ReadHashes reads by tlog's indexes.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("hash %d is beyond a tree of %d lines", index, t.size)
		}
		out[i] = t.hashes[index]
	}
	return out, nil
}

func (t *tree) add(line []byte) error {
	more, err := tlog.StoredHashes(t.size, line, t)
	if err != nil {
		return err
	}
	t.hashes = append(t.hashes, more...)
	t.size++
	return nil
}

// readLog makes the tree and the ledger from the lines.
func (c *Check) readLog(ctx context.Context, s Source, r *Result, l *ledger) (*tree, error) {
	size, _, err := s.Head()
	if err != nil {
		return nil, err
	}
	t := &tree{hashes: make([]tlog.Hash, 0, 2*min(max(size, 0), 1<<22))}
	err = s.Leaves(func(n int64, text []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n != t.size {
			r.find(fmt.Sprintf("line %d of the log", t.size), "it was removed: line %d follows the one before it", n)
		}
		line, err := ParseLine(n, text)
		if err == nil {
			err = l.add(line)
		}
		if err != nil {
			r.find(fmt.Sprintf("line %d of the log", n), "%v", err)
		}
		if err := t.add(text); err != nil {
			return err
		}
		c.progress("log", t.size, size)
		return nil
	})
	r.Size = t.size
	return t, err
}

// checkTree compares the stored head and tiles with the tree of the lines.
func (c *Check) checkTree(s Source, r *Result, t *tree) error {
	size, root, err := s.Head()
	if err != nil {
		return err
	}
	if r.Root, err = tlog.TreeHash(t.size, t); err != nil {
		return err
	}
	switch {
	case size != t.size:
		r.find("head of the log", "it says %d lines, there are %d", size, t.size)
	case !bytes.Equal(root, r.Root[:]):
		r.find("head of the log", "its root is not the root of the lines")
	}
	expected := map[tlog.Tile]bool{}
	for _, tile := range tlog.NewTiles(tileHeight, 0, t.size) {
		tile.W = 0
		expected[tile] = true
	}
	err = s.Tiles(func(level int, n int64, data []byte) error {
		id := tlog.Tile{H: tileHeight, L: level, N: n}
		if !expected[id] {
			r.find(fmt.Sprintf("tile %d of level %d", n, level), "the log is too short for it: lines were removed")
			return nil
		}
		delete(expected, id)
		id.W = int(min(t.size>>(tileHeight*level)-n<<tileHeight, 1<<tileHeight))
		want, err := tlog.ReadTileData(id, t)
		if err != nil {
			return err
		}
		c.compareTile(r, id, data, want)
		return nil
	})
	for id := range expected {
		r.find(fmt.Sprintf("tile %d of level %d", id.N, id.L), "it was removed")
	}
	return err
}

// compareTile names the first line that differs from its hash.
func (c *Check) compareTile(r *Result, id tlog.Tile, data, want []byte) {
	if bytes.Equal(data, want) {
		return
	}
	at := 0
	for at < len(data) && at < len(want) && data[at] == want[at] {
		at++
	}
	n := id.N<<tileHeight + int64(at/tlog.HashSize)
	if id.L == 0 && n < r.Size {
		r.find(fmt.Sprintf("line %d of the log", n), "it is not the line that was hashed when it was written, or one before it was removed")
		return
	}
	r.find(fmt.Sprintf("tile %d of level %d", id.N, id.L), "its hashes are not those of the lines")
}

// checkSigned holds the log against every checkpoint.
func (c *Check) checkSigned(s Source, r *Result, t *tree, successions []succession) error {
	b := &signedBook{tree: t, successions: successions}
	err := s.Checkpoints(func(signed []byte) error {
		b.closed = append(b.closed, signedPage{place: "checkpoint", signed: bytes.Clone(signed)})
		return nil
	})
	if err != nil {
		return err
	}
	for _, signed := range c.Published {
		if said, err := ReadCheckpoint(signed); IsAccess(said.Origin) != c.access && err == nil || err != nil && c.access {
			continue // it is of the other log
		}
		b.closed = append(b.closed, signedPage{place: "published checkpoint", signed: signed})
	}
	r.Checkpoints = len(b.closed)
	c.checkWitnesses(r, b.closed)
	if c.Key != nil {
		b.trusted = []Verifier{c.Key}
		if err := b.openAll(); err != nil {
			return err
		}
	}
	for _, p := range b.closed {
		said, err := ReadCheckpoint(p.signed)
		if err == nil && c.Key != nil {
			err = errUnsigned
		}
		if err != nil {
			r.find(p.place, "%v", err)
			continue
		}
		p.said = said
		b.open = append(b.open, p)
	}
	for _, p := range b.open {
		if err := b.compare(r, p); err != nil {
			return err
		}
	}
	if err := c.checkStamps(s, r, b); err != nil {
		return err
	}
	for _, s := range successions {
		if s.lost != nil && s.lost.Size > s.n {
			r.Recoveries = append(r.Recoveries, fmt.Sprintf("line %d of the log: %d lines of the log %s had been published, all after line %d are lost",
				s.n, s.lost.Size, s.lost.Origin, s.n-1))
		}
	}
	return nil
}

// checkStamps checks every time-stamp against the checkpoint that it is about.
func (c *Check) checkStamps(s Source, r *Result, b *signedBook) error {
	return s.Stamps(func(size int64, token []byte) error {
		wrong := errors.New("there is no checkpoint that it could be about")
		for _, p := range b.open {
			if p.said.Size != size {
				continue
			}
			stamp, err := CheckStamp(token, p.said, c.Roots)
			if err == nil {
				r.Stamps = append(r.Stamps, *stamp)
				return nil
			}
			wrong = err
		}
		r.find(fmt.Sprintf("time-stamp of %d lines", size), "%v", wrong)
		return nil
	})
}

// compare holds the tree against one checkpoint.
func (b *signedBook) compare(r *Result, p signedPage) error {
	place := fmt.Sprintf("%s of %d lines", p.place, p.said.Size)
	if b.lost(p.said) {
		return nil
	}
	if p.said.Size > b.tree.size {
		r.find(place, "the log was truncated: it has only %d lines", b.tree.size)
		return nil
	}
	root, err := tlog.TreeHash(p.said.Size, b.tree)
	if err == nil && root != p.said.Root {
		r.find(place, "the log has another history: its first %d lines are not those that were signed", p.said.Size)
	}
	return err
}

// checkWitnesses looks for the signature of each witness.
func (c *Check) checkWitnesses(r *Result, pages []signedPage) {
	for _, w := range c.Witnesses {
		if !slices.ContainsFunc(pages, func(p signedPage) bool { _, err := CosignedBy(p.signed, w); return err == nil }) {
			r.find("witness "+w.Name(), "it has cosigned no checkpoint")
		}
	}
}

// checkRaws unpacks and hashes all raw bytes, on every processor.
func (c *Check) checkRaws(ctx context.Context, s Source, r *Result) error {
	type job struct {
		sha   string
		check func() error
	}
	jobs := make(chan job, 64)
	var mu sync.Mutex
	var work sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for j := range jobs {
				if err := j.check(); err != nil {
					mu.Lock()
					r.find("raw mail "+j.sha, "%v", err)
					mu.Unlock()
				}
			}
		})
	}
	of := int64(r.Rows["mail.in"] + r.Rows["letter.approved"])
	err := s.Raws(func(sha string, check func() error) error {
		r.Raws++
		c.progress("bytes", int64(r.Raws), max(of, int64(r.Raws)+1))
		select {
		case jobs <- job{sha, check}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	close(jobs)
	work.Wait()
	c.progress("bytes", int64(r.Raws), int64(r.Raws))
	return err
}
