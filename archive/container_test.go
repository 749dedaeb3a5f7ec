package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/internal/servers"
	"rapport/threads"
)

// variant is a bundle that somebody has changed, and the place that both
// verifiers must name; empty where the place has no name of a file.
type variant struct {
	name, place string
	bundle      []byte
}

// refused demands that both verifiers refuse each variant, with its place.
func refused(t *testing.T, w *world, variants []variant) {
	t.Helper()
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	var bundles [][]byte
	for _, c := range variants {
		bundles = append(bundles, c.bundle)
	}
	for i, python := range pythonVerify(t, bundles, w.key.Public()) {
		c, golang := variants[i], ""
		if err := goVerify(c.bundle, v); err != nil {
			golang = err.Error()
		}
		if golang == "" || python == "" || !strings.HasPrefix(golang, c.place) || !strings.HasPrefix(python, c.place) {
			t.Errorf("%s: want a refusal of %q\nGo says     %q\nPython says %q", c.name, c.place, golang, python)
		}
	}
}

// flip changes one bit.
func flip(bundle []byte, bit int64) []byte {
	changed := slices.Clone(bundle)
	changed[bit/8] ^= 1 << (bit % 8)
	return changed
}

// regions are where the bytes of each file of a bundle stand, and where the list
// at its end begins.
func regions(t *testing.T, bundle []byte) (files []*zip.File, starts []int64, list int64) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		starts, list = append(starts, at), at+int64(f.UncompressedSize64)+16 // what follows a file's bytes
	}
	return z.File, starts, list
}

func TestAnyOtherBitOfABundleIsRefused(t *testing.T) {
	w := newWorld(t).fill()
	w.watch()
	bundle := w.bundle()
	files, starts, list := regions(t, bundle)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var variants []variant
	add := func(name, place string, bit int64) {
		variants = append(variants, variant{name, place, flip(bundle, bit)})
	}
	for range 100 {
		add("a bit anywhere", "", random.Int64N(int64(len(bundle))*8))
		add("a bit of the list at the end", "", list*8+random.Int64N((int64(len(bundle))-list)*8))
	}
	for i, f := range files {
		at := starts[i] + random.Int64N(int64(f.UncompressedSize64))
		add("a bit of "+f.Name, f.Name+":", at*8+random.Int64N(8))
		head := int64(30 + len(f.Name) + 9)
		add("a bit of the header of "+f.Name, "", (starts[i]-head)*8+random.Int64N(head*8))
		add("a bit after "+f.Name, "", (starts[i]+int64(f.UncompressedSize64))*8+random.Int64N(16*8))
	}
	refused(t, w, variants)
}

// Of a bundle with one mail, its item, its answer and its attachment no byte can
// be changed at all.
func TestNoByteOfABundleCanBeChanged(t *testing.T) {
	w := newWorld(t)
	w.file(w.withFiles("a@x", attached("plan.pdf", "application/pdf", "%PDF-1.4 the plan")))
	item, err := w.store.Item(background, "ACME", 1)
	w.must(err)
	_, err = w.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Replied, Reason: "We have them", By: "lin"})
	w.must(err)
	bundle := w.packed(lies{export: func(e *archive.Export) { e.Attachments = attachments }})
	w.must(goVerify(bundle, w.public()))
	changed := slices.Clone(bundle)
	for i := range changed {
		changed[i] ^= 1 << (i % 8)
		if goVerify(changed, w.public()) == nil {
			t.Errorf("bit %d of byte %d was changed, and the bundle is whole", i%8, i)
		}
		changed[i] = bundle[i]
	}
	t.Logf("%d bytes", len(bundle))
}

func TestABundleThatWasPackedOtherwiseIsRefused(t *testing.T) {
	w := newWorld(t).fill()
	bundle := w.bundle()
	files := unzip(t, bundle)
	with := func(extra ...file) []byte { return rezip(append(slices.Clone(files), extra...)) }
	swapped := slices.Clone(files)
	swapped[0].content, swapped[2].content = files[2].content, files[0].content
	turned := slices.Clone(files)
	slices.Reverse(turned)

	var bomb, extra bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, f := range files {
		out, _ := z.Create(f.name)
		out.Write(f.content)
	}
	out, _ := z.Create("bomb")
	out.Write(make([]byte, 10<<20))
	z.Close()
	z = zip.NewWriter(&extra)
	for _, f := range files {
		out, _ := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store, Extra: []byte{0x99, 0x99, 1, 0, 'x'}})
		out.Write(f.content)
	}
	z.Close()

	commented := append(slices.Clone(bundle), "said nobody"...)
	binary.LittleEndian.PutUint16(commented[len(bundle)-2:], uint16(len("said nobody")))
	_, _, list := regions(t, bundle)
	refused(t, w, []variant{
		{"two files swapped", files[0].name + ":", rezip(swapped)},
		{"a file twice", files[0].name + ":", with(files[0])},
		{"a file twice with other bytes", "checkpoint.txt:", with(file{"checkpoint.txt", []byte("x")})},
		{"a path that leads out", "../../evil:", with(file{"../../evil", []byte("x")})},
		{"a file that is added", "extra.txt:", with(file{"extra.txt", []byte("x")})},
		{"a folder that is added", "extra/:", with(file{"extra/", nil})},
		{"a file that was removed", files[0].name + ":", rezip(files[1:])},
		{"no note", "bundle.note:", rezip(files[:len(files)-1])},
		{"another order", "", rezip(turned)},
		{"compressed, with a bomb", files[0].name + ": it is compressed", bomb.Bytes()},
		{"hidden extra fields", "", extra.Bytes()},
		{"a comment", "the list at the end of the zip file:", commented},
		{"a byte after the end", "", append(slices.Clone(bundle), 0)},
		{"a byte before the beginning", "", append([]byte{0}, bundle...)},
		{"a byte before the list", "", slices.Insert(slices.Clone(bundle), int(list), 0)},
		{"cut off", "", bundle[:len(bundle)-1]},
		{"half", "", bundle[:len(bundle)/2]},
		{"nothing", "", nil},
	})
}

func TestThePythonVerifierAsksForWitnesses(t *testing.T) {
	w := newWorld(t).fill()
	witness := w.watch()
	dir := t.TempDir()
	path := filepath.Join(dir, "bundle.zip")
	w.must(os.WriteFile(path, w.bundle(), 0o600))
	other, err := archive.NewWitnessKey("other.example", rand.NewChaCha8([32]byte{1}))
	w.must(err)
	python := servers.Program(t, "python3", "python3")
	run := func(witness string) string {
		said, _ := exec.Command(python, "verify.py", path, w.key.Public(), witness).CombinedOutput()
		return string(said)
	}
	if said := run(witness); !strings.HasPrefix(said, "whole: ") {
		t.Errorf("of the witness it has, it says %q", said)
	}
	if said := run(other.Public()); !strings.HasPrefix(said, "refused: checkpoint.txt: the witness other.example") {
		t.Errorf("of one that has never seen it, it says %q", said)
	}
}
