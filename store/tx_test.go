package store

import (
	"context"
	"errors"
	"testing"
)

// What is no longer wanted ends before its next statement, whole: a request
// whose browser left, and a program that is told to end, hold up nobody.
func TestAWriteEndsWithItsContext(t *testing.T) {
	s := openTemp(t)
	for name, next := range map[string]func(*tx) error{
		"exec": func(t *tx) error {
			_, err := t.exec(`insert into counter (project, items, reports) values ('B', 1, 1)`)
			return err
		},
		"rows": func(t *tx) error {
			_, err := collect(t, scalar[string], `select project from counter`)
			return err
		},
		"commit": func(*tx) error { return nil },
	} {
		ctx, leave := context.WithCancel(t.Context())
		err := s.write(ctx, func(t *tx) error {
			if _, err := t.exec(`insert into counter (project, items, reports) values ('A', 1, 1)`); err != nil {
				return err
			}
			leave()
			return next(t)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: after its end a write says %v", name, err)
		}
	}
	left, err := read(t.Context(), s, scalar[string], `select project from counter`)
	if err != nil || len(left) > 0 {
		t.Errorf("afterwards %q is kept (%v)", left, err)
	}
	if err := s.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`insert into counter (project, items, reports) values ('C', 1, 1)`)
		return err
	}); err != nil {
		t.Errorf("the next write: %v", err)
	}
}
