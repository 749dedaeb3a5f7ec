package copies

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)

// history is a file in its states of many days: it grows, shrinks, changes here
// and there or everywhere, and does not change.
func history(days int) (states [][]byte) {
	dice := rand.New(rand.NewPCG(1, 2))
	fill := func(b []byte) {
		for i := range b {
			b[i] = byte(dice.Uint32())
		}
	}
	now := make([]byte, 3*stride+block)
	fill(now)
	for n := range days {
		now = bytes.Clone(now)
		switch n % 6 {
		case 1:
			fill(now[5*block : 5*block+100])
			fill(now[2*stride-3 : 2*stride+3])
		case 2:
			now = append(now, make([]byte, stride+block)...)
			fill(now[len(now)-10:])
		case 3:
			now = now[:len(now)-block*7]
		case 4:
			fill(now)
		case 5:
			now = now[:len(now)-dice.IntN(block)] // no whole number of blocks
		}
		states = append(states, now)
	}
	return append(states, states[len(states)-1], nil, states[0])
}

func section(b []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

// add makes a copy and returns its path.
func add(t *testing.T, f Folder, n int, state []byte) (string, *Copy) {
	t.Helper()
	c, err := f.Add(t.Context(), day.AddDate(0, 0, n), section(state))
	if err != nil {
		t.Fatal(err)
	}
	path, err := c.Keep()
	if err != nil {
		t.Fatal(err)
	}
	return path, c
}

// holds demands that a copy comes out as it went in.
func holds(t *testing.T, path string, state []byte) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "out")
	if err := Extract(t.Context(), path, to); err != nil {
		t.Errorf("%s: %v", filepath.Base(path), err)
		return
	}
	got, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, state) {
		t.Errorf("%s has %d bytes, and other ones than the %d that were copied", filepath.Base(path), len(got), len(state))
	}
}

func TestEachCopyComesOutAsItWentIn(t *testing.T) {
	f, states := Folder(t.TempDir()), history(7)
	var paths []string
	for n, state := range states {
		path, c := add(t, f, n, state)
		paths = append(paths, path)
		if n > 0 && c.Before == "" {
			t.Errorf("copy %d was written whole", n)
		}
		if n%4 == 3 || n == len(states)-1 {
			for n := range paths {
				holds(t, paths[n], states[n])
			}
		}
	}
	holds(t, string(f), states[len(states)-1])
	holds(t, strings.TrimSuffix(paths[3], wholeEnd)+deltaEnd, states[3])
	for keep := len(states) - 2; keep > 0; keep -= 3 {
		gone, err := f.Drop(keep)
		if err != nil {
			t.Fatal(err)
		}
		if len(gone) == 0 {
			t.Error("nothing was deleted")
		}
		for n := len(states) - keep; n < len(states); n++ {
			holds(t, paths[n], states[n])
		}
	}
	if files, _ := os.ReadDir(string(f)); len(files) > 3 {
		t.Errorf("%d files are there for the last copies", len(files))
	}
}

// What has not changed costs nothing, and what has, little more than itself.
func TestACopyCostsWhatHasChanged(t *testing.T) {
	f := Folder(t.TempDir())
	states := history(2)
	used := func() (bytes int64) {
		files, err := os.ReadDir(string(f))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			info, err := file.Info()
			if err != nil {
				t.Fatal(err)
			}
			bytes += info.Size()
		}
		return bytes
	}
	add(t, f, 0, states[0])
	if _, c := add(t, f, 1, states[0]); c.Written != 0 || used() > int64(len(states[0]))+1000 {
		t.Errorf("a copy of the same: %d bytes written, the folder has %d", c.Written, used())
	}
	if _, c := add(t, f, 2, states[1]); c.Written != 3*block || used() > int64(len(states[0]))+4*block {
		t.Errorf("a copy with three blocks changed: %d bytes written, the folder has %d", c.Written, used())
	}
}

