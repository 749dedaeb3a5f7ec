package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"rapport/archive"
	"rapport/cmd/rapport/config"
	"rapport/demo"
	"rapport/threads"
)

type demoCmd struct {
	Once bool   `help:"End after the main job instead of serving the pages."`
	JSON bool   `help:"Print the outcome as JSON."`
	Dir  string `type:"path" placeholder:"DIR" help:"Keep everything here and go on where an earlier run ended; a temporary directory unless named."`
}

// demoPort is where the pages are, or at one of the ports after it.
const (
	demoPort  = 8470
	demoPorts = 20
)

func (c *demoCmd) Run(e *env) error {
	dir, err := c.directory()
	if err != nil {
		return err
	}
	samples, err := demo.Mails()
	if err != nil {
		return err
	}
	password, err := demoPassword(filepath.Join(dir, "password"))
	if err != nil {
		return err
	}
	if err := demoKey(filepath.Join(dir, "log.key")); err != nil {
		return err
	}
	servers, err := demo.StartServers(filepath.Join(dir, "spool"), password, samples)
	if err != nil {
		return err
	}
	defer servers.Close()
	listener, err := demoListener()
	if err != nil {
		return err
	}
	defer listener.Close()
	h, err := demoHouse(e, dir, servers.Config(listener.Addr().String()))
	if err != nil {
		return err
	}
	defer h.close()
	tell := e.out
	if c.JSON {
		tell = io.Discard
	}
	d := &demoRun{house: h, env: e, servers: servers, samples: samples, tell: tell}
	outcome, err := d.run(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(e.out, outcome); err != nil {
			return err
		}
	}
	if !outcome.OK {
		return errors.New("the demo did not end as it should:\n  " + strings.Join(outcome.Wrong, "\n  "))
	}
	if c.Once {
		return nil
	}
	fmt.Fprintf(tell, "\nEverything lies in %s\nTo see whether anything in it was altered: %s -c %s verify\nThe pages are at http://%s (Ctrl-C ends the demo)\n",
		dir, os.Args[0], filepath.Join(dir, "rapport.yaml"), listener.Addr())
	return (&server{house: h, guest: demo.Manager}).run(e.ctx, listener)
}

// directory is where the demo keeps its things. A temporary one is removed by
// the system, not by us: its pages and mails are there to be looked at.
func (c *demoCmd) directory() (string, error) {
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "rapport-demo-")
		if err != nil {
			return "", fmt.Errorf("make the demo's directory: %w", err)
		}
		return dir, nil
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return "", fmt.Errorf("make the demo's directory: %w", err)
	}
	return c.Dir, nil
}

// demoPassword is the mailbox's password: made at the first run, kept after.
func demoPassword(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err == nil && len(text) > 0 {
		return string(text), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the demo's password: %w", err)
	}
	password := rand.Text()
	if err := os.WriteFile(path, []byte(password), 0o600); err != nil {
		return "", fmt.Errorf("write the demo's password: %w", err)
	}
	return password, nil
}

// demoKey makes the key that signs the log at the first run, and keeps it after.
func demoKey(path string) error {
	key, err := archive.NewKey("", rand.Reader)
	if err != nil {
		return fmt.Errorf("make the key of the demo's log: %w", err)
	}
	if err := writeKey(path, key.Secret()); !errors.Is(err, threads.ErrConflict) {
		return err
	}
	return nil
}

// demoListener takes the usual port or the next free one.
func demoListener() (net.Listener, error) {
	var first error
	for port := demoPort; port < demoPort+demoPorts; port++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return l, nil
		}
		first = cmpErr(first, err)
	}
	return nil, fmt.Errorf("find a port for the pages: %w", first)
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// demoHouse writes the configuration and opens the house with it.
func demoHouse(e *env, dir string, text []byte) (*house, error) {
	path := filepath.Join(dir, "rapport.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("write the demo's configuration: %w", err)
	}
	c, err := config.Load(path)
	if err != nil {
		return nil, fmt.Errorf("the demo's configuration: %w", err)
	}
	return openHouse(e.ctx, c, slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelError})))
}

// shaOf names a raw mail as the archive does.
func shaOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
