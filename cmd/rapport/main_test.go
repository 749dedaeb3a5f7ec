package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rapport/demo"
)

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
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":    exitCommand,
			"servers": serversCommand,
			"receive": receiveCommand,
			"letters": lettersCommand,
		},
		RequireExplicitExec: true,
		UpdateScripts:       *updateScripts,
	})
}

// exit N COMMAND…: runs the program and wants this exit code.
func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit N COMMAND [ARG …]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("run %v: %v", args[1:], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// servers: starts the demo's mail servers with an empty mailbox and sets IMAP
// and SMTP to their addresses; the password is "secret".
func serversCommand(ts *testscript.TestScript, neg bool, args []string) {
	s, err := demo.StartServers(ts.MkAbs("spool"), "secret", nil)
	ts.Check(err)
	ts.Defer(func() { s.Close() })
	ts.Setenv("IMAP", s.IMAPAddr)
	ts.Setenv("SMTP", s.SMTPAddr)
	running.set(ts.Getenv("WORK"), s)
	for _, name := range args { // files in which $IMAP and $SMTP stand
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// receive FILE: a mail arrives in the mailbox.
func receiveCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		_, err := running.get(ts.Getenv("WORK")).Receive(filepath.Base(name), []byte(ts.ReadFile(name)))
		ts.Check(err)
	}
}

// letters N: the sink has taken so many letters; they are written to
// letter1.eml and so on.
func lettersCommand(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	letters, err := running.get(ts.Getenv("WORK")).Letters()
	ts.Check(err)
	if len(letters) != want {
		ts.Fatalf("%d letters were sent, want %d", len(letters), want)
	}
	for i, l := range letters {
		ts.Check(os.WriteFile(ts.MkAbs(fmt.Sprintf("letter%d.eml", i+1)), l.Raw, 0o600))
	}
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