// Whole copies of an older program become part of the row.
func TestWholeCopiesStay(t *testing.T) {
	f, states := Folder(t.TempDir()), history(4)
	var paths []string
	for n := range 2 {
		paths = append(paths, f.whole(day.AddDate(0, 0, n).Format(nameForm)))
		if err := os.WriteFile(paths[n], states[n], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for n := 2; n < 4; n++ {
		path, _ := add(t, f, n, states[n])
		paths = append(paths, path)
	}
	for n, path := range paths {
		holds(t, path, states[n])
	}
	other := filepath.Join(string(f), "moved elsewhere.sqlite")
	if err := os.Rename(paths[0], other); err != nil {
		t.Fatal(err)
	}
	holds(t, other, states[0])
}

// A newest copy that is not what it was is not built on, and what was built on it
// does not come out as something else.
func TestAChangedCopyIsNotBuiltOn(t *testing.T) {
	states := history(4)
	for _, test := range []struct {
		name string
		harm func(t *testing.T, path string)
		lost bool // the copies before are
	}{
		{"a byte", func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			if err == nil {
				b[len(b)/2] ^= 1
				err = os.WriteFile(path, b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, true},
		{"a write-ahead log", func(t *testing.T, path string) {
			if err := os.WriteFile(path+"-wal", []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a second name", func(t *testing.T, path string) {
			if err := os.Link(path, filepath.Join(t.TempDir(), "kept.db")); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"gone", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := Folder(t.TempDir())
			older, _ := add(t, f, 0, states[0])
			newest, _ := add(t, f, 1, states[1])
			test.harm(t, newest)
			path, c := add(t, f, 2, states[2])
			holds(t, path, states[2])
			if c.Before != "" {
				t.Error("it was built on")
			}
			if test.name == "a byte" && f.whole(c.Changed) != newest {
				t.Errorf("changed is %q", c.Changed)
			}
			if !test.lost {
				holds(t, older, states[0])
			} else if err := Extract(t.Context(), older, filepath.Join(t.TempDir(), "out")); err == nil {
				t.Error("the copy before came out")
			}
		})
	}
}

func TestNamesStayInOrder(t *testing.T) {
	f, states := Folder(t.TempDir()), history(3)
	first, _ := add(t, f, 10, states[0])
	second, _ := add(t, f, 5, states[1]) // the clock was put right
	if second <= first {
		t.Errorf("%s is not after %s", second, first)
	}
	holds(t, first, states[0])
	holds(t, second, states[1])
}

func TestNoSuchCopy(t *testing.T) {
	f := Folder(t.TempDir())
	for _, path := range []string{string(f), f.whole(day.Format(nameForm)), filepath.Join(string(f), "x.db")} {
		if err := Extract(t.Context(), path, filepath.Join(t.TempDir(), "out")); err == nil {
			t.Errorf("%s came out", path)
		}
	}
	if err := Extract(t.Context(), "/nowhere", "out"); !os.IsNotExist(err) {
		t.Error(err)
	}
	if names, err := f.Names(); err != nil || len(names) > 0 {
		t.Error(names, err)
	}
}

// A damaged difference is refused; nothing comes out as if it were whole.
func TestADamagedDifferenceIsRefused(t *testing.T) {
	f, states := Folder(t.TempDir()), history(3)
	path, _ := add(t, f, 0, states[0])
	add(t, f, 1, states[1])
	delta := strings.TrimSuffix(path, wholeEnd) + deltaEnd
	whole, err := os.ReadFile(delta)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if n > 400 && n < len(whole)-100 && n%97 > 0 {
			continue // random bytes of the blocks, of which some will do
		}
		for _, harmed := range [][]byte{whole[:n], append(append(bytes.Clone(whole[:n]), whole[n]^0x55), whole[n+1:]...)} {
			if err := os.WriteFile(delta, harmed, 0o600); err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(t.TempDir(), "out")
			if err := Extract(t.Context(), path, to); err != nil {
				continue
			}
			if got, _ := os.ReadFile(to); sha256.Sum256(got) != sha256.Sum256(states[0]) {
				t.Fatalf("with byte %d of %d harmed another file came out", n, len(whole))
			}
		}
	}
}

func FuzzDelta(f *testing.F) {
	f.Add([]byte(`{"form":1,"next":"rapport-20261102T020000.000Z","size":8193,"blocks":1}` + "\n" + strings.Repeat("\x00", 7) + "\x01x"))
	f.Add([]byte(`{"form":1,"next":"rapport-20261102T020000.000Z","size":9223372036854775807,"blocks":1125899906842624}` + "\n"))
	f.Add([]byte(fmt.Sprintf(`{"form":1,"next":"rapport-20261102T020000.000Z","size":%d,"blocks":1}`, block) + "\n" + strings.Repeat("\x00", 8+block)))
	f.Fuzz(func(t *testing.T, unpacked []byte) {
		file, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := file.Truncate(2 * block); err != nil {
			t.Fatal(err)
		}
		if err := parseDelta(bytes.NewReader(unpacked), func(h header, blocks io.Reader) error { return h.apply(blocks, file) }); err != nil {
			return
		}
		if info, err := file.Stat(); err != nil || info.Size() > 2*block+int64(len(unpacked)) {
			t.Errorf("%d bytes made a file of %d", len(unpacked), info.Size())
		}
	})
}
