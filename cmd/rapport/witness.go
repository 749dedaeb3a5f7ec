package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"rapport/archive"
	"rapport/threads"
)

// witnessCmd is for auditors, on machines of their own: nothing of it reads the
// configuration or the store.
type witnessCmd struct {
	New   witnessNewCmd   `cmd:"" help:"Make the key of a witness, and print its public key."`
	Pull  witnessPullCmd  `cmd:"" help:"Fetch the checkpoints of both logs, check that they only grew, and cosign them."`
	Serve witnessServeCmd `cmd:"" help:"Cosign on request until SIGTERM (C2SP tlog-witness)."`
}

type witnessNewCmd struct {
	File string `arg:"" help:"Where to write it."`
	Name string `arg:"" help:"The name of the witness, such as witness.auditor.example."`
}

func (c *witnessNewCmd) Run(e *env) error {
	key, err := archive.NewWitnessKey(c.Name, rand.Reader)
	if err != nil {
		return usagef("%v", err)
	}
	if err := writeKey(c.File, key.Secret()); err != nil {
		return err
	}
	fmt.Fprintln(e.out, key.Public())
	return nil
}

// watching is what both ways of watching need.
type watching struct {
	KeyFile string   `placeholder:"FILE" required:"" help:"The key of the witness, as \"rapport witness new\" made it."`
	Log     []string `placeholder:"KEY" required:"" help:"The public key of the logs to watch, or a file with it; may be repeated."`
	State   string   `placeholder:"DIR" required:"" help:"The folder that remembers what was seen; it is made if it is not there."`
}

// witness makes one; done must be called when it is no longer used.
func (c *watching) witness() (w *archive.Witness, done func() error, err error) {
	text, err := os.ReadFile(c.KeyFile)
	if err != nil {
		return nil, nil, fmt.Errorf("%w; a new one is made with \"rapport witness new FILE NAME\"", fileError(c.KeyFile, err))
	}
	key, err := archive.ReadWitnessKey(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.KeyFile, err)
	}
	w = &archive.Witness{Key: key, Memory: archive.Folder(c.State), Now: time.Now}
	for _, arg := range c.Log {
		v, err := readKeyArgument("--log", arg, archive.ReadPublic)
		if err != nil {
			return nil, nil, err
		}
		access, err := v.Access()
		if err != nil {
			return nil, nil, err
		}
		w.Logs = append(w.Logs, v, access)
	}
	if err := os.MkdirAll(c.State, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder: %w", err)
	}
	// Two witnesses with one memory could cosign two histories.
	done, err = lock(c.State, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: another witness uses %s", threads.ErrConflict, c.State)
	}
	return w, done, err
}

type witnessPullCmd struct {
	URL string `arg:"" help:"The log's address: that of Rapport's pages with /log, such as https://rapport.agency.example/log."`
	watching
}

// Run looks once, at both logs. A second history ends with the exit code of a
// conflict.
func (c *witnessPullCmd) Run(e *env) error {
	w, done, err := c.witness()
	if err != nil {
		return err
	}
	defer done()
	if len(c.Log) != 1 {
		return usagef("--log: one address has one installation's logs; give one key")
	}
	address := strings.TrimSuffix(c.URL, "/")
	return errors.Join(c.pull(e, w, w.Logs[0], address), c.pull(e, w, w.Logs[1], address+"/access"))
}

// pull looks at one log.
func (c *witnessPullCmd) pull(e *env, w *archive.Witness, log archive.Verifier, address string) error {
	p, err := w.Pull(e.ctx, log, getter(address))
	if errors.Is(err, archive.ErrForked) {
		return fmt.Errorf("%w: %s: %w; both checkpoints are kept in %s: they prove it", threads.ErrConflict, log.Name(), err, c.State)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", log.Name(), err)
	}
	switch {
	case p.Before.Size == 0:
		fmt.Fprintf(e.err, "%s: %d lines, seen for the first time\n", p.Now.Origin, p.Now.Size)
	case p.Before.Size == p.Now.Size:
		fmt.Fprintf(e.err, "%s: %d lines, nothing new\n", p.Now.Origin, p.Now.Size)
	default:
		fmt.Fprintf(e.err, "%s: %d lines, which continue the %d that were seen before\n", p.Now.Origin, p.Now.Size, p.Before.Size)
	}
	_, err = e.out.Write(p.Cosigned)
	return err
}

// getter reads below an address. A log's tile has 8 KB.
func getter(url string) func(ctx context.Context, path string) ([]byte, error) {
	client := outsider(witnessTimeout)
	return func(ctx context.Context, path string) ([]byte, error) {
		address := url + "/" + path
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, usagef("%q is no address", url)
		}
		answer, err := client.Do(r)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("read the log: %s answers %s", address, answer.Status)
		}
		return io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	}
}

type witnessServeCmd struct {
	watching
	Listen string `default:"127.0.0.1:8471" placeholder:"ADDRESS" help:"Where to listen."`
}

// Run answers until the context ends.
func (c *witnessServeCmd) Run(e *env) error {
	w, done, err := c.witness()
	if err != nil {
		return err
	}
	defer done()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("open --listen: %w; another program has that port, or choose another one", err)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /add-checkpoint", w)
	site := newSite(mux)
	fmt.Fprintf(e.out, "The witness is at http://%s\n", listener.Addr())
	failed := make(chan error, 1)
	go func() { failed <- site.Serve(fewAtOnce(listener)) }()
	select {
	case err := <-failed:
		return fmt.Errorf("answer: %w", err)
	case <-e.ctx.Done():
		closing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return site.Shutdown(closing)
	}
}
