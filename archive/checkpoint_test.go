package archive

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// memoryLog is a log in memory.
type memoryLog struct {
	lines  [][]byte
	hashes []tlog.Hash
}

func (l *memoryLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		out[i] = l.hashes[n]
	}
	return out, nil
}

func (l *memoryLog) add(lines ...string) *memoryLog {
	for _, line := range lines {
		more, _ := tlog.StoredHashes(int64(len(l.lines)), []byte(line), l)
		l.lines, l.hashes = append(l.lines, []byte(line)), append(l.hashes, more...)
	}
	return l
}

func (l *memoryLog) LogHead(context.Context) (int64, []byte, error) {
	root, err := tlog.TreeHash(int64(len(l.lines)), l)
	return int64(len(l.lines)), root[:], err
}

func (l *memoryLog) LogTile(_ context.Context, level int, n int64) ([]byte, error) {
	width := min(int64(len(l.lines))>>(8*level)-n<<8, 256)
	return tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: int(width)}, l)
}

// memoryBook is a notebook in memory.
type memoryBook struct{ signed []byte }

func (b *memoryBook) LatestCheckpoint(context.Context) ([]byte, error) { return b.signed, nil }

func (b *memoryBook) PutCheckpoint(_ context.Context, _ int64, signed []byte) error {
	b.signed = signed
	return nil
}

func numbered(from, to int) (out []string) {
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("line %d", i))
	}
	return out
}

func newTestKey(t testing.TB) (*Key, Verifier) {
	t.Helper()
	key, err := NewKey("", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	v, err := ReadPublic(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return key, v
}

func TestCheckpointsAreSignedWhenTheLogHasGrown(t *testing.T) {
	key, v := newTestKey(t)
	log := new(memoryLog)
	n := &Notary{log, key, []Notebook{new(memoryBook), new(memoryBook)}}
	var last string
	for _, size := range []int{0, 1, 1, 255, 256, 257, 700} {
		log.add(numbered(len(log.lines), size)...)
		signed, err := n.Checkpoint(context.Background())
		if err != nil {
			t.Fatalf("%d lines: %v", size, err)
		}
		c, err := OpenCheckpoint(signed, v)
		if err != nil || c.Size != int64(size) || c.Origin != key.Origin() {
			t.Errorf("%d lines: %+v, %v", size, c, err)
		}
		if unsigned, err := ReadCheckpoint(signed); err != nil || unsigned != c {
			t.Errorf("read without the key: %+v, %v", unsigned, err)
		}
		if size == 1 && last != "" && strings.Contains(last, "\n1\n") && last != string(signed) {
			t.Error("the same log was signed twice")
		}
		last = string(signed)
	}
}

func TestALogThatDoesNotContinueIsNotSigned(t *testing.T) {
	key, _ := newTestKey(t)
	for name, other := range map[string]*memoryLog{
		"an older backup":           new(memoryLog).add(numbered(0, 299)...),
		"an older backup, grown on": new(memoryLog).add(numbered(0, 299)...).add("other").add(numbered(0, 50)...),
		"a changed line":            new(memoryLog).add("line O").add(numbered(1, 300)...),
		"nothing left":              new(memoryLog),
	} {
		database, beside := new(memoryBook), new(memoryBook)
		n := &Notary{new(memoryLog).add(numbered(0, 300)...), key, []Notebook{database, beside}}
		if _, err := n.Checkpoint(context.Background()); err != nil {
			t.Fatal(err)
		}
		before := string(beside.signed)
		database.signed = nil // it went back with the backup
		n.Log = other
		if signed, err := n.Checkpoint(context.Background()); !errors.Is(err, ErrForked) {
			t.Errorf("%s: %v %q", name, err, signed)
		}
		if database.signed != nil || string(beside.signed) != before {
			t.Errorf("%s: something was kept", name)
		}
	}
}

func TestNotesWithAnyOtherBitAreRefused(t *testing.T) {
	key, v := newTestKey(t)
	signed, err := key.Sign(Checkpoint{key.Origin(), 7, tlog.RecordHash([]byte("x"))})
	if err != nil {
		t.Fatal(err)
	}
	for i := range signed {
		for bit := range 8 {
			flipped := []byte(string(signed))
			flipped[i] ^= 1 << bit
			if _, err := OpenCheckpoint(flipped, v); err == nil {
				t.Errorf("byte %d, bit %d: taken: %q", i, bit, flipped)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	key, _ := newTestKey(t)
	again, err := ReadKey(key.Secret() + "\n")
	if err != nil || again.Public() != key.Public() || !strings.HasPrefix(key.Origin(), "rapport/") {
		t.Errorf("read again: %v, %v", again, err)
	}
	for _, bad := range []string{"", "x", key.Public(), strings.TrimSuffix(key.Secret(), "=")[:40]} {
		if _, err := ReadKey(bad); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
	if _, err := ReadPublic(key.Secret()); err == nil {
		t.Error("a secret key was taken for a public one")
	}
	if _, err := NewKey("no spaces", rand.Reader); err == nil {
		t.Error("an origin with a blank was taken")
	}
}
