package copies

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childEnv makes the test binary be a process that copies and is killed: the
// folder, the state, and at which of its readings.
const childEnv = "RAPPORT_COPIES_CHILD"

func TestMain(m *testing.M) {
	if what := os.Getenv(childEnv); what != "" {
		child(strings.Split(what, "|"))
	}
	os.Exit(m.Run())
}

// deadly is a file during whose reading the process is killed.
type deadly struct {
	file io.ReaderAt
	left int
}

func (d *deadly) ReadAt(b []byte, at int64) (int, error) {
	if d.left--; d.left < 0 {
		die()
	}
	return d.file.ReadAt(b, at)
}

// die is SIGKILL: nothing is tidied up.
func die() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func child(args []string) {
	state, err := os.Open(args[1])
	if err != nil {
		panic(err)
	}
	info, err := state.Stat()
	if err != nil {
		panic(err)
	}
	reads, _ := strconv.Atoi(args[2])
	c, err := Folder(args[0]).Add(context.Background(), day.AddDate(1, 0, 0), io.NewSectionReader(&deadly{state, reads}, 0, info.Size()))
	if err != nil {
		panic(err)
	}
	if args[3] == "keep" {
		if _, err := c.Keep(); err != nil {
			panic(err)
		}
	}
	die()
}

// killed lets a process copy until it is killed, and tells whether that was at
// one of its readings.
func killed(t *testing.T, f Folder, state string, reads int, end string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // which is not what is awaited
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%s|%d|%s", childEnv, f, state, reads, end))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed: %v\n%s", err, out)
	}
	names, err := f.Names()
	if err != nil {
		t.Fatal(err)
	}
	last := names[len(names)-1]
	return last < day.AddDate(1, 0, 0).Format(nameForm)
}

// A copying is killed at each of its readings, before it is looked at, and after
// it counts. Each time the copies before are whole at once, also before anybody
// tidies up, and the next copying tidies up.
func TestKilledCopying(t *testing.T) {
	states := history(4)
	next := bytes.Clone(states[2])
	copy(next[block:], "changed")
	copy(next[stride*2:], "changed")
	next = append(next, "and longer"...)
	state := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(state, next, 0o600); err != nil {
		t.Fatal(err)
	}
	comparing := len(next)/stride + 1 // readings; the others are while it writes
	for _, test := range []struct {
		name string
		read int
		end  string
		kept bool
	}{
		{name: "as it begins to compare", read: 0},
		{name: "while it compares", read: comparing - 1},
		{name: "when the difference is written", read: comparing},
		{name: "amid its writing", read: comparing + 1},
		{name: "at the last block", read: comparing + 2},
		{name: "before it counts", read: 1 << 30},
		{name: "when it counts", read: 1 << 30, end: "keep", kept: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := Folder(t.TempDir())
			var paths []string
			for n := range 3 {
				path, _ := add(t, f, n, states[n])
				paths = append(paths, path)
			}
			if killed(t, f, state, test.read, test.end) == test.kept {
				t.Errorf("kept is not %v", test.kept)
			}
			if test.read >= comparing && !exists(strings.TrimSuffix(paths[2], wholeEnd)+deltaEnd) {
				t.Error("the step was not reached")
			}
			for n, path := range paths {
				holds(t, path, states[n])
			}
			path, c := add(t, f, 800, states[3])
			if c.Before == "" || c.Changed != "" {
				t.Errorf("the next is whole: %+v", c)
			}
			for n, path := range append(paths, path) {
				holds(t, path, states[n])
			}
			onlyCopies(t, f)
		})
	}
}

// The first copying of all is killed: nothing counts, and nothing stays.
func TestKilledFirstCopying(t *testing.T) {
	f, states := Folder(t.TempDir()), history(2)
	state := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(state, states[0], 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%s|%d|", childEnv, f, state, 2))
	cmd.Run()
	if left, _ := filepath.Glob(filepath.Join(string(f), "*"+wholeEnd+partEnd)); len(left) != 1 {
		t.Fatalf("left: %v", left)
	}
	if err := Extract(t.Context(), string(f), filepath.Join(t.TempDir(), "out")); err == nil {
		t.Error("a copy that was not done came out")
	}
	path, _ := add(t, f, 1, states[1])
	holds(t, path, states[1])
	onlyCopies(t, f)
}

// onlyCopies demands that nothing else is in the folder.
func onlyCopies(t *testing.T, f Folder) {
	t.Helper()
	files, err := os.ReadDir(string(f))
	if err != nil {
		t.Fatal(err)
	}
	names, err := f.Names()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(names) {
		t.Errorf("%v are there for %v", files, names)
	}
}
