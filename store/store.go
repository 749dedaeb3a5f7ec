// Package store keeps everything: mail, threads, items, answers, reports, the
// outbox and the log, in SQLite or in PostgreSQL.
//
// The words of package threads come in and go out. It promises that a method
// that writes is one transaction, with its log entries and the head of the log
// in the same one; that raw mail, the log, letters and answers are written once;
// and that both databases do the same, which one suite (package storetest)
// proves. SQL is written once for both; where they differ, dialect.go says so.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"rapport/threads"
)

// Config says where the archive is.
type Config struct {
	URL string           // "sqlite:PATH", a bare path, or "postgres://…"
	Now func() time.Time // nil means time.Now
	Log *slog.Logger     // nil means none

	// Subject takes "Re:" and its kin off a subject, for the subject of a thread.
	// nil leaves it as it is.
	Subject func(string) string
}

// Store is an open archive. Its methods may be called at the same time.
type Store struct {
	dialect *dialect
	writer  *sql.DB        // SQLite: one connection, since there is one writer at a time; nil in a view of Within
	reader  *sql.DB        // cannot write
	scope   *threads.Scope // what may be read, nil for everything; see Within
	now     func() time.Time
	log     *slog.Logger
	subject func(string) string
	ids     threads.IDs
	random  io.Reader
	packer  *packer
	beside  *openFiles
}

// Open opens the archive at c.URL, makes it if there is none, and brings it to
// the form that this program knows.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{now: c.Now, log: c.Log, subject: c.Subject, random: rand.Reader, beside: &openFiles{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.subject == nil {
		s.subject = strings.TrimSpace
	}
	s.ids = threads.IDs{Now: s.now, Rand: s.random}
	var err error
	if s.packer, err = newPacker(); err != nil {
		return nil, fmt.Errorf("prepare compression: %w", err)
	}
	if err := s.connect(ctx, c.URL); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the store: %w", noRoom(err))
	}
	if _, err := s.Repair(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context, url string) (err error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		s.dialect = postgres
		s.writer, s.reader, err = openPostgres(url)
	} else {
		s.dialect = sqlite
		s.writer, s.reader, err = openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	}
	if err != nil {
		return err
	}
	if err := s.writer.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return migrate(ctx, s.writer, s.dialect)
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.beside != nil {
		errs = append(errs, s.beside.close())
	}
	return errors.Join(errs...)
}

// salt is 16 random bytes, beyond guessing, for one thing's commitments.
func (s *Store) salt() []byte {
	b := make([]byte, 16)
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic("store: no randomness for a salt: " + err.Error()) // crypto/rand never fails
	}
	return b
}
