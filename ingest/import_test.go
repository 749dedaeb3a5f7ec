package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/demo"
	"rapport/ingest"
	"rapport/threads"
)

// stored reports how many of the mails the archive has, byte for byte.
func (w *world) stored(mails []string) int {
	w.t.Helper()
	n := 0
	for _, raw := range mails {
		sum := sha256.Sum256([]byte(raw))
		id, ok, err := w.store.HasRaw(context.Background(), hex.EncodeToString(sum[:]))
		w.must(err)
		if !ok {
			continue
		}
		got, err := w.store.Raw(context.Background(), id)
		w.must(err)
		if string(got) == raw {
			n++
		}
	}
	return n
}

func (w *world) imports(c ingest.ImportConfig, paths ...string) ingest.Imported {
	w.t.Helper()
	c.Pipeline = w.pipeline
	got, err := ingest.Import(context.Background(), c, paths...)
	w.must(err)
	return got
}

func write(t *testing.T, path, data string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// clientMails are n different mails of a client.
func clientMails(n int) []string {
	var mails []string
	for i := range n {
		mails = append(mails, fmt.Sprintf("From: Ellen Whitcombe <ellen@harbourlane.example>\nTo: projects@northlight.example\nSubject: Note %d\n"+
			"Date: Mon, 02 Nov 2026 09:%02d:%02d +0000\nMessage-ID: <note-%d@harbourlane.example>\n\nPlease change page %d.\n", i, i/60%60, i%60, i, i))
	}
	return mails
}

func mboxOf(mails []string) string {
	return "From ellen@harbourlane.example Mon Nov  2 09:12:40 2026\n" + strings.Join(mails, "\nFrom ellen@harbourlane.example Mon Nov  2 09:12:40 2026\n") + "\n"
}

func TestImportOfAnMbox(t *testing.T) {
	w := newWorld(t)
	mails := clientMails(230)
	path := write(t, filepath.Join(t.TempDir(), "archive.mbox"), mboxOf(mails))
	calls, last := 0, ingest.Imported{}
	c := ingest.ImportConfig{Progress: func(i ingest.Imported) { calls++; last = i }}
	got := w.imports(c, path)
	if got.Counts.Filed != 230 || got.Counts.Tray != 0 || got.Bytes != got.Total || w.stored(mails) != 230 {
		t.Errorf("imported %+v, %d stored", got, w.stored(mails))
	}
	if calls != 5 || last.Mails != 230 || last.Bytes != last.Total {
		t.Errorf("%d calls, the last with %+v", calls, last)
	}
	m := w.message("note-7@harbourlane.example")
	if !m.Received.Equal(time.Date(2026, 11, 2, 9, 12, 40, 0, time.UTC)) || m.Project != demo.Harbour {
		t.Errorf("received %v in %q", m.Received, m.Project)
	}
	if again := w.imports(c, path); again.Counts.Filed != 0 || again.Counts.Known != 230 {
		t.Errorf("the second import: %+v", again)
	}
}

func TestImportOfAMaildirAFolderAndOneFile(t *testing.T) {
	w := newWorld(t)
	mails := clientMails(7)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Maildir/cur/1793610760.M1.host:2,S"), mails[0])
	write(t, filepath.Join(dir, "Maildir/new/1793610761.M2.host"), mails[1])
	write(t, filepath.Join(dir, "Maildir/tmp/1793610762.M3.host"), "half")
	write(t, filepath.Join(dir, "Maildir/.Sent/cur/1793610763.M4.host:2,S"), mails[2])
	write(t, filepath.Join(dir, "Maildir/.Sent/new/.keep"), "")
	write(t, filepath.Join(dir, "Maildir/.Sent/tmp/x"), "")
	write(t, filepath.Join(dir, "Maildir/dovecot.index"), "\x00\x01")
	write(t, filepath.Join(dir, "saved/2026/a.eml"), mails[3])
	write(t, filepath.Join(dir, "saved/2026/B.EML"), mails[4])
	write(t, filepath.Join(dir, "saved/old"), mboxOf(mails[5:6]))
	write(t, filepath.Join(dir, "saved/notes.txt"), "not a mail")
	write(t, filepath.Join(dir, "saved/empty.eml"), "")
	one := write(t, filepath.Join(dir, "one"), mails[6])
	picture := write(t, filepath.Join(dir, "picture.png"), "\x89PNG\r\n\x1a\n\x00\x00 no field here")
	got := w.imports(ingest.ImportConfig{}, filepath.Join(dir, "Maildir"), filepath.Join(dir, "saved"), one, picture)
	if got.Counts.Filed != 7 || w.stored(mails) != 7 || len(got.LeftOut) != 2 || got.Bytes != got.Total {
		t.Errorf("imported %+v, %d stored", got, w.stored(mails))
	}
	if m := w.message("note-0@harbourlane.example"); m.Received.Unix() != 1793610760 {
		t.Errorf("received %v; the file's name says otherwise", m.Received)
	}
	if m := w.message("note-3@harbourlane.example"); !m.Received.Equal(time.Date(2026, 11, 2, 9, 0, 3, 0, time.UTC)) {
		t.Errorf("received %v; its Date says otherwise", m.Received)
	}
}

func TestImportIntoAProjectByHand(t *testing.T) {
	w := newWorld(t)
	stranger := "From: someone@nowhere.example\nSubject: Old mail\nMessage-ID: <old@nowhere.example>\n\nPlease call me.\n"
	got := w.imports(ingest.ImportConfig{Project: "harbour-web"}, write(t, filepath.Join(t.TempDir(), "a.eml"), stranger))
	m := w.message("old@nowhere.example")
	if got.Counts.Tray != 0 || m.Project != demo.Harbour || m.Evidence[0].Kind != "import" {
		t.Errorf("filed %+v as %+v", got.Counts, m)
	}
	_, err := ingest.Import(context.Background(), ingest.ImportConfig{Pipeline: w.pipeline, Project: "NONE"}, ".")
	if !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("an unknown project gives %v", err)
	}
	if _, err := ingest.Import(context.Background(), ingest.ImportConfig{Pipeline: w.pipeline}, t.TempDir()); err == nil {
		t.Error("an empty folder is taken for mail")
	}
}

