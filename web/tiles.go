package web

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// The log as C2SP tlog-tiles has it, for witnesses and programs that check it.

// tree is the log that the address is about. Of the log of accesses there are no
// lines to fetch: they tell when people work.
func (v *visit) tree() (Tree, error) {
	switch {
	case !strings.HasPrefix(v.URL.Path, "/log/access/"):
		return v.archive, nil
	case v.s.accesses == nil:
		return nil, v.nowhere()
	}
	return v.s.accesses, nil
}

// checkpoint is the latest signed one.
func (v *visit) checkpoint() error {
	log, err := v.tree()
	if err != nil {
		return err
	}
	signed, err := log.LatestCheckpoint(v.Context())
	if err != nil {
		return err
	}
	if signed == nil {
		return fmt.Errorf("checkpoint: %w", threads.ErrNotFound)
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = v.w.Write(signed)
	return nil
}

// tile is hashes of the tree: a whole tile, or the beginning of one that was
// not yet full. Hashes tell nothing about mail.
func (v *visit) tile() error {
	t, err := v.tileAt("")
	if err != nil {
		return err
	}
	log, err := v.tree()
	if err != nil {
		return err
	}
	data, err := log.LogTile(v.Context(), t.L, t.N)
	if err != nil {
		return err
	}
	if len(data) < t.W*tlog.HashSize {
		return v.nowhere()
	}
	return v.unchanging(data[:t.W*tlog.HashSize])
}

// entries is the lines of the log below a tile of level 0, each with its length
// before it.
func (v *visit) entries() error {
	t, err := v.tileAt("data/")
	if err != nil {
		return err
	}
	rows, err := v.archive.Log(v.Context(), t.N<<t.H, t.W)
	if err != nil {
		return err
	}
	if n := len(rows); n < t.W || rows[n-1].Index != t.N<<t.H+int64(n)-1 { // some of them are not for this reader
		return v.nowhere()
	}
	var out []byte
	for _, r := range rows {
		out = binary.BigEndian.AppendUint16(out, uint16(len(r.Line))) // a line is far shorter than 64 KB
		out = append(out, r.Line...)
	}
	return v.unchanging(out)
}

// tileAt reads the rest of the path. tlog's own paths have the height of the
// tiles in them, and "data/" for lines.
func (v *visit) tileAt(kind string) (tlog.Tile, error) {
	t, err := tlog.ParseTilePath("tile/8/" + kind + v.PathValue("tile"))
	if err != nil || kind == "" && strings.HasPrefix(v.PathValue("tile"), "data/") || t.N >= math.MaxInt64>>t.H { // lines beyond counting
		return t, v.nowhere()
	}
	return t, nil
}

// unchanging answers with what is the same for ever.
func (v *visit) unchanging(data []byte) error {
	v.w.Header().Set("Content-Type", "application/octet-stream")
	v.w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	_, _ = v.w.Write(data)
	return nil
}
