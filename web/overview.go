package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"rapport/threads"
)

// Bounds of the overview.
const (
	owedShown    = 8   // items at the top of the page
	trayCounted  = 100 // mails counted in the tray
	overviewNear = 48 * time.Hour
)

type overviewPage struct {
	Page
	Owed     []itemView // what is needed most, over all projects
	Open     int
	Late     int
	Urgent   int
	Tray     int
	TrayMore bool
	Projects []projectCard
	Trouble  trouble
}

// projectCard is a project on the overview.
type projectCard struct {
	*threads.Project
	URL    string
	Open   int
	Late   int
	Urgent int
	Kinds  []kindCount
	Mail   *mailLine
	Report *reportLine
	Next   reportDue
}

// mailLine is the latest thread in one line.
type mailLine struct {
	Subject, URL string
	When         moment
}

// reportLine is a report in one line.
type reportLine struct {
	threads.Report
	Topic   string
	URL     string
	When    moment // when it went out, or is to
	Reached int    // recipients whose server took it
	Goes    moment // when it is to be sent, if it waits for that
}

// reportDue is when the next report is due.
type reportDue struct {
	moment
	Kind string // "late", "soon", "later" or "none"
	Days int    // whole days late
}

func (v *visit) overview() error {
	page := overviewPage{Page: v.page(v.lang.t("overview.title"), "overview")}
	var owed []threads.Item
	for i := range v.dir.Projects {
		card, open, err := v.projectCard(&v.dir.Projects[i], owedShown)
		if err != nil {
			return err
		}
		owed = append(owed, open...)
		page.Projects = append(page.Projects, card)
		page.Open, page.Late, page.Urgent = page.Open+card.Open, page.Late+card.Late, page.Urgent+card.Urgent
	}
	slices.SortStableFunc(page.Projects, func(a, b projectCard) int { return cmp.Compare(a.rank(), b.rank()) })
	v.byNeed(owed)
	page.Owed = v.itemViews(owed[:min(len(owed), owedShown)])
	tray, _, err := v.archive.InTray(v.Context())
	if err != nil {
		return err
	}
	page.Tray, page.TrayMore = min(tray, trayCounted), tray > trayCounted
	if page.Trouble, err = v.trouble(); err != nil {
		return err
	}
	return v.render(http.StatusOK, "overview", page)
}

// rank puts projects with something late first, then those with something
// urgent or open; among equals the order of the keys stays.
func (c projectCard) rank() int {
	switch {
	case c.Late > 0 || c.Next.Kind == "late":
		return 0
	case c.Urgent > 0:
		return 1
	case c.Open > 0:
		return 2
	}
	return 3
}

// projectCard gathers one project, and so many of its open items as are needed most.
func (v *visit) projectCard(p *threads.Project, items int) (projectCard, []threads.Item, error) {
	card, today := projectCard{Project: p, URL: "/p/" + p.Key}, v.today(p.Key)
	open, err := v.archive.Items(v.Context(), threads.ItemQuery{Project: p.Key, Needed: today, Limit: items})
	if err != nil {
		return card, nil, fmt.Errorf("read the open items of %s: %w", p.Key, err)
	}
	waiting, err := v.archive.Waiting(v.Context(), p.Key, today)
	if err != nil {
		return card, nil, err
	}
	card.Open, card.Late, card.Urgent, card.Kinds = waiting.Open, waiting.Late, waiting.Urgent, kindCounts(waiting.Kinds, card.URL+"/items?open=1")
	latest, err := v.archive.Threads(v.Context(), threads.ThreadQuery{Project: p.Key, Limit: 1})
	if err != nil {
		return card, nil, fmt.Errorf("read the latest thread of %s: %w", p.Key, err)
	}
	if len(latest) > 0 {
		card.Mail = &mailLine{topic(v.lang, p.Key, latest[0].Subject), "/t/" + latest[0].ID, v.at(latest[0].Updated, v.zone(p.Key))}
	}
	reports, err := v.archive.Reports(v.Context(), p.Key, 10)
	if err != nil {
		return card, nil, fmt.Errorf("read the reports of %s: %w", p.Key, err)
	}
	card.Report, card.Next = v.lastReport(reports), v.reportDue(p, reports)
	return card, open, nil
}

// lastReport is the latest report that was not withdrawn, or nil.
func (v *visit) lastReport(reports []threads.Report) *reportLine {
	for _, r := range reports {
		if r.State != threads.ReportCancelled {
			line := v.reportLine(r)
			return &line
		}
	}
	return nil
}

func (v *visit) reportLine(r threads.Report) reportLine {
	line := reportLine{Report: r, Topic: topic(v.lang, r.Project, r.Subject), URL: "/r/" + r.ID, When: v.at(r.Went(), v.zone(r.Project))}
	if at := r.Goes(v.now); !at.IsZero() {
		line.Goes = v.at(at, v.zone(r.Project))
	}
	if r.Erased() {
		line.Topic = v.lang.t("erased.report-title")
	}
	for _, d := range r.Deliveries {
		if d.State == threads.Taken {
			line.Reached++
		}
	}
	return line
}

// reportDue says when p's next report is due after those it has had.
func (v *visit) reportDue(p *threads.Project, reports []threads.Report) reportDue {
	zone := v.zone(p.Key)
	next := p.Due(reports, v.now)
	out := reportDue{moment: v.at(next, zone), Kind: "later"}
	switch left := next.Sub(v.now); {
	case next.IsZero():
		out.Kind = "none"
	case left < 0:
		out.Kind, out.Days = "late", int(-left/(24*time.Hour))
	case left < overviewNear:
		out.Kind = "soon"
	}
	return out
}
