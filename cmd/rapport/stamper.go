package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

// stamper has checkpoints stamped with the time by an authority.
type stamper struct {
	authority archive.Authority
	logs      []store.Log
	every     time.Duration // between two stamps of one log
	log       *slog.Logger
}

// stampTimeout is how long an authority may take.
const stampTimeout = 30 * time.Second

// stamper is nil if no authority is configured.
func (h *house) stamper() (*stamper, error) {
	c := h.config().Log.Timestamp
	if c.URL == "" {
		return nil, nil
	}
	roots, err := h.config().Roots(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("log.timestamp: %w", err)
	}
	return &stamper{
		authority: archive.Authority{URL: c.URL, Client: outsider(stampTimeout), Roots: roots, Random: rand.Reader},
		logs:      []store.Log{h.store.ArchiveLog(), h.store.AccessLog()}, every: c.Every, log: h.log,
	}, nil
}

// stampAgain is how long it takes until an authority that gave none is asked again.
const stampAgain = 10 * time.Minute

// run looks now and then whether a time-stamp is due. Signing does not wait for it.
func (s *stamper) run(ctx context.Context) error {
	return repeatedly(ctx, time.Minute, func() error { return s.once(ctx, time.Now()) },
		func(err error) { s.log.Warn("log.not-stamped", "error", err) })
}

// once stamps the newest checkpoint of each log for which it is time.
func (s *stamper) once(ctx context.Context, now time.Time) (trouble error) {
	for _, log := range s.logs {
		last, err := log.LatestStamp(ctx, false)
		wait := s.every
		if last.Token == nil {
			wait = stampAgain
		}
		switch {
		case errors.Is(err, threads.ErrNotFound):
		case err != nil:
			trouble = errors.Join(trouble, err)
			continue
		case now.Sub(last.At) < wait:
			continue
		}
		signed, err := log.LatestCheckpoint(ctx)
		if err == nil && signed != nil {
			_, err = s.stamp(ctx, log, signed)
		}
		trouble = errors.Join(trouble, err)
	}
	return trouble
}

// stamp has one checkpoint stamped, and keeps the outcome. One that was stamped
// before stays so.
func (s *stamper) stamp(ctx context.Context, log store.Log, signed []byte) ([]byte, error) {
	c, err := archive.ReadCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	if token, err := log.Stamp(ctx, c.Size); err != nil || token != nil {
		return token, err
	}
	out := store.Stamped{Size: c.Size}
	token, wrong := s.authority.Stamp(ctx, c)
	if wrong != nil {
		wrong = fmt.Errorf("%d lines of %s: %w", c.Size, c.Origin, wrong)
		out.Words = wrong.Error()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	out.Token = token
	return token, errors.Join(wrong, log.PutStamp(ctx, out))
}

// readRoots reads certificates of authorities that the caller trusts; nil for
// no file.
func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read --tsa: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, usagef("--tsa: %s has no certificate in PEM form", file)
	}
	return pool, nil
}
