package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"rapport/threads"
)

// demand is what a route asks of whoever comes. Its zero value is none, with
// which no server is made: a route must say what it demands.
type demand int

const (
	_        demand = iota
	anybody         // also before sign-in
	signed          // whoever has an address that was signed for a page, while it works
	signedIn        // signed in; what is read is bounded by what the person may read
	overseer        // signed in and may read everything
	decider         // a manager or an admin; for others the address does not exist
)

// route is one address of the pages.
type route struct {
	pattern string // as net/http takes it: "GET /tray"
	demand  demand
	do      handler
	notes   threads.EntryType // what is noted of who asks, "" for nothing
}

// routes is the table of addresses.
var routes = []route{
	{"GET /{$}", signedIn, (*visit).overview, ""},
	{"GET /p/{project}", signedIn, (*visit).project, threads.EntryRead},
	{"GET /p/{project}/items", signedIn, (*visit).items, threads.EntryRead},
	{"GET /p/{project}/i/{label}", signedIn, (*visit).item, threads.EntryRead},
	{"GET /items", signedIn, (*visit).items, threads.EntryRead},
	{"GET /t/{thread}", signedIn, (*visit).thread, threads.EntryRead},
	{"GET /m/{message}", signedIn, (*visit).message, threads.EntryRead},
	{"GET /m/{message}/source", signedIn, (*visit).source, threads.EntryRead},
	{"GET /m/{message}/raw", signedIn, (*visit).raw, threads.EntryExported},
	{"GET /m/{message}/bundle", signedIn, (*visit).bundle, threads.EntryExported},
	{"GET /m/{message}/body", signedIn, (*visit).body, threads.EntryRead},
	{"GET /r/{report}", signedIn, (*visit).report, threads.EntryRead},
	{"GET /l/{letter}/raw", signedIn, (*visit).letterRaw, threads.EntryExported},
	{"GET /l/{letter}/body", signedIn, (*visit).letterBody, threads.EntryRead},
	{"GET /search", signedIn, (*visit).search, threads.EntrySearched},
	{"GET /tray", signedIn, (*visit).tray, threads.EntryRead},
	{"GET /mailboxes", signedIn, (*visit).mailboxes, ""},
	{"GET /log", signedIn, (*visit).logPage, threads.EntryRead},
	{"GET /access", overseer, (*visit).accesses, threads.EntryRead},
	{"GET /log/tile/entries/{tile...}", signedIn, (*visit).entries, ""},
	{"GET /", signedIn, (*visit).nowhere, ""},

	// Witnesses ask for these from elsewhere; hashes tell nothing about mail.
	{"GET /log/checkpoint", anybody, (*visit).checkpoint, ""},
	{"GET /log/tile/{tile...}", anybody, (*visit).tile, ""},
	{"GET /log/access/checkpoint", anybody, (*visit).checkpoint, ""},
	{"GET /log/access/tile/{tile...}", anybody, (*visit).tile, ""},

	{"GET /file/{until}/{mac}/m/{message}/part/{part}", signed, (*visit).part, ""},
	{"GET /file/{until}/{mac}/m/{message}/picture/{part}", signed, (*visit).picture, ""},
	{"GET /file/{until}/{mac}/l/{letter}/picture/{part}", signed, (*visit).letterPicture, ""},

	{"GET /static/{file}", anybody, (*visit).asset, ""},
	{"GET /sign-in", anybody, (*visit).signInPage, ""},
	{"POST /sign-in", anybody, (*visit).signIn, ""},
	{"POST /sign-in/link", anybody, (*visit).askLink, ""},
	{"GET /sign-in/link/{token}", anybody, (*visit).linkPage, ""},
	{"POST /sign-in/link/{token}", anybody, (*visit).useLink, ""},
	{"GET /sign-in/elsewhere", anybody, (*visit).leave, ""},
	{"GET /sign-in/back", anybody, (*visit).comeBack, ""},
	{"POST /sign-out", signedIn, (*visit).signOut, ""},

	{"POST /undo/{change}", decider, (*visit).undo, ""},
	{"POST /p/{project}/i/{label}", decider, (*visit).decideItem, ""},
	{"POST /m/{message}", decider, (*visit).decideMail, ""},
	{"POST /r/{report}", decider, (*visit).decideReport, ""},
}

// mux has the routes with one of these demands.
func (s *Server) mux(demands ...demand) (*http.ServeMux, error) {
	mux := http.NewServeMux()
	for _, r := range routes {
		if r.demand == 0 {
			return nil, fmt.Errorf("web: the route %s does not say what it demands", r.pattern)
		}
		do := r.do
		switch r.demand {
		case signed:
			do = withSignature(do)
		case overseer:
			do = ofEverything(do)
		}
		if r.notes != "" {
			do = noted(do, r.notes)
		}
		if slices.Contains(demands, r.demand) {
			mux.Handle(r.pattern, s.handle(do))
		}
	}
	return mux, nil
}

// ofEverything lets h answer whoever may read everything; for others the page
// is not there.
func ofEverything(h handler) handler {
	return func(v *visit) error {
		if !v.scope.Whole() {
			return v.nowhere()
		}
		return h(v)
	}
}

// noted lets h answer after it was noted who asks for what; without the note
// there is no answer. That it is not there for the person is noted, too.
func noted(h handler, what threads.EntryType) handler {
	return func(v *visit) error {
		if v.s.door == nil {
			return h(v)
		}
		note := func(what threads.EntryType) error {
			return v.s.door.Note(v.Context(), v.who, what, v.s.remote(v.Request), v.URL.RequestURI())
		}
		if err := note(what); err != nil {
			return fmt.Errorf("note who asks: %w", err)
		}
		err := h(v)
		if errors.Is(err, threads.ErrNotFound) {
			err = errors.Join(err, note(threads.EntryMissed))
		}
		return err
	}
}
