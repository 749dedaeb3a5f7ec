package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var updateScripts = flag.Bool("update", false, "write the stories' expected output anew")

// TestMain lets the test binary be the program too, so that the stories run
// what is shipped.
func TestMain(m *testing.M) {
	if os.Getenv(asRapport) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"rapport": main})
}

// TestStories runs testdata/*.txtar: each tells what a person does and what
// the program answers, errors and exit codes among it.
func TestStories(t *testing.T) {
	samples, err := filepath.Abs("../../demo/mails")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: storyData,
		Setup: func(e *testscript.Env) error {
			e.Setenv("MAILS", samples) // the demo's sample mails
			e.Setenv("GORACE", raceOptions)
			e.Values[agencyKey{}] = &agency{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":       exitCommand,
			"agency":     agencyCommand,
			"receive":    receiveCommand,
			"letters":    lettersCommand,
			"answer":     answerCommand,
			"let":        letCommand,
			"eventually": eventuallyCommand,
		},
		RequireExplicitExec: true,
		UpdateScripts:       *updateScripts,
	})
}

func TestTheCommandLineParses(t *testing.T) {
	var out, errs discard
	if code := run(context.Background(), []string{"--help"}, nil, &out, &errs); code != exitOK || out == 0 {
		t.Errorf("--help ends with %d after %d bytes", code, out)
	}
}

// discard counts what is written.
type discard int

func (d *discard) Write(b []byte) (int, error) { *d += discard(len(b)); return len(b), nil }
