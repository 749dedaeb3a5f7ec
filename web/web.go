// Package web shows the archive as pages in a browser: projects, threads,
// messages, items, reports, the tray, the mailboxes and the log.
//
// GET and HEAD requests come in, HTML in English or Chinese goes out; forms come
// in by POST where there is a Writer. They promise: whoever has not signed in
// sees nothing, and whoever has, only what they may read; nothing is changed by looking, or by another site's page; every
// change names who made it and can be undone; what a client wrote is shown
// whole, one click from its raw bytes; mail never runs in the reader's browser
// and loads nothing from elsewhere; a page's work is bounded whatever the
// archive holds.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"rapport/templates"
	"rapport/threads"
	"rapport/web/access"
)

// Config is what the pages need.
type Config struct {
	Archive   func(threads.Scope) Archive // as somebody may read it
	Accesses  Tree                        // of the log of accesses; nil means that nothing of it is shown
	Directory func() *threads.Directory
	Polling   func(mailbox string) (Polling, bool)             // how a mailbox fares; nil if nothing polls here
	Stuck     func(ctx context.Context) (threads.Stuck, error) // what our own mail server holds up; nil if nothing is sent
	Hosts     []string                                         // names beside the loopback ones that a request may be for
	Site      *url.URL                                         // where people open the pages; nil means on this machine only
	Files     *url.URL                                         // a host of its own for files that came with mail; nil means the pages' own
	Now       func() time.Time                                 // nil means time.Now
	Log       *slog.Logger                                     // nil means none

	Door     *access.Door                                // lets people in
	Mail     func(ctx context.Context, m LinkMail) error // sends a link for signing in; nil means that none is offered
	Provider *access.Provider                            // another organisation's sign-in; nil for none
	Guest    string                                      // without a Door: the login of the person that everybody is taken for

	// Bundle packs one mail with the proof that it stands in the signed log, for
	// somebody who may read so much; ErrUnsigned if it was not signed yet. nil
	// means that nothing is ever signed.
	Bundle func(ctx context.Context, scope threads.Scope, m threads.Message) (io.ReadCloser, error)

	Writer    Writer                     // nil means that the pages only read
	Sentences func(text string) [][2]int // cuts a text into sentences, as byte offsets; nil means that none are offered as items
}

// Polling is how the reading of a mailbox goes.
type Polling struct {
	State   string    // "connecting", "idle", "reading", "waiting" or "stopped"
	Since   time.Time // when it came into this state
	Seen    time.Time // the last time the server answered; zero if never
	Trouble string    // what is wrong, in words with the next step; "" if nothing
}

// ErrUnsigned says that the log was not signed since a mail came.
var ErrUnsigned = errors.New("not signed yet")

// Server answers requests for pages.
type Server struct {
	archive   func(threads.Scope) Archive
	accesses  Tree
	directory func() *threads.Directory
	polling   func(mailbox string) (Polling, bool)
	stuck     func(ctx context.Context) (threads.Stuck, error)
	hosts     map[string]bool
	now       func() time.Time
	log       *slog.Logger
	site      *url.URL
	files     *url.URL
	fileKey   []byte
	door      *access.Door
	mail      func(ctx context.Context, m LinkMail) error
	provider  *access.Provider
	guest     string
	bundle    func(ctx context.Context, scope threads.Scope, m threads.Message) (io.ReadCloser, error)
	writer    Writer
	sentences func(text string) [][2]int
	room      *semaphore.Weighted // for whole mails
	languages []*language
	assets    *assets
	muxes     muxes
	handler   http.Handler
}

// New reads the templates and returns a server, or says what Config lacks.
func New(c Config) (*Server, error) {
	if c.Archive == nil || c.Directory == nil {
		return nil, fmt.Errorf("web: Config.Archive and Config.Directory are required")
	}
	if (c.Door == nil) == (c.Guest == "") {
		return nil, fmt.Errorf("web: either Config.Door or Config.Guest is required")
	}
	s := &Server{
		archive: c.Archive, accesses: c.Accesses, directory: c.Directory, polling: c.Polling, stuck: c.Stuck, hosts: map[string]bool{}, site: c.Site, files: c.Files, fileKey: make([]byte, 32),
		door: c.Door, mail: c.Mail, provider: c.Provider, guest: c.Guest, now: c.Now, log: c.Log, bundle: c.Bundle, writer: c.Writer, sentences: c.Sentences,
		room: semaphore.NewWeighted(roomForMails),
	}
	rand.Read(s.fileKey) // never fails
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.stuck == nil {
		s.stuck = func(context.Context) (threads.Stuck, error) { return threads.Stuck{}, nil }
	}
	if s.polling == nil {
		s.polling = func(string) (Polling, bool) { return Polling{}, false }
	}
	for _, h := range c.Hosts {
		s.hosts[strings.ToLower(h)] = true
	}
	protection := http.NewCrossOriginProtection()
	if s.site != nil {
		s.hosts[strings.ToLower(s.site.Hostname())] = true
		if err := protection.AddTrustedOrigin(s.site.String()); err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
	}
	if s.files != nil {
		s.hosts[strings.ToLower(s.files.Hostname())] = true
	}
	var err error
	if s.assets, err = newAssets(templates.Pages()); err != nil {
		return nil, err
	}
	if s.languages, err = newLanguages(templates.Pages()); err != nil {
		return nil, err
	}
	if s.muxes, err = s.newMuxes(); err != nil {
		return nil, err
	}
	s.handler = s.guard(protection.Handler(http.HandlerFunc(s.enter)))
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
