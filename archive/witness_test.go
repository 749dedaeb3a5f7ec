package archive

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// auditor is a witness that can be reached over HTTP.
type auditor struct {
	*Witness
	Observer
	dir Folder
}

func newAuditor(t *testing.T, logs ...Verifier) *auditor {
	t.Helper()
	key, err := NewWitnessKey("witness.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	v, err := ReadWitness(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	dir := Folder(t.TempDir())
	w := &Witness{Key: key, Logs: logs, Memory: dir, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	return &auditor{w, Observer{s.URL + "/", v, s.Client()}, dir}
}

func TestAWitnessCosignsALogThatGrows(t *testing.T) {
	key, v := newTestKey(t)
	a := newAuditor(t, v)
	log, book := new(memoryLog), new(memoryBook)
	n := &Notary{log, key, []Notebook{book}}
	for _, size := range []int{0, 1, 255, 256, 300, 300, 70000} {
		log.add(numbered(len(log.lines), size)...)
		signed, err := n.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		signed, err = n.Cosign(t.Context(), signed, []Observer{a.Observer})
		if err != nil {
			t.Fatalf("%d lines: %v", size, err)
		}
		at, err := CosignedBy(signed, a.Observer.Key)
		if err != nil || at.Unix() != 1_800_000_000 {
			t.Fatalf("%d lines: cosigned at %v, %v:\n%s", size, at, err, signed)
		}
		if c, err := OpenCheckpoint(signed, v); err != nil || c.Size != int64(size) {
			t.Errorf("the cosigned checkpoint is read as %v, %v", c, err)
		}
		if !bytes.Equal(book.signed, signed) {
			t.Errorf("%d lines: the notebook has no cosignature:\n%s", size, book.signed)
		}
		if c, err := a.Latest(v); err != nil || c.Size != int64(size) {
			t.Errorf("the witness has seen %v, %v", c, err)
		}
	}
}

// Whoever has the key can sign a second history, but no witness that has seen
// the first one cosigns it.
func TestAWitnessRefusesASecondHistory(t *testing.T) {
	key, v := newTestKey(t)
	a := newAuditor(t, v)
	honest := &Notary{new(memoryLog).add(numbered(0, 300)...), key, []Notebook{new(memoryBook)}}
	cosign := func(n *Notary) error {
		signed, err := n.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Cosign(t.Context(), signed, []Observer{a.Observer})
		return err
	}
	if err := cosign(honest); err != nil {
		t.Fatal(err)
	}
	forged := numbered(0, 400)
	forged[17] = "something else"
	for name, size := range map[string]int{"as long": 300, "cut off": 200} {
		if err := cosign(&Notary{new(memoryLog).add(forged[:size]...), key, []Notebook{new(memoryBook)}}); !errors.Is(err, ErrForked) {
			t.Errorf("a history that is %s: %v", name, err)
		}
	}
	if err := cosign(&Notary{new(memoryLog).add(forged...), key, []Notebook{new(memoryBook)}}); err == nil || !strings.Contains(err.Error(), "422") {
		t.Errorf("a longer history: %v", err)
	}
	if c, err := a.Latest(v); err != nil || c.Size != 300 {
		t.Errorf("afterwards the witness has seen %v, %v", c, err)
	}
	kept, err := a.dir.Seen(v.Name())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CosignedBy(kept, a.Observer.Key); err == nil {
		t.Error("the memory of the witness has its own line in it")
	}
}

// However many histories are handed in at the same time, one is cosigned.
func TestAWitnessTakesOneOfManyHistoriesAtOnce(t *testing.T) {
	key, v := newTestKey(t)
	a := newAuditor(t, v)
	const n = 16
	told := make(chan error)
	for i := range n {
		lines := append(numbered(0, 300), fmt.Sprintf("history %d", i))
		history := &Notary{new(memoryLog).add(lines...), key, []Notebook{new(memoryBook)}}
		signed, err := history.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := history.Cosign(t.Context(), signed, []Observer{a.Observer})
			told <- err
		}()
	}
	taken := 0
	for range n {
		if err := <-told; err == nil {
			taken++
		} else if !errors.Is(err, ErrForked) {
			t.Error(err)
		}
	}
	if taken != 1 {
		t.Errorf("%d histories are cosigned", taken)
	}
}

func TestAWitnessPulls(t *testing.T) {
	key, v := newTestKey(t)
	a := newAuditor(t, v)
	log := new(memoryLog)
	n := &Notary{log, key, []Notebook{new(memoryBook)}}
	get := func(ctx context.Context, path string) ([]byte, error) {
		if path == "checkpoint" {
			return n.Checkpoint(ctx)
		}
		tile, err := parseTilePath(path)
		if err != nil {
			return nil, err
		}
		return tlog.ReadTileData(tile, log)
	}
	for _, size := range []int{5, 256, 256, 70000} {
		before := int64(0)
		if c, err := a.Latest(v); err == nil {
			before = c.Size
		}
		log.add(numbered(len(log.lines), size)...)
		p, err := a.Pull(t.Context(), v, get)
		if err != nil || p.Before.Size != before || p.Now.Size != int64(size) {
			t.Fatalf("%d lines: %+v, %v", size, p, err)
		}
		if _, err := CosignedBy(p.Cosigned, a.Observer.Key); err != nil {
			t.Error(err)
		}
	}
	lines := numbered(0, 70100)
	lines[3] = "something else"
	log = new(memoryLog).add(lines...)
	n = &Notary{log, key, []Notebook{new(memoryBook)}}
	if _, err := a.Pull(t.Context(), v, get); !errors.Is(err, ErrForked) {
		t.Errorf("a second history: %v", err)
	}
}

func TestWhatAWitnessAnswers(t *testing.T) {
	key, v := newTestKey(t)
	stranger, _ := newTestKey(t)
	a := newAuditor(t, v)
	checkpoint := func(k *Key, size int64) []byte {
		signed, err := k.Sign(Checkpoint{k.Origin(), size, tlog.Hash{1}})
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	impostor, err := NewKey(v.Name(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"nothing":              {"", 400},
		"no old size":          {"\n\n" + string(checkpoint(key, 5)), 400},
		"a negative size":      {"old -1\n\n" + string(checkpoint(key, 5)), 400},
		"zeros before":         {"old 00\n\n" + string(checkpoint(key, 5)), 400},
		"no hash":              {"old 0\nabc\n\n" + string(checkpoint(key, 5)), 400},
		"too long a proof":     {"old 0\n" + strings.Repeat(strings.Repeat("A", 43)+"=\n", 64) + "\n" + string(checkpoint(key, 5)), 400},
		"old above new":        {"old 6\n\n" + string(checkpoint(key, 5)), 400},
		"another log":          {"old 0\n\n" + string(checkpoint(stranger, 5)), 404},
		"signed by another":    {"old 0\n\n" + string(checkpoint(impostor, 5)), 403},
		"unsigned":             {"old 0\n\n" + v.Name() + "\n5\n" + strings.Repeat("A", 43) + "=\n\n", 403},
		"begins elsewhere":     {"old 3\n\n" + string(checkpoint(key, 5)), 409},
		"a proof from nothing": {"old 0\n" + strings.Repeat("A", 43) + "=\n\n" + string(checkpoint(key, 5)), 422},
		"a first one":          {"old 0\n\n" + string(checkpoint(key, 5)), 200},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			(&Witness{Key: a.Witness.Key, Logs: a.Logs, Memory: Folder(t.TempDir()), Now: time.Now}).
				ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/add-checkpoint", strings.NewReader(c.body)))
			if w.Code != c.want {
				t.Errorf("it answers %d %q, want %d", w.Code, w.Body, c.want)
			}
			if c.want == 409 && (w.Header().Get("Content-Type") != sizeType || w.Body.String() != "0\n") {
				t.Errorf("it answers %v %q", w.Header(), w.Body)
			}
		})
	}
}

func TestKeysOfWitnesses(t *testing.T) {
	key, err := NewWitnessKey("witness.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadWitnessKey(key.Secret() + "\n")
	if err != nil || again.Public() != key.Public() {
		t.Errorf("the key is read as %v, %v", again, err)
	}
	log, v := newTestKey(t)
	signed, err := log.Sign(Checkpoint{v.Name(), 0, emptyTree()})
	if err != nil {
		t.Fatal(err)
	}
	w, err := ReadWitness(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	line := key.cosign(string(signed[:bytes.Index(signed, []byte("\n\n"))+1]), time.Unix(1679315147, 0))
	for i := range line { // not one bit of it may differ
		bad := bytes.Clone(line)
		bad[i] ^= 1
		if _, err := CosignedBy(append(bytes.Clone(signed), bad...), w); err == nil {
			t.Errorf("with byte %d changed it is a cosignature: %q", i, bad)
		}
	}
	for _, text := range []string{"", "witness.example", log.Public(), key.Secret(), strings.Replace(key.Public(), "witness", "witless", 1), key.Public() + "x"} {
		if _, err := ReadWitness(text); err == nil {
			t.Errorf("%q is read as the key of a witness", text)
		}
		if _, err := ReadWitnessKey(text); err == nil && text != key.Secret() {
			t.Errorf("%q is read as the secret key of a witness", text)
		}
	}
	for _, name := range []string{"", "two words", "a+b", "a\nb", "\xff"} {
		if _, err := NewWitnessKey(name, rand.Reader); err == nil {
			t.Errorf("%q names a witness", name)
		}
	}
}

func FuzzWitnessRequest(f *testing.F) {
	f.Add([]byte("old 0\n\na\n5\n\n\n— a b\n"))
	f.Add([]byte("old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\na\n20852163\nx\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := parseRequest(body)
		if err == nil && !bytes.Equal(q.marshal(), body) {
			t.Errorf("%q was read as %q", body, q.marshal())
		}
	})
}

// parseTilePath reads a path as TilePath writes it.
func parseTilePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	t, err := tlog.ParseTilePath(sumdbTiles + rest)
	if !ok || err != nil || t.L < 0 {
		return tlog.Tile{}, fmt.Errorf("%q is no path of a tile", path)
	}
	return t, nil
}

func TestPathsOfTiles(t *testing.T) {
	for path, want := range map[string]tlog.Tile{
		"tile/0/000":              {H: 8, L: 0, N: 0, W: 256},
		"tile/1/x001/x234/067":    {H: 8, L: 1, N: 1234067, W: 256},
		"tile/0/x001/234.p/5":     {H: 8, L: 0, N: 1234, W: 5},
		"tile/0/000.p/256":        {},
		"tile/0/x000/001":         {},
		"tile/data/000":           {},
		"checkpoint":              {},
		"tile/00/000":             {},
		"tile/0/000.p/0":          {},
		"tile/0/../../checkpoint": {},
	} {
		got, err := parseTilePath(path)
		if err == nil != (want != tlog.Tile{}) || err == nil && (got != want || TilePath(got) != path) {
			t.Errorf("%s is read as %+v, %v", path, got, err)
		}
	}
}
