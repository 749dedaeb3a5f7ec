package web

import (
	"fmt"
	"net/http"
	"sort"
	"strings"

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
	Projects []threads.Project
	Hits     []hitView
	More     bool
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
	if query == "" {
		return v.render(http.StatusOK, "search", page)
	}
	hits, err := v.archive.Search(v.Context(), threads.SearchQuery{Text: query, Project: page.Project, Limit: hitsShown + 1})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	page.More = len(hits) > hitsShown
	for _, h := range hits[:min(len(hits), hitsShown)] {
		m := h.Message
		view := hitView{Message: m, URL: "/m/" + m.ID, Place: crumb{v.lang.t("tray.title"), "/tray"}, When: v.at(m.Received, v.zone(m.Project)), Snippet: pieces(h.Snippet, h.Marks)}
		if m.Project != "" {
			view.Place = v.projectCrumb(m.Project)
		}
		page.Hits = append(page.Hits, view)
	}
	return v.render(http.StatusOK, "search", page)
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
