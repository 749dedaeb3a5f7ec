package web

import (
	"fmt"
	"math"
	"net/http"

	"rapport/threads"
)

// Bounds of a project's page.
const (
	threadsShown = 40
	reportsShown = 12
	itemsListed  = 30
)

type projectPage struct {
	Page
	Project    *threads.Project
	Card       projectCard
	Rhythm     string
	Kept       string // how long mail is kept, "" if nothing says so
	Managers   []string
	Contacts   []contactView
	Open       []itemView
	Threads    []threadLine
	Older      string // address of the page with older threads, "" if there are none
	Later      string // address of the first page of threads, "" on it
	Reports    []reportLine
	AllReports string // address of the page with all of them, "" where all are shown
	Holds      []holdView

	Satisfaction *satisfactionView // nil if nobody has rated our work
}

// threadLine is a thread in one line.
type threadLine struct {
	threads.Thread
	Topic string
	URL   string
	When  moment
}

func (v *visit) project() error {
	p := v.dir.Project(v.PathValue("project"))
	if p == nil {
		return fmt.Errorf("project %q: %w", v.PathValue("project"), threads.ErrNotFound)
	}
	page := projectPage{Page: v.page(p.Client+" · "+p.Name, "overview"), Project: p}
	page.Zone, page.Rhythm, page.Kept = v.zone(p.Key).String(), v.rhythm(p.Rhythm), v.kept(p.Retention)
	for _, login := range p.Managers {
		page.Managers = append(page.Managers, v.person(login))
	}
	var err error
	if page.Contacts, err = v.contacts(p); err != nil {
		return err
	}
	card, open, err := v.projectCard(p, itemsListed)
	if err != nil {
		return err
	}
	page.Card, page.Open = card, v.itemViews(open)

	before := v.FormValue("before")
	list, err := v.archive.Threads(v.Context(), threads.ThreadQuery{Project: p.Key, Limit: threadsShown + 1, Before: before})
	if err != nil {
		return fmt.Errorf("read the threads of %s: %w", p.Key, err)
	}
	if len(list) > threadsShown {
		list = list[:threadsShown]
		page.Older = "/p/" + p.Key + "?before=" + list[threadsShown-1].ID + "#threads"
	}
	if before != "" {
		page.Later = "/p/" + p.Key + "#threads"
	}
	for _, t := range list {
		page.Threads = append(page.Threads, threadLine{t, v.threadTopic(&t), "/t/" + t.ID, v.at(t.Updated, v.zone(p.Key))})
	}
	if page.Holds, err = v.holds(p.Key, ""); err != nil {
		return err
	}
	if page.Satisfaction, err = v.satisfaction(p); err != nil {
		return err
	}
	all, limit := v.FormValue("reports") == "all", reportsShown+1
	if all {
		limit = math.MaxInt32
	}
	reports, err := v.archive.Reports(v.Context(), p.Key, limit)
	if err != nil {
		return fmt.Errorf("read the reports of %s: %w", p.Key, err)
	}
	if !all && len(reports) > reportsShown {
		reports = reports[:reportsShown]
		page.AllReports = "/p/" + p.Key + "?reports=all#reports"
	}
	for _, r := range reports {
		page.Reports = append(page.Reports, v.reportLine(r))
	}
	return v.render(http.StatusOK, "project", page)
}
