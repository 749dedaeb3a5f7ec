package eval

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/ingest/extract"
	"rapport/threads"
)

// TestScoreIsThatOfTheAnnotation compares the figures of three small cases
// with those that the scorer of the annotated mails gave for them.
func TestScoreIsThatOfTheAnnotation(t *testing.T) {
	cases, err := Load("testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	figures := Score(cases, func(c Case) Answer {
		data, err := os.ReadFile(filepath.Join("testdata/small", c.Name+".answer"))
		if err != nil {
			t.Fatal(err)
		}
		var a Answer
		if err := json.Unmarshal(data, &a); err != nil {
			t.Fatal(err)
		}
		return a
	})
	got, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/small/figures.json")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := canonical(t, got), canonical(t, want); a != b {
		t.Errorf("figures\n%s\nthe scorer has\n%s", a, b)
	}
	var misses []string
	for _, m := range figures.Misses {
		misses = append(misses, m.String())
	}
	for _, want := range []string{
		"001 missed problem: The map is blank.",
		"001 false praise: Hi Tom,",
		"001 due: want “2026-11-27”, got “2026-11-26”",
		"003 auto: want reply, got none",
	} {
		if !strings.Contains(strings.Join(misses, "\n"), want) {
			t.Errorf("the misses lack %q:\n%s", want, strings.Join(misses, "\n"))
		}
	}
}

// canonical is JSON with sorted keys and 1.0 written as 1.
func canonical(t *testing.T, data []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestReport(t *testing.T) {
	r := extract.Result{Language: "en", NewText: "Approved.", Items: []threads.Item{{
		Kind: threads.Decision, Text: "Approved.", Facet: threads.Business, Due: "2026-12-01",
	}}}
	for class, want := range map[threads.Class]string{
		threads.ClassPerson: "none", threads.ClassAutoReply: "reply", threads.ClassOutOfOffice: "reply", threads.ClassBounce: "bounce",
		threads.ClassDelay: "bounce", threads.ClassReceipt: "receipt", threads.ClassList: "list",
	} {
		if got := Report(r, class).Auto; got != want {
			t.Errorf("class %s is auto %q, want %q", class, got, want)
		}
	}
	data, err := json.Marshal(Report(r, threads.ClassPerson))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"auto":"none","language":"en","new_text":"Approved.","items":[{"kind":"decision","text":"Approved.","facet":"business","urgent":false,"due":"2026-12-01","about":null}]}`
	if string(data) != want {
		t.Errorf("report\n%s\nwant\n%s", data, want)
	}
	if data, _ := json.Marshal(Report(extract.Result{}, threads.ClassPerson)); !bytes.Contains(data, []byte(`"items":[]`)) {
		t.Errorf("no items are no empty list: %s", data)
	}
}

func TestLoadNamesWhatIsMissing(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "*.eml") {
		t.Errorf("an empty folder gives %v", err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "7.eml"), []byte("Subject: x\r\n\r\ny\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Evaluate(folder); err == nil || !strings.Contains(err.Error(), "case 7") {
		t.Errorf("a mail without annotation gives %v", err)
	}
}

func TestMeasure(t *testing.T) {
	cases, err := Load("testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(0, 0)
	s := Measure(cases, time.Second, func() time.Time { at = at.Add(300 * time.Millisecond); return at })
	if s.Mails == 0 || s.Mails%len(cases) != 0 || s.PerMail <= 0 || s.PerSecond <= 0 {
		t.Errorf("measured %+v", s)
	}
}