func TestAnInterruptedImportIsFinishedByTheNext(t *testing.T) {
	w := newWorld(t)
	mails := clientMails(400)
	path := write(t, filepath.Join(t.TempDir(), "archive.mbox"), mboxOf(mails))
	for stop := 1; stop <= 3; stop++ {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		_, err := ingest.Import(ctx, ingest.ImportConfig{Pipeline: w.pipeline, Progress: func(ingest.Imported) {
			if calls++; calls == stop {
				cancel()
			}
		}}, path)
		cancel()
		if err == nil {
			t.Fatal("the import did not notice that it was stopped")
		}
	}
	before := w.stored(mails)
	got := w.imports(ingest.ImportConfig{}, path)
	if before == 0 || before == 400 || w.stored(mails) != 400 || got.Counts.Filed != 400-before || got.Counts.Known != before {
		t.Errorf("%d stored before, %d after; %+v", before, w.stored(mails), got.Counts)
	}
}

// A pipe is not waited for, named by itself or lying in a folder; neither is
// anything followed out of the folder.
func TestImportOfWhatIsNoFile(t *testing.T) {
	w := newWorld(t)
	dir, elsewhere := t.TempDir(), t.TempDir()
	mails := clientMails(2)
	write(t, filepath.Join(dir, "a.eml"), mails[0])
	write(t, filepath.Join(elsewhere, "b.eml"), mails[1])
	w.must(syscall.Mkfifo(filepath.Join(dir, "pipe.eml"), 0o600))
	w.must(os.Symlink(filepath.Join(elsewhere, "b.eml"), filepath.Join(dir, "c.eml")))
	w.must(os.Symlink(elsewhere, filepath.Join(dir, "d")))
	if got := w.imports(ingest.ImportConfig{}, dir); got.Counts.Filed != 1 || w.stored(mails) != 1 {
		t.Errorf("imported %+v, %d stored", got, w.stored(mails))
	}
	for _, path := range []string{filepath.Join(dir, "pipe.eml"), "/dev/zero"} {
		if _, err := ingest.Import(context.Background(), ingest.ImportConfig{Pipeline: w.pipeline}, path); err == nil || !strings.Contains(err.Error(), "neither a file nor a folder") {
			t.Errorf("import of %s: %v", path, err)
		}
	}
}
