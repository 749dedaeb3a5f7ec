// Package servers starts real mail servers and a real database for tests:
// Dovecot, Postfix and PostgreSQL from Debian's packages; and opens pages in a
// real browser.
//
// What comes in is a test; what goes out is a server of its own: configuration,
// data and sockets in a fresh temporary directory, listening on free ports of
// 127.0.0.1 only. The system's own servers and files are never touched, and
// nothing but loopback is ever contacted. What is started here ends with the
// test, or with the test binary however that ends: a keeper process watches a
// pipe from the test binary, and when the pipe closes it ends the server by its
// process id and removes the directory.
//
// If a program is missing the test is skipped with the name of the package to
// install; where CI=true is set, as .ci/run does, it fails instead.
package servers

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server may take to start or to end. It bounds a
// broken test; a working one never waits for it.
const patience = 30 * time.Second

// keeperScript runs "$@" until its standard input brings a word or ends, ends it
// with the signal SIG, and removes the directory unless the word was "keep".
const keeperScript = `
"$@" </dev/null & pid=$!
read -r word
kill -s "$SIG" $pid 2>/dev/null
wait $pid
[ "$word" = keep ] || rm -rf "$DIR"
`

// keeper is a running server with the process that watches over it.
type keeper struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// job says what a keeper runs.
type job struct {
	args   []string
	dir    string              // working directory and place of everything; goes away at the end
	cred   *syscall.Credential // nil: as ourselves
	signal string              // which signal ends it politely, "TERM"
}

// start runs the job under a keeper. Its output is added to dir/output.
func start(j job) (*keeper, error) {
	out, err := os.OpenFile(filepath.Join(j.dir, "output"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeperScript, "keeper"}, j.args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = j.dir, out, out
	cmd.Env = append(os.Environ(), "SIG="+j.signal, "DIR="+j.dir)
	// A group of its own, so that Ctrl-C in a terminal reaches the test binary
	// only and the keeper can tidy up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: j.cred}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &keeper{cmd, pipe}, nil
}

// stop ends the server, keeps its directory, and waits until it is gone. A
// server that does not go is killed with its whole process group.
func (k *keeper) stop() {
	io.WriteString(k.pipe, "keep\n")
	k.pipe.Close()
	kill := time.AfterFunc(patience, func() { syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL) })
	k.cmd.Wait()
	kill.Stop()
}

// Program finds a program that a test needs, also where a normal user's PATH does
// not look. Without it the test is skipped, or fails in CI.
func Program(t testing.TB, name, debian string, places ...string) string {
	t.Helper()
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, place := range places {
		found, _ := filepath.Glob(filepath.Join(place, name))
		if len(found) > 0 {
			return found[len(found)-1]
		}
	}
	Missing(t, name+" is not installed: apt-get install "+debian)
	return ""
}

// Missing skips the test, or fails it in CI where everything has to be there.
func Missing(t testing.TB, words string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(words)
	}
	t.Skip(words)
}

// tempDir makes a directory with a path short enough for unix sockets (107
// bytes; t.TempDir carries the test's name) which a server's user may enter, in
// the directory in, or where temporary files are if that is "".
func tempDir(t testing.TB, in, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp(in, "rapport-"+name+"-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatalf("directory for %s: %v", name, err)
	}
	return dir
}

// loopback is the address of a port on this machine.
func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// ready tries until try succeeds; then the server is up.
func ready(t testing.TB, what, log string, try func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if err = try(); err == nil {
			return
		}
	}
	t.Fatalf("%s does not start: %v\n%s", what, err, tail(log))
}

// listening reports whether a server greets at addr.
func listening(addr string) error {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(time.Second))
	_, err = c.Read(make([]byte, 1))
	return err
}

// kill ends the keeper's process group at once: for a server that takes its
// time over a polite end, in a directory that is thrown away.
func (k *keeper) kill() {
	syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL)
	k.pipe.Close()
	k.cmd.Wait()
}

// logOnFailure shows the end of a server's log when its test has failed.
func logOnFailure(t testing.TB, what, log string) {
	if t.Failed() {
		t.Logf("the last words of %s:\n%s", what, tail(log))
	}
}

// tail is the end of a log file.
func tail(path string) string {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "(nothing logged)"
	}
	const most = 6000
	if len(b) > most {
		b = b[len(b)-most:]
	}
	return string(b)
}

// credential is the identity of a system user, for a server that refuses to be
// root or must not be.
func credential(t testing.TB, name, debian string) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		Missing(t, "there is no user "+name+": apt-get install "+debian)
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if uidErr != nil || gidErr != nil {
		t.Fatalf("user %s has the odd ids %s, %s", name, u.Uid, u.Gid)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
