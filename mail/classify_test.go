package mail

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClassifyDemo reads the sample mails of the demo: all are written by
// people but these.
func TestClassifyDemo(t *testing.T) {
	machines := map[string]Class{
		"08-vacation-reply":             ClassOutOfOffice,
		"09-out-of-office-microsoft365": ClassOutOfOffice,
		"10-bounce-dsn":                 ClassBounce,
		"11-read-receipt":               ClassReceipt,
		"12-newsletter":                 ClassList,
		"32-yunshan-auto-reply":         ClassAutoReply,
	}
	for _, path := range samples(t, "../demo/mails/*.eml") {
		name := strings.TrimSuffix(filepath.Base(path), ".eml")
		want := machines[name]
		if want == "" {
			want = ClassPerson
		}
		if got := Classify(Parse(readSample(t, path), Limits{})); got.Class != want {
			t.Errorf("%s: %s (%s), want %s", name, got.Class, got.Reason, want)
		}
	}
}

// TestClassifyGold reads the labelled mails that the items are measured with.
func TestClassifyGold(t *testing.T) {
	kinds := map[Class]string{
		ClassPerson: "none", ClassAutoReply: "reply", ClassOutOfOffice: "reply", ClassBounce: "bounce", ClassDelay: "bounce",
		ClassReceipt: "receipt", ClassList: "list",
	}
	right, all := 0, 0
	for _, path := range samples(t, "../ingest/extract/testdata/gold/*.eml") {
		var label struct{ Auto string }
		if err := json.Unmarshal(readSample(t, strings.TrimSuffix(path, "eml")+"json"), &label); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all++
		got := Classify(Parse(readSample(t, path), Limits{}))
		if kinds[got.Class] == label.Auto {
			right++
			continue
		}
		t.Logf("%s: %s (%s), want %s", filepath.Base(path), got.Class, got.Reason, label.Auto)
	}
	if float64(right) < 0.97*float64(all) {
		t.Errorf("%d of %d right", right, all)
	}
}

func samples(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples %s: %v", pattern, err)
	}
	return paths
}

func readSample(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
