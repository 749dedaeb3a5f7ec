package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/ingest/extract"
	"rapport/ingest/extract/llm"
)

// readers keep the reader of mails, so that what is known of a failing endpoint
// holds for all who read.
type readers struct {
	ctx context.Context // its end ends a question to the model

	mu   sync.Mutex
	made config.Reader
	read func(extract.Input) extract.Result
}

// of is the reader as configured: the embedded one alone, or one with the help
// of a language model.
func (r *readers) of(c config.Reader, log *slog.Logger) (func(extract.Input) extract.Result, error) {
	if !c.Used() {
		return extract.Read, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.read != nil && r.made == c {
		return r.read, nil
	}
	reader, err := llm.New(llm.Config{URL: c.URL, Model: c.Model, Key: c.Key, Timeout: c.Timeout, MaxChars: c.MaxChars, Now: time.Now, Log: log})
	if err != nil {
		return nil, fmt.Errorf("reader: %w", err)
	}
	r.made, r.read = c, func(in extract.Input) extract.Result { return reader.Read(r.ctx, in) }
	return r.read, nil
}
