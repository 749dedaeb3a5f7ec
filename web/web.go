// Package web shows the archive as pages in a browser: projects, threads,
// messages, items, reports, the tray, the mailboxes and the log.
//
// GET and HEAD requests come in, HTML in English or Chinese goes out; forms come
// in by POST where there is a Writer. The pages have no sign-in, so they answer
// only to loopback names. They promise: nothing is changed by looking, or by
// another site's page; every change names who made it and can be undone; what a client wrote is shown whole, one click from its
// raw bytes; mail never runs in the reader's browser and loads nothing from
// elsewhere; a page's work is bounded whatever the archive holds.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"rapport/templates"
	"rapport/threads"
)

// Config is what the pages need.
type Config struct {
	Archive   Archive
	Directory func() *threads.Directory
	Polling   func(mailbox string) (Polling, bool) // how a mailbox fares; nil if nothing polls here
	Hosts     []string                             // names beside the loopback ones that a request may be for
	Now       func() time.Time                     // nil means time.Now
	Log       *slog.Logger                         // nil means none

	Writer    Writer                     // nil means that the pages only read
	Actor     string                     // login of who decides; "" lets the reader say who of the directory's people they are
	Sentences func(text string) [][2]int // cuts a text into sentences, as byte offsets; nil means that none are offered as items
}

// Polling is how the reading of a mailbox goes.
type Polling struct {
	State   string    // "connecting", "idle", "reading", "waiting" or "stopped"
	Since   time.Time // when it came into this state
	Seen    time.Time // the last time the server answered; zero if never
	Trouble string    // what is wrong, in words with the next step; "" if nothing
}

// Server answers requests for pages.
type Server struct {
	archive   Archive
	directory func() *threads.Directory
	polling   func(mailbox string) (Polling, bool)
	hosts     map[string]bool
	now       func() time.Time
	log       *slog.Logger
	writer    Writer
	actor     string
	sentences func(text string) [][2]int
	languages []*language
	assets    *assets
	handler   http.Handler
}

// New reads the templates and returns a server, or says what Config lacks.
func New(c Config) (*Server, error) {
	if c.Archive == nil || c.Directory == nil {
		return nil, fmt.Errorf("web: Config.Archive and Config.Directory are required")
	}
	s := &Server{
		archive: c.Archive, directory: c.Directory, polling: c.Polling,
		hosts: map[string]bool{}, now: c.Now, log: c.Log,
		writer: c.Writer, actor: c.Actor, sentences: c.Sentences,
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.polling == nil {
		s.polling = func(string) (Polling, bool) { return Polling{}, false }
	}
	for _, h := range c.Hosts {
		s.hosts[strings.ToLower(h)] = true
	}
	var err error
	if s.assets, err = newAssets(templates.Pages()); err != nil {
		return nil, err
	}
	if s.languages, err = newLanguages(templates.Pages()); err != nil {
		return nil, err
	}
	s.handler = s.guard(s.routes())
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// routes is the table of addresses.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"/{$}":                        (*visit).overview,
		"/p/{project}":                (*visit).project,
		"/p/{project}/items":          (*visit).items,
		"/p/{project}/i/{label}":      (*visit).item,
		"/items":                      (*visit).items,
		"/t/{thread}":                 (*visit).thread,
		"/m/{message}":                (*visit).message,
		"/m/{message}/source":         (*visit).source,
		"/m/{message}/raw":            (*visit).raw,
		"/m/{message}/body":           (*visit).body,
		"/m/{message}/part/{part}":    (*visit).part,
		"/m/{message}/picture/{part}": (*visit).picture,
		"/r/{report}":                 (*visit).report,
		"/l/{letter}/raw":             (*visit).letterRaw,
		"/l/{letter}/body":            (*visit).letterBody,
		"/l/{letter}/picture/{part}":  (*visit).letterPicture,
		"/search":                     (*visit).search,
		"/tray":                       (*visit).tray,
		"/mailboxes":                  (*visit).mailboxes,
		"/log":                        (*visit).logPage,
		"/log/checkpoint":             (*visit).checkpoint,
		"/log/tile/{tile...}":         (*visit).tile,
		"/log/tile/entries/{tile...}": (*visit).entries,
		"/":                           (*visit).nowhere,
	} {
		mux.Handle("GET "+pattern, s.handle(h))
	}
	mux.Handle("GET /static/{file}", s.assets)
	if s.writer != nil {
		s.decisions(mux)
	}
	return mux
}
