package archive

import (
	"bytes"
	"testing"

	"rapport/threads"
)

// What a bundle or a log holds is read only if it is written in the one way
// that it can be written.
func FuzzForms(f *testing.F) {
	line := threads.Entry{Type: threads.EntryMailIn, Project: "ACME", Subject: "m1", Ref: "t1", Commit: "ab"}
	proof := Proof{Extra: []byte("salt"), Index: 3, Checkpoint: []byte("a\n4\nx\n\n— a b\n")}
	f.Add(line.Line())
	f.Add(proof.Marshal())
	f.Add([]byte("a\n4\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— a b\n"))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra \nindex -1\n\n"))
	f.Add([]byte(`{"v":1,"at":"0000-00-00T00:00:00.000Z"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if l, err := ParseLine(0, text); err == nil && !bytes.Equal(l.Line(), text) {
			t.Errorf("the line %q was read as %q", text, l.Line())
		}
		if p, err := ParseProof(text); err == nil {
			if again, err := ParseProof(p.Marshal()); err != nil || again.Index != p.Index || len(again.Hashes) != len(p.Hashes) {
				t.Errorf("the proof %q is not read again: %v", text, err)
			}
		}
		if c, err := ReadCheckpoint(text); err == nil && !bytes.HasPrefix(text, []byte(c.text())) {
			t.Errorf("the checkpoint %q was read as %q", text, c.text())
		}
	})
}

// What is found in a text can be found again in what was found, and what a
// header says is a checkpoint.
func FuzzCheckpoints(f *testing.F) {
	key, _ := newTestKey(f)
	signed, err := key.Sign(Checkpoint{Origin: "a.example/log", Size: 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(signed) + "\n" + string(signed))
	f.Add("a.example/log 7 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n x\r\n y")
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range Checkpoints([]byte(text)) {
			if again := Checkpoints(found); len(again) != 1 || !bytes.Equal(again[0], found) {
				t.Errorf("%q was found, and in it %q", found, again)
			}
			if _, err := ReadCheckpoint(found); err != nil {
				t.Errorf("%q was found: %v", found, err)
			}
		}
		if signed, err := ReadHeader(text); err == nil {
			if _, err := ReadCheckpoint(signed); err != nil {
				t.Errorf("the header %q gave %q: %v", text, signed, err)
			}
		}
	})
}
