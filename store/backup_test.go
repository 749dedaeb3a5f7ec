package store

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// While the file is frozen others write, read and move pages from the write-ahead
// log, in this process and beside it; each copy of the file is one moment.
func TestFrozenIsOneMoment(t *testing.T) {
	s := openTemp(t)
	var path string
	if err := s.reader.QueryRow(`select file from pragma_database_list where name = 'main'`).Scan(&path); err != nil {
		t.Fatal(err)
	}
	other, err := Open(context.Background(), Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	// Each transaction writes the same number in two places far from each other,
	// and more than a page between them.
	exec := func(db *sql.DB, text string, args ...any) {
		t.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			t.Error(err)
		}
	}
	exec(s.writer, `create table one (n integer)`)
	exec(s.writer, `create table filling (bytes blob)`)
	exec(s.writer, `create table two (n integer)`)
	exec(s.writer, `insert into one values (0)`)
	exec(s.writer, `insert into two values (0)`)
	done := make(chan struct{})
	var busy sync.WaitGroup
	defer busy.Wait()
	defer close(done)
	for _, db := range []*sql.DB{s.writer, other.writer} {
		busy.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				x, err := db.Begin()
				if err != nil {
					t.Error(err)
					return
				}
				for _, text := range []string{`update one set n = n + 1`, `insert into filling values (randomblob(20000))`, `update two set n = n + 1`} {
					if _, err := x.Exec(text); err != nil {
						t.Error(err)
					}
				}
				if err := x.Commit(); err != nil {
					t.Error(err)
				}
				if n%3 == 0 {
					exec(db, `pragma wal_checkpoint(passive)`)
				}
			}
		})
	}
	last := 0
	for range 5 {
		copied := filepath.Join(t.TempDir(), "copy.db")
		before := last
		err := s.Frozen(t.Context(), func(file *io.SectionReader) error {
			out, err := os.Create(copied)
			if err != nil {
				return err
			}
			defer out.Close()
			half := file.Size() / 2
			if _, err := io.Copy(out, io.NewSectionReader(file, 0, half)); err != nil {
				return err
			}
			// Both go on for a while before the rest is read.
			var from, now int
			err = s.reader.QueryRow(`select n from one`).Scan(&from)
			for now = from; err == nil && now < from+20; {
				err = s.reader.QueryRow(`select n from one`).Scan(&now)
			}
			if err == nil {
				_, err = io.Copy(out, io.NewSectionReader(file, half, file.Size()-half))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c, err := OpenCopy(copied)
		if err != nil {
			t.Fatal(err)
		}
		var one, two, rows int
		var whole string
		if err := c.reader.QueryRow(`select (select n from one), (select n from two), (select count(*) from filling)`).Scan(&one, &two, &rows); err != nil {
			t.Fatal(err)
		}
		if err := c.reader.QueryRow(`pragma integrity_check`).Scan(&whole); err != nil {
			t.Fatal(err)
		}
		if one != two || one != rows || one < before || whole != "ok" {
			t.Errorf("the copy has %d, %d and %d after %d: %s", one, two, rows, before, whole)
		}
		last = one
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if files, _ := filepath.Glob(copied + "-*"); len(files) > 0 {
			t.Errorf("beside the copy: %v", files)
		}
	}
}
