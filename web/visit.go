package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rapport/threads"
)

// visit is one request on its way to a page.
type visit struct {
	*http.Request
	w         http.ResponseWriter
	s         *Server
	lang      *language
	now       time.Time
	dir       *threads.Directory // the projects that may be read
	who       *threads.Person    // who asks, nil before sign-in
	act       acting
	roomTaken int64 // bytes, see take

	scope   threads.Scope
	archive Archive // what the scope has of it
}

// handler answers a visit; an error becomes an error page.
type handler func(v *visit) error

// formLimit bounds the bytes of a form.
const formLimit = 64 << 10

// handle makes an http.Handler of h. A form is read before.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, w: w, s: s, lang: s.pick(w, r), now: s.now()}
		defer func() { s.room.Release(v.roomTaken) }()
		all := s.directory()
		if v.who, _ = r.Context().Value(personKey{}).(*threads.Person); v.who != nil {
			v.scope = all.ScopeOf(v.who)
		}
		v.dir, v.archive = all.Within(v.scope), s.archive(v.scope)
		v.act = v.acting()
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		err := r.ParseForm()
		if err != nil && r.Method == http.MethodPost {
			err = fmt.Errorf("%w: %w", errForm, err)
		} else {
			err = h(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

// failures maps what rooms say to what a browser is told. The word is the
// error page's key in words.tsv.
var failures = []struct {
	err    error
	status int
	word   string
}{
	{threads.ErrNotFound, http.StatusNotFound, "not-found"},
	{threads.ErrAmbiguous, http.StatusConflict, "ambiguous"},
	{threads.ErrConflict, http.StatusConflict, "conflict"},
	{threads.ErrNotApproved, http.StatusConflict, "conflict"},
	{errForm, http.StatusUnprocessableEntity, "form"},
	{ErrUnsigned, http.StatusConflict, "unsigned"},
	{errOver, http.StatusGone, "over"},
	{errCrowded, http.StatusServiceUnavailable, "crowded"},
	{errErased, http.StatusGone, "erased"},
	{threads.ErrFenced, http.StatusServiceUnavailable, "busy"},
	{threads.ErrFull, http.StatusInsufficientStorage, "full"},
}

// fail answers with the error page. The error itself is for the log: it may
// name things that the reader did not ask for.
func (v *visit) fail(err error) {
	status, word := http.StatusInternalServerError, "broken"
	for _, f := range failures {
		if errors.Is(err, f.err) {
			status, word = f.status, f.word
			break
		}
	}
	if status >= http.StatusInternalServerError && v.Context().Err() == nil {
		v.s.log.Error("web.failed", "route", v.Pattern, "status", status, "error", err)
	}
	page := errorPage{Page: v.page(v.lang.t("error."+word+".title"), ""), Status: status, Words: v.lang.t("error." + word + ".words")}
	if err := v.render(status, "error", page); err != nil {
		v.s.log.Error("web.failed", "route", v.Pattern, "error", err)
		http.Error(v.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

type errorPage struct {
	Page
	Status int
	Words  string
}

// nowhere answers addresses that no page has.
func (v *visit) nowhere() error {
	return fmt.Errorf("page %s: %w", v.URL.Path, threads.ErrNotFound)
}

// render writes a whole page, or nothing: the template runs into memory first.
func (v *visit) render(status int, name string, data any) error {
	var b bytes.Buffer
	if err := v.lang.pages[name].ExecuteTemplate(&b, "layout", data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Add("Vary", "Accept-Language, Cookie")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(b.Bytes()) // a reader who left is no error
	return nil
}

// Page is what the layout shows around every page.
type Page struct {
	Title     string
	Nav       string // the entry of the main menu that is lit
	Style     string
	Icon      string
	Language  string
	Languages []languageLink
	Crumbs    []crumb
	Made      string // when, to be read on paper
	Zone      string // the time zone of the times on the page; "" where several are mixed
	Query     string
	Acting    acting
}

type crumb struct{ Text, URL string }

type languageLink struct {
	Tag, Name, URL string
	Current        bool
}

// page begins the data of a page.
func (v *visit) page(title, nav string, crumbs ...crumb) Page {
	p := Page{
		Title: title, Nav: nav, Crumbs: crumbs, Language: v.lang.tag, Made: v.lang.date(v.now.UTC()) + v.lang.t("time.join") + v.now.UTC().Format("15:04 UTC"),
		Style: v.s.assets.url("style.css"), Icon: v.s.assets.url("icon.svg"), Acting: v.act,
	}
	p.Acting.Done = v.done()
	for _, l := range v.s.languages {
		q := v.URL.Query()
		q.Set("lang", l.tag)
		q.Del("done")
		p.Languages = append(p.Languages, languageLink{l.tag, l.t("language"), "?" + q.Encode(), l == v.lang})
	}
	return p
}

// person is the name of one of us, or the login where no name is known.
func (v *visit) person(login string) string {
	if p := v.dir.Person(login); p != nil && p.Name != "" {
		return p.Name
	}
	return login
}

// zone is the time zone in which a project's times are shown.
func (v *visit) zone(project string) *time.Location {
	if p := v.dir.Project(project); p != nil && p.Zone != nil {
		return p.Zone
	}
	return time.UTC
}

// projectCrumb leads to a project's page.
func (v *visit) projectCrumb(key string) crumb {
	if p := v.dir.Project(key); p != nil {
		return crumb{p.Client + " · " + p.Name, "/p/" + p.Key}
	}
	return crumb{key, "/p/" + key}
}
