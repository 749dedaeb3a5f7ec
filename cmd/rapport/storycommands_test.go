package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rapport/demo"
)

// agency is what a story has running: the mail servers of Northlight Studio.
type agency struct{ servers *demo.Servers }

type agencyKey struct{}

func serversOf(ts *testscript.TestScript) *demo.Servers {
	s := ts.Value(agencyKey{}).(*agency).servers
	if s == nil {
		ts.Fatalf("the story has no agency yet; begin it with: agency")
	}
	return s
}

// agency [FILE…]: puts testdata/agency into the story's folder, with mail
// servers of its own.
func agencyCommand(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs("."), os.DirFS(filepath.Join(storyData, "agency"))))
	serversCommand(ts, neg, append(args, "rapport.yaml"))
}

// servers FILE…: starts mail servers with an empty mailbox; the password is
// "secret". $IMAP and $SMTP in the files named become their addresses.
func serversCommand(ts *testscript.TestScript, neg bool, args []string) {
	s, err := demo.StartServers(ts.MkAbs("spool"), "secret", nil)
	ts.Check(err)
	ts.Defer(func() { s.Close() })
	ts.Value(agencyKey{}).(*agency).servers = s
	ts.Setenv("IMAP", s.IMAPAddr)
	ts.Setenv("SMTP", s.SMTPAddr)
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// receive FILE…: mails arrive in the agency's mailbox; $NOW in them is the moment.
func receiveCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		raw := strings.ReplaceAll(ts.ReadFile(name), "$NOW", time.Now().Format(time.RFC1123Z))
		_, err := serversOf(ts).Receive(filepath.Base(name), []byte(raw))
		ts.Check(err)
	}
}

// letters N: the mail server has taken so many letters; they are written to
// letter1.eml and so on.
func lettersCommand(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	letters, err := serversOf(ts).Letters()
	ts.Check(err)
	if len(letters) != want {
		ts.Fatalf("%d letters were sent, want %d", len(letters), want)
	}
	for i, l := range letters {
		ts.Check(os.WriteFile(ts.MkAbs(fmt.Sprintf("letter%d.eml", i+1)), l.Raw, 0o600))
	}
}

// answer N: the client answers letter N inline. The answer lies in answerN.eml,
// and arrives with: receive answerN.eml.
func answerCommand(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	letters, err := serversOf(ts).Letters()
	ts.Check(err)
	if n < 1 || n > len(letters) {
		ts.Fatalf("there are %d letters, none is number %d", len(letters), n)
	}
	reply, err := demo.Answer(letters[n-1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(fmt.Sprintf("answer%d.eml", n)), reply.Raw, 0o600))
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

// let NAME PATTERN: sets $NAME to what the pattern's group finds in the output
// of the command before.
func letCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: let NAME PATTERN")
	}
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("the output has nothing like %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// eventually PATTERN COMMAND…: runs the program again and again until its
// output fits the pattern.
func eventuallyCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN COMMAND [ARG …]")
	}
	want := regexp.MustCompile("(?m)" + args[0])
	for end := time.Now().Add(patience); ; {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("the output never came to fit %s", args[0])
		}
		time.Sleep(20 * time.Millisecond) // asking all the time would slow down what is waited for
	}
}
