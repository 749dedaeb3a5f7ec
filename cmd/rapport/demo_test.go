package main

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A demo that is killed again and again ends like one that was left alone:
// nothing lost, nothing twice.
func TestTheDemoSurvivesBeingKilled(t *testing.T) {
	t.Parallel()
	var want demoOutcome
	began := time.Now()
	rapportJSON(t, &want, t.TempDir(), "demo", "--once", "--json", "--dir", t.TempDir())
	whole := time.Since(began)

	dir, kills := t.TempDir(), 12
	if testing.Short() {
		kills = 3
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range kills {
		cmd := program(t.Context(), dir, "demo", "--once", "--json", "--dir", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(dice.Int64N(int64(whole))), func() { cmd.Process.Kill() })
		cmd.Wait() // killed, or done before
		kill.Stop()
	}
	var got demoOutcome
	rapportJSON(t, &got, dir, "demo", "--once", "--json", "--dir", dir)
	for _, o := range []*demoOutcome{&want, &got} {
		for i := range o.Reports {
			o.Reports[i].Report = "" // drawn from the moment of approval
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after %d kills the outcome differs (-left alone +killed):\n%s", kills, diff)
	}
}

func TestTheDemoDoesItsJob(t *testing.T) {
	t.Parallel()
	var got demoOutcome
	rapportJSON(t, &got, t.TempDir(), "demo", "--once", "--json", "--dir", t.TempDir())
	if !got.OK || len(got.Reports) != 2 || got.Filed+len(got.Tray) != got.Received {
		b, _ := json.MarshalIndent(got, "", "  ")
		t.Errorf("the demo ended with\n%s", b)
	}
	for _, r := range got.Reports {
		if r.Matched != len(r.Answers) || r.Matched < 4 {
			t.Errorf("%s: %d of %d answers matched", r.Project, r.Matched, len(r.Answers))
		}
	}
}
