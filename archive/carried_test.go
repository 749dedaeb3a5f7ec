package archive

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"
)

func TestCheckpointsAreFoundInTexts(t *testing.T) {
	key, v := newTestKey(t)
	access, err := key.Access()
	if err != nil {
		t.Fatal(err)
	}
	one, _ := key.Sign(Checkpoint{Origin: key.Origin(), Size: 12})
	two, _ := access.Sign(Checkpoint{Origin: access.Origin(), Size: 3})
	witness, err := NewWitnessKey("w.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	one = append(one, witness.cosign(Checkpoint{Origin: key.Origin(), Size: 12}.text(), time.Unix(1_800_000_000, 0))...)
	for name, text := range map[string]string{
		"alone":          string(one) + string(two),
		"in words":       "Dear auditor,\n\nkeep this:\n" + string(one) + "and that:\n\n" + string(two) + "\n-- \nRapport\n",
		"with CRLF":      strings.ReplaceAll(string(one)+"\n"+string(two), "\n", "\r\n"),
		"without an end": string(one) + strings.TrimSuffix(string(two), "\n"),
	} {
		found := Checkpoints([]byte(text))
		if len(found) != 2 || !bytes.Equal(found[0], one) || !bytes.Equal(found[1], two) {
			t.Errorf("%s: found %d: %q", name, len(found), found)
		}
	}
	for _, text := range []string{"", "a\n1\n", string(one[:60]), "a\n1\n" + strings.Repeat("A", 43) + "=\n\nno signature\n", strings.Repeat("a\n1\n"+strings.Repeat("A", 43)+"=\n", 50)} {
		if found := Checkpoints([]byte(text)); len(found) != 0 {
			t.Errorf("%q: found %q", text, found)
		}
	}
	words, err := HeaderWords(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if len(w) > 70 {
			t.Errorf("the word %q is long", w)
		}
	}
	back, err := ReadHeader(strings.Join(words, "\r\n "))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := OpenCheckpoint(back, v); err != nil || c.Size != 12 {
		t.Errorf("the header gives %v, %v", c, err)
	}
	for _, value := range []string{"", "a 1 b", "a 1 b c", "a x " + words[2] + " c"} {
		if _, err := ReadHeader(value); err == nil {
			t.Errorf("%q is taken for a checkpoint", value)
		}
	}
	odd, err := NewKey("日志", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, _ := odd.Sign(Checkpoint{Origin: odd.Origin()})
	if _, err := HeaderWords(signed); err == nil {
		t.Error("an origin that a header cannot carry was written")
	}
}
