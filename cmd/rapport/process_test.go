package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// asRapport makes the test binary be the program when it is set.
const asRapport = "RAPPORT_TEST_AS_PROGRAM"

// raceOptions keep the race detector from resting for a second at the end of
// each program.
const raceOptions = "atexit_sleep_ms=0"

// storyData holds the stories and what they share.
const storyData = "testdata"

// program is the command that runs Rapport with these arguments.
func program(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asRapport+"=1", "GORACE="+raceOptions)
	return cmd
}

// rapport runs the program to its end, which must be a good one.
func rapport(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := program(t.Context(), dir, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("rapport %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// rapportJSON runs the program and reads what it prints.
func rapportJSON(t *testing.T, v any, dir string, args ...string) {
	t.Helper()
	cmd := program(t.Context(), dir, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, v)
	}
	if err != nil {
		t.Fatalf("rapport %s: %v\n%s%s", strings.Join(args, " "), err, out, errs.Bytes())
	}
}

// patience bounds how long a test waits for something that another process does.
const patience = 60 * time.Second

// eventually waits until ok, which is asked again and again.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("it did not come about: %s", what)
		}
		time.Sleep(50 * time.Millisecond) // asking all the time would slow down what is waited for
	}
}

// output collects what a running program prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
