package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Of many that create a file at once one does, and all find it whole.
func TestOneCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var created atomic.Int32
	var all sync.WaitGroup
	for i := range 20 {
		all.Add(1)
		go func() {
			defer all.Done()
			content := strings.Repeat(string(rune('a'+i)), 1<<16)
			switch err := Create(path, []byte(content)); {
			case err == nil:
				created.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || len(got) != len(content) || strings.Trim(string(got), string(got[:1])) != "" {
				t.Errorf("found %d bytes, %v; want the whole file of one", len(got), err)
			}
		}()
	}
	all.Wait()
	if created.Load() != 1 {
		t.Errorf("%d created the file, want 1", created.Load())
	}
	nothingElse(t, path)
}

func TestWriteReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book")
	for _, content := range []string{"first", "second"} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("read %q, %v; want %q", got, err, content)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is open to others: %v, %v", info.Mode(), err)
	}
	nothingElse(t, path)
}

func TestAFolderIsInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if Write(path, nil) == nil || Create(path, nil) == nil {
		t.Error("a folder was replaced by a file")
	}
	nothingElse(t, path)
}

// nothingElse wants the file alone in its folder.
func nothingElse(t *testing.T, path string) {
	t.Helper()
	if names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(names) != 1 {
		t.Errorf("the folder has %v, %v; want nothing but the file", names, err)
	}
}
