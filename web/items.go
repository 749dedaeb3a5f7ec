package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"rapport/threads"
)

// Bounds of a list of items. Items are ranked by need, so the whole list is
// read before a page of it is cut out.
const (
	itemsRead  = 1000
	itemsShown = 100
)

type itemsPage struct {
	Page
	Project *threads.Project // nil for all projects
	Items   []itemView
	Filters []filter
	States  []filter
	Next    string // address of the next page, "" on the last
	Full    bool   // the archive has more than were read
}

// filter is one choice by which the list can be narrowed.
type filter struct {
	Kind    threads.Kind // "" for all
	Text    string       // what to call it where Kind is ""
	URL     string
	Current bool
}

func (v *visit) items() error {
	q := threads.ItemQuery{Kind: threads.Kind(v.FormValue("kind")), Open: v.FormValue("open") != "", Limit: itemsRead}
	if q.Kind != "" && !slices.Contains(threads.Kinds, q.Kind) {
		return fmt.Errorf("items of kind %q: %w", q.Kind, threads.ErrNotFound)
	}
	page := itemsPage{Page: v.page(v.lang.t("items.title"), "items")}
	if key := v.PathValue("project"); key != "" {
		if page.Project = v.dir.Project(key); page.Project == nil {
			return fmt.Errorf("project %q: %w", key, threads.ErrNotFound)
		}
		q.Project = page.Project.Key
		page.Crumbs, page.Zone = []crumb{v.projectCrumb(q.Project)}, v.zone(q.Project).String()
	}
	asked := q
	if q.Open {
		asked.Needed = v.today(q.Project)
	}
	items, err := v.archive.Items(v.Context(), asked)
	if err != nil {
		return fmt.Errorf("read items: %w", err)
	}
	page.Full = len(items) >= itemsRead
	v.byNeed(items)
	page.Filters, page.States = v.filters(q)
	items, more := after(items, v.FormValue("after"))
	if more {
		page.Next = address(v.URL.Path, q, items[len(items)-1].ID)
	}
	page.Items = v.itemViews(items)
	return v.render(http.StatusOK, "items", page)
}

// after cuts out the page that follows the item with the given id.
func after(items []threads.Item, id string) (page []threads.Item, more bool) {
	if i := slices.IndexFunc(items, func(i threads.Item) bool { return i.ID == id }); i >= 0 {
		items = items[i+1:]
	}
	if len(items) > itemsShown {
		return items[:itemsShown], true
	}
	return items, false
}

// address is where the list is shown with these choices.
func address(path string, q threads.ItemQuery, after string) string {
	values := url.Values{}
	if q.Kind != "" {
		values.Set("kind", string(q.Kind))
	}
	if q.Open {
		values.Set("open", "1")
	}
	if after != "" {
		values.Set("after", after)
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// filters are the choices beside the list: by kind, and open ones or all.
func (v *visit) filters(q threads.ItemQuery) (kinds, states []filter) {
	for _, k := range append([]threads.Kind{""}, threads.Kinds...) {
		of := q
		of.Kind = k
		kinds = append(kinds, filter{k, v.lang.t("items.any-kind"), address(v.URL.Path, of, ""), k == q.Kind})
	}
	for _, open := range []bool{true, false} {
		of := q
		of.Open = open
		text := v.lang.t("items.all")
		if open {
			text = v.lang.t("items.open")
		}
		states = append(states, filter{"", text, address(v.URL.Path, of, ""), open == q.Open})
	}
	return kinds, states
}
