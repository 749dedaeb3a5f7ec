package store

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
)

// Several processes may open the same new file at once: `rapport serve` and a
// command beside it.
func TestManyOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rapport.db")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s, err := Open(context.Background(), Config{URL: "sqlite:" + path})
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}
