package web

import (
	"fmt"
	"net/http"
	"slices"
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
}

// routes is the table of addresses.
var routes = []route{
	{"GET /{$}", signedIn, (*visit).overview},
	{"GET /p/{project}", signedIn, (*visit).project},
	{"GET /p/{project}/items", signedIn, (*visit).items},
	{"GET /p/{project}/i/{label}", signedIn, (*visit).item},
	{"GET /items", signedIn, (*visit).items},
	{"GET /t/{thread}", signedIn, (*visit).thread},
	{"GET /m/{message}", signedIn, (*visit).message},
	{"GET /m/{message}/source", signedIn, (*visit).source},
	{"GET /m/{message}/raw", signedIn, (*visit).raw},
	{"GET /m/{message}/bundle", signedIn, (*visit).bundle},
	{"GET /m/{message}/body", signedIn, (*visit).body},
	{"GET /r/{report}", signedIn, (*visit).report},
	{"GET /l/{letter}/raw", signedIn, (*visit).letterRaw},
	{"GET /l/{letter}/body", signedIn, (*visit).letterBody},
	{"GET /search", signedIn, (*visit).search},
	{"GET /tray", signedIn, (*visit).tray},
	{"GET /mailboxes", signedIn, (*visit).mailboxes},
	{"GET /log", signedIn, (*visit).logPage},
	{"GET /access", overseer, (*visit).accesses},
	{"GET /log/tile/entries/{tile...}", signedIn, (*visit).entries},
	{"GET /", signedIn, (*visit).nowhere},

	// Witnesses ask for these from elsewhere; hashes tell nothing about mail.
	{"GET /log/checkpoint", anybody, (*visit).checkpoint},
	{"GET /log/tile/{tile...}", anybody, (*visit).tile},

	{"GET /file/{until}/{mac}/m/{message}/part/{part}", signed, (*visit).part},
	{"GET /file/{until}/{mac}/m/{message}/picture/{part}", signed, (*visit).picture},
	{"GET /file/{until}/{mac}/l/{letter}/picture/{part}", signed, (*visit).letterPicture},

	{"GET /static/{file}", anybody, (*visit).asset},
	{"GET /sign-in", anybody, (*visit).signInPage},
	{"POST /sign-in", anybody, (*visit).signIn},
	{"POST /sign-in/link", anybody, (*visit).askLink},
	{"GET /sign-in/link/{token}", anybody, (*visit).linkPage},
	{"POST /sign-in/link/{token}", anybody, (*visit).useLink},
	{"GET /sign-in/elsewhere", anybody, (*visit).leave},
	{"GET /sign-in/back", anybody, (*visit).comeBack},
	{"POST /sign-out", signedIn, (*visit).signOut},

	{"POST /undo/{change}", decider, (*visit).undo},
	{"POST /p/{project}/i/{label}", decider, (*visit).decideItem},
	{"POST /m/{message}", decider, (*visit).decideMail},
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
