package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/web"
	"rapport/web/access"
)

type serveCmd struct{}

// Run serves until the context ends, which SIGTERM and SIGINT bring about.
func (c *serveCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	listener, err := net.Listen("tcp", h.config().Web.Listen)
	if err != nil {
		return fmt.Errorf("open web.listen: %w; another program has that port, or choose another one", err)
	}
	s := &server{house: h, path: e.config, door: h.frontDoor()}
	if err := h.welcome(e, listener.Addr()); err != nil {
		return err
	}
	return s.run(e.ctx, listener)
}

// server is the running program: the pages, and the workers of one
// configuration at a time.
type server struct {
	*house
	path  string       // of the configuration, "" if it cannot change
	door  *access.Door // nil if all are taken for the guest
	guest string       // a login

	mu      sync.Mutex
	workers *workers // those that run now
}

// run shows the pages and keeps workers running; when the configuration is
// taken over anew, the old ones end before the new ones start.
func (s *server) run(ctx context.Context, listener net.Listener) error {
	pages, err := web.New(web.Config{
		Archive: s.within, Accesses: s.store.AccessLog(), Directory: s.projects, Polling: s.polling, Stuck: s.store.Stuck, Hosts: s.config().Web.Hosts, Site: s.config().Web.Site(), Log: s.log,
		Files: s.config().Web.Files(), Door: s.door, Mail: s.mailer(), Provider: s.provider(), Guest: s.guest, Bundle: s.bundler(), Writer: desk{s.house}, Sentences: sentences,
	})
	if err != nil {
		return err
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)

	first, err := s.newWorkers()
	if err != nil {
		return err
	}
	site := newSite(pages)
	failed := make(chan error, 1)
	go func() { failed <- site.Serve(fewAtOnce(listener)) }()
	stop := s.start(ctx, first)
	s.log.Info("server.started", "address", listener.Addr().String(), "mailboxes", len(s.config().Mailboxes))
	decided := time.NewTicker(decidedEvery)
	defer decided.Stop()
	sweeps := time.NewTicker(time.Hour)
	defer sweeps.Stop()
	for {
		select {
		case <-sweeps.C:
			s.sweep(ctx)
		case <-decided.C:
			s.look(ctx)
		case <-ctx.Done():
			stop()
			closing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			err := site.Shutdown(closing)
			s.log.Info("server.stopped")
			return err
		case err := <-failed:
			stop()
			return fmt.Errorf("show the pages: %w", err)
		case <-hup:
			stop = s.reload(ctx, stop)
		}
	}
}

// decidedEvery is how soon the server knows what managers have decided in
// another process.
const decidedEvery = 5 * time.Second

// look takes over the configuration's directory and the managers' decisions.
func (s *server) look(ctx context.Context) {
	if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("directory.kept", "error", err)
	}
}

// start lets workers run; stop ends them and waits for it.
func (s *server) start(ctx context.Context, w *workers) (stop func()) {
	s.mu.Lock()
	s.workers = w
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { w.run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// reload takes over the changed configuration, or keeps the old one and says why.
func (s *server) reload(ctx context.Context, stop func()) func() {
	c, err := s.changed()
	if err != nil {
		s.log.Error("config.kept", "reason", err.Error())
		return stop
	}
	old := s.settings.Swap(c)
	next, err := s.newWorkers()
	if err != nil {
		s.settings.Store(old)
		s.log.Error("config.kept", "reason", err.Error())
		return stop
	}
	stop()
	s.look(ctx)
	s.log.Info("config.changed", "projects", len(c.Projects), "mailboxes", len(c.Mailboxes))
	return s.start(ctx, next)
}

// changed loads the configuration again. What cannot change while the server
// runs is refused.
func (s *server) changed() (*config.Config, error) {
	if s.path == "" {
		return nil, errors.New("this server has no configuration file of its own")
	}
	c, err := config.Load(s.path)
	switch {
	case err != nil:
		return nil, err
	case c.Store.URL != s.config().Store.URL:
		return nil, errors.New("store.url has changed; that needs a restart")
	case c.Web.Listen != s.config().Web.Listen:
		return nil, errors.New("web.listen has changed; that needs a restart")
	case c.Web.URL != s.config().Web.URL, c.Web.FilesURL != s.config().Web.FilesURL, c.Web.OIDC != s.config().Web.OIDC:
		return nil, errors.New("web.url, web.files_url or web.oidc has changed; that needs a restart")
	case c.Agency.ReplyKeyFile != s.config().Agency.ReplyKeyFile:
		return nil, errors.New("agency.reply_key_file has changed; that needs a restart")
	}
	return c, nil
}

// polling tells the pages how a mailbox fares.
func (s *server) polling(mailbox string) (web.Polling, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.workers == nil {
		return web.Polling{}, false
	}
	st, ok := s.workers.status(mailbox)
	if !ok {
		return web.Polling{}, false
	}
	return web.Polling{State: st.State, Since: st.Since, Seen: st.Seen, Trouble: st.Trouble}, true
}
