package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
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
	t.Parallel()
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
			"servers":    serversCommand,
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

// Every subcommand, argument and flag says in a sentence what it is for.
func TestHelp(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(false) {
		path := command.Path()
		var out, errs bytes.Buffer
		if code := run(t.Context(), append(strings.Fields(path), "--help"), nil, &out, &errs); code != exitOK || errs.Len() > 0 {
			t.Errorf("%s --help ends with %d and says %s", path, code, errs.String())
		}
		if !strings.HasPrefix(out.String(), "Usage: rapport "+path) {
			t.Errorf("%s --help begins with %.80q", path, out.String())
		}
		sentence := func(what, help string) {
			if !strings.HasSuffix(help, ".") {
				t.Errorf("%s: the help of %s is no sentence: %q", path, what, help)
			}
		}
		sentence("it", command.Help)
		for _, p := range command.Positional {
			sentence(p.Name, p.Help)
		}
		for _, f := range command.Flags {
			sentence("--"+f.Name, f.Help)
		}
	}
}
