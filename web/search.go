package web

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	"rapport/threads"
)

// Bounds of a search.
const (
	hitsShown  = 50
	queryBytes = 400
)

type searchPage struct {
	Page
	Project  string
	From, To string // days, "" for no bound
	With     string // somebody who wrote or got it
	Kind     string // of mail
	Attached bool
	Asked    bool // for anything
	Behind   bool // it does not begin with the latest
	Projects []threads.Project
	Hits     []hitView
	Found    string // how many fit, in words
	Unknown  string // says that a filter has a value that there is not
	Latest   string // address of the first page
	Older    string // address of the page behind this one, "" if there is none
}

// hitView is a mail found.
type hitView struct {
	threads.Message
	URL     string
	Place   crumb // its project, or the tray
	When    moment
	Snippet []piece
}

// piece is a part of a snippet.
type piece struct {
	Text string
	Mark bool
}

func (v *visit) search() error {
	query, _ := clip(strings.TrimSpace(strings.ToValidUTF8(v.FormValue("q"), " ")), queryBytes)
	page := searchPage{Page: v.page(v.lang.t("search.title"), "search"), Projects: v.dir.Projects}
	page.Query = query
	if p := v.dir.Project(v.FormValue("project")); p != nil {
		page.Project = p.Key
	}
	page.With, _ = clip(strings.TrimSpace(strings.ToValidUTF8(v.FormValue("with"), " ")), queryBytes)
	page.Attached = v.FormValue("attached") != ""
	if kind, ok := threads.Chosen(threads.FilterKind, v.FormValue("kind")); ok {
		page.Kind = kind
	}
	text := page.Text()
	q := threads.SearchQuery{Text: text, Project: page.Project, Before: v.FormValue("before"), Limit: hitsShown + 1}
	if day, ok := v.asked("from"); ok {
		page.From, q.From = day.Format(time.DateOnly), day
	}
	if day, ok := v.asked("to"); ok {
		page.To, q.To = day.Format(time.DateOnly), day.AddDate(0, 0, 1)
	}
	page.Asked, page.Behind = text != "" || q.Project != "" || !q.From.IsZero() || !q.To.IsZero(), q.Before != ""
	if !page.Asked {
		return v.render(http.StatusOK, "search", &page)
	}
	hits, err := v.archive.Search(v.Context(), q)
	if unknown, ok := errors.AsType[*threads.UnknownChoice](err); ok {
		page.Unknown = v.lang.t("search.unknown", unknown.Written, strings.Join(unknown.Possible(v.lang.tag), v.lang.t("comma")))
		return v.render(http.StatusOK, "search", &page)
	}
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if page.Found, err = v.howMany(q, len(hits)); err != nil {
		return err
	}
	page.Latest = v.again("")
	if len(hits) > hitsShown {
		hits = hits[:hitsShown]
		page.Older = v.again(hits[hitsShown-1].Message.ID)
	}
	for _, h := range hits {
		m := h.Message
		view := hitView{Message: m, URL: "/m/" + m.ID, Place: crumb{v.lang.t("tray.title"), "/tray"}, When: v.at(m.Received, v.zone(m.Project)), Snippet: pieces(h.Snippet, h.Marks)}
		if m.Project != "" {
			view.Place = v.projectCrumb(m.Project)
		}
		page.Hits = append(page.Hits, view)
	}
	return v.render(http.StatusOK, "search", &page)
}

// Kinds are the kinds of mail that the form offers.
func (p *searchPage) Kinds() []threads.Choice { return threads.Filters[threads.FilterKind] }

// Text is the query with what the other fields ask for as its filters.
func (p *searchPage) Text() string {
	words := []string{p.Query}
	if with := strings.ReplaceAll(p.With, `"`, " "); strings.TrimSpace(with) != "" {
		words = append(words, `with:"`+with+`"`)
	}
	if p.Kind != "" {
		words = append(words, "kind:"+p.Kind)
	}
	if p.Attached {
		words = append(words, "has:attachment")
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// asked is a day of the form, in the time of the project that is looked through.
func (v *visit) asked(name string) (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, v.FormValue(name), v.zone(v.FormValue("project")))
	return day, err == nil
}

// again is the address of the same search, with what stands behind a mail.
func (v *visit) again(before string) string {
	q := v.URL.Query()
	if q.Del("before"); before != "" {
		q.Set("before", before)
	}
	return "/search?" + q.Encode()
}

// howMany says how many mails fit, and which of them the page shows.
func (v *visit) howMany(q threads.SearchQuery, hits int) (string, error) {
	if hits <= hitsShown && q.Before == "" {
		return v.lang.n("search.found", hits), nil
	}
	shown := v.lang.t("search.shown", hitsShown)
	if q.Before != "" {
		shown = v.lang.t("search.shown-earlier", min(hits, hitsShown))
	}
	q.Before = ""
	all, more, err := v.archive.Found(v.Context(), q)
	if err != nil {
		return "", fmt.Errorf("count what was found: %w", err)
	}
	if more {
		return v.lang.t("search.very-many", v.lang.counts.Sprint(all)) + shown, nil
	}
	return v.lang.n("search.found", all) + shown, nil
}

// pieces cuts a snippet at its marks; marks that overlap or lie outside are left out.
func pieces(snippet string, marks [][2]int) []piece {
	sort.Slice(marks, func(a, b int) bool { return marks[a][0] < marks[b][0] })
	var out []piece
	at := 0
	for _, m := range marks {
		from, to := boundary(snippet, m[0]), boundary(snippet, m[1])
		if from < at || to <= from {
			continue
		}
		if from > at {
			out = append(out, piece{Text: snippet[at:from]})
		}
		out = append(out, piece{snippet[from:to], true})
		at = to
	}
	if at < len(snippet) {
		out = append(out, piece{Text: snippet[at:]})
	}
	return out
}
