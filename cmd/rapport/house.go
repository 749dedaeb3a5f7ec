package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"rapport/cmd/rapport/config"
	"rapport/ingest/authentic"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
	"rapport/web/access"
)

// house is what nearly every subcommand needs: the settings, the archive, the
// directory of projects as it is now, and the key of the reply addresses.
type house struct {
	settings  atomic.Pointer[config.Config] // see config
	store     *store.Store
	directory atomic.Pointer[threads.Directory]
	key       threads.ReplyKey
	readers   readers
	senders   *authentic.Checker
	log       *slog.Logger

	opening  sync.Once
	entrance *access.Door // see frontDoor
}

// open loads the configuration and opens the archive.
func (e *env) open() (*house, error) {
	c, err := config.Load(e.config)
	if err != nil {
		return nil, err
	}
	return openHouse(e.ctx, c, slog.New(slog.NewTextHandler(e.err, nil)))
}

func openHouse(ctx context.Context, c *config.Config, log *slog.Logger) (*house, error) {
	h := newHouse(c, log)
	h.readers.ctx, h.senders = ctx, newSenders()
	url, err := c.Store.DatabaseURL()
	if err != nil {
		return nil, fmt.Errorf("store.url: %w", err)
	}
	if h.key, err = replyKey(c.Agency.ReplyKeyFile); err != nil {
		return nil, err
	}
	if h.store, err = store.Open(ctx, store.Config{URL: url, Log: log, Subject: mail.BaseSubject}); err != nil {
		return nil, storeError(url, err)
	}
	return h, h.refresh(ctx)
}

// storeError adds the next step to why an archive cannot be opened.
func storeError(url string, err error) error {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		return fmt.Errorf("%w; see whether the database is up, and store.url and its password are right", err)
	}
	if _, missing := os.Stat(filepath.Dir(path)); missing != nil {
		return fmt.Errorf("%w; make the folder %s, or mend store.url", err, filepath.Dir(path))
	}
	return err
}

// newHouse knows the settings, and has nothing open.
func newHouse(c *config.Config, log *slog.Logger) *house {
	h := &house{log: log}
	h.settings.Store(c)
	return h
}

// config is what is configured at this moment.
func (h *house) config() *config.Config { return h.settings.Load() }

// refresh makes the directory of the configuration and of what managers have
// decided since.
func (h *house) refresh(ctx context.Context) error {
	choices, err := h.store.Choices(ctx)
	if err != nil {
		return err
	}
	h.directory.Store(h.config().Directory().With(choices))
	return nil
}

func (h *house) close() error { return h.store.Close() }

// quiet logs warnings and errors only: what a command does it prints itself.
func (h *house) quiet(e *env) {
	h.log = slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// projects is the directory as configured at this moment.
func (h *house) projects() *threads.Directory { return h.directory.Load() }

// project finds a project or says which there are.
func (h *house) project(key string) (*threads.Project, error) {
	d := h.projects()
	if p := d.Project(key); p != nil {
		return p, nil
	}
	var keys []string
	for _, p := range d.Projects {
		keys = append(keys, p.Key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("project %q: %w; the configuration has no projects, add it there", key, threads.ErrNotFound)
	}
	return nil, fmt.Errorf("project %q: %w; there are: %s", key, threads.ErrNotFound, strings.Join(keys, ", "))
}

// keyOf is the key of a project as it is configured, "" for "".
func (h *house) keyOf(project string) (string, error) {
	if project == "" {
		return "", nil
	}
	p, err := h.project(project)
	if err != nil {
		return "", err
	}
	return p.Key, nil
}

// ofProjects lists something of the project with that key, or of all projects
// one after the other if key is "".
func ofProjects[T any](h *house, key string, list func(key string) ([]T, error)) ([]T, error) {
	projects := h.projects().Projects
	if key != "" {
		p, err := h.project(key)
		if err != nil {
			return nil, err
		}
		projects = []threads.Project{*p}
	}
	all := []T{}
	for _, p := range projects {
		some, err := list(p.Key)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// installation names this archive's server in claims: started again, it takes
// its mailboxes back at once.
func (h *house) installation() string {
	host, _ := os.Hostname()
	return "serve@" + host
}
