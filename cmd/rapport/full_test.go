package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onFullDisk is the program where no file can grow beyond so many KB: for it that
// is a disk that is full.
func onFullDisk(ctx context.Context, dir string, kilobytes int64, args ...string) *exec.Cmd {
	cmd := program(ctx, dir, args...)
	limited := exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -f "$0" && exec "$@"`, fmt.Sprint(kilobytes * 2)}, cmd.Args...)...)
	limited.Dir, limited.Env = cmd.Dir, cmd.Env
	return limited
}

// fails runs it, which must fail with these words, and returns what it said.
func fails(t *testing.T, cmd *exec.Cmd, words ...string) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("%v did not fail", cmd.Args)
	}
	for _, w := range words {
		if !strings.Contains(string(out), w) {
			t.Errorf("%v does not say %q:\n%s", cmd.Args, w, out)
		}
	}
	return string(out)
}

// large is a mail of 12 KB that cannot be compressed to much less.
func large(n int) string {
	bytes := make([]byte, 9000)
	rand.Read(bytes)
	text := base64.StdEncoding.EncodeToString(bytes)
	for at := 76; at < len(text); at += 77 {
		text = text[:at] + "\n" + text[at:]
	}
	return fmt.Sprintf("From: ellen@harbourlane.example\nTo: projects@northlight.example\nSubject: Large %d\nMessage-ID: <large%d@harbourlane.example>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nPlease look.\n%s\n", n, n, text)
}

func putLarge(t *testing.T, dir, name string, first, count int) {
	t.Helper()
	var box strings.Builder
	for n := first; n < first+count; n++ {
		box.WriteString("From x Mon Nov  2 10:00:00 2026\n" + large(n) + "\n")
	}
	put(t, dir, name, box.String())
}

// mails is how many mails the archive has, which must be whole.
func mails(t *testing.T, dir string) (n int) {
	t.Helper()
	said := rapport(t, dir, "verify", "--quiet")
	if _, err := fmt.Sscanf(said, "whole: %d lines of the log, %d mail", new(int), &n); err != nil {
		t.Fatalf("verify said: %s", said)
	}
	return n
}

// No mail is lost, left out or put aside because the disk is full: what fits is
// filed, and the rest once there is room.
func TestImportOntoAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "rapport.yaml", "store: {url: rapport.db}\n"+eraseConfig)
	putLarge(t, dir, "large.mbox", 0, 120)
	said := fails(t, onFullDisk(t.Context(), dir, 6000, "import", "large.mbox"), "the disk that the archive is on is full; make room there", "run the same command again")
	if strings.Contains(said, "left out") {
		t.Errorf("mail was left out:\n%s", said)
	}
	if n := mails(t, dir); n == 0 || n == 120 {
		t.Errorf("%d mails were filed before the disk was full", n)
	}
	rapport(t, dir, "import", "large.mbox")
	if n := mails(t, dir); n != 120 {
		t.Errorf("%d mails of 120 once there was room", n)
	}
}

func TestServeOnAFullDisk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := &serving{office: o, cmd: onFullDisk(t.Context(), o.dir, 4000, "serve")}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	for n := range 100 {
		if _, err := o.servers.Receive(fmt.Sprint(n), []byte(large(n))); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "it says that the disk is full", func() bool {
		return strings.Contains(s.out.String(), "mailbox.trouble") && strings.Contains(s.out.String(), "the disk that the archive is on is full; make room there")
	})
	if said := s.out.String(); strings.Contains(said, "mailbox.mail_aside") {
		t.Errorf("a mail was blamed:\n%s", said)
	}
	if n := mails(t, o.dir); n == 100 {
		t.Error("all mails were filed")
	}
	s.cmd.Process.Kill()
	s.cmd.Wait()
	room := o.serve()
	eventually(t, "all mail is filed", func() bool { return mails(t, o.dir) == 100 })
	if said := rapport(t, o.dir, "status"); !strings.Contains(said, "100 mails filed of UIDs 1..100") || !strings.Contains(said, " 0 owed") {
		t.Errorf("status: %s", said)
	}
	room.end()
}

func TestBackupAndRestoreOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "rapport.yaml", "store: {url: rapport.db}\n"+eraseConfig)
	put(t, dir, "other.yaml", "store: {url: other.db}\n"+eraseConfig)
	putLarge(t, dir, "one.mbox", 0, 40)
	putLarge(t, dir, "two.mbox", 40, 40)
	only := func(want ...string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "backups", "*"))
		if err != nil || len(files) != len(want) {
			t.Fatalf("in the folder: %v, %v; want %v", files, err, want)
		}
		for n, file := range files {
			if !strings.HasSuffix(file, want[n]) {
				t.Errorf("%s is there, want %s", file, want[n])
			}
		}
	}
	restored := func(path string, want int) {
		t.Helper()
		said := rapport(t, dir, "--config", "other.yaml", "restore", path)
		if !strings.Contains(said, fmt.Sprintf(" %d mails, whole", want)) {
			t.Errorf("restored from %s: %s", path, said)
		}
		if err := os.Remove(filepath.Join(dir, "other.db")); err != nil {
			t.Fatal(err)
		}
	}
	size := func(path string) int64 {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size() >> 10
	}

	rapport(t, dir, "import", "one.mbox")
	fails(t, onFullDisk(t.Context(), dir, 500, "backup", "backups"), "make room there and do it again: the copies made before are whole")
	only()
	first, _, _ := strings.Cut(rapport(t, dir, "backup", "backups"), ": ")
	restored(first, 40)

	rapport(t, dir, "import", "two.mbox")
	// The newest copy cannot grow to what the store has become.
	fails(t, onFullDisk(t.Context(), dir, size(first)+100, "backup", "backups"), "the copies made before are whole")
	only(".db")
	restored(first, 40)
	second, _, _ := strings.Cut(rapport(t, dir, "backup", "backups"), ": ")
	only(".delta", ".db")
	restored(first, 40)

	fails(t, onFullDisk(t.Context(), dir, size(second)-100, "--config", "other.yaml", "restore", "backups"), "make room there and do it again: nothing was restored")
	if left, _ := filepath.Glob(filepath.Join(dir, "other.db*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	restored(second, 80)
}
