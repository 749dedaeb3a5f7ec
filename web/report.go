package web

import (
	"fmt"
	"net/http"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

type reportPage struct {
	Page
	Report   threads.Report
	Line     reportLine
	By       string // who approved it
	Released string // who let it go
	Again    []releasedView
	When     moment
	Points   []pointLine // that the client answered, or is asked to decide
	Silent   []pointLine // the others
	Others   []itemView  // replies to the report that name no point
	Given    []itemView  // answers that the report carried to the client
	Letters  []letterView
	Held     bool   // letters wait for somebody's word
	Unsent   bool   // nothing has gone out, so that it can be withdrawn
	Old      bool   // letters go with a Date that is old by then
	Frame    string // address of the letter as sent, "" if it has no HTML
	Text     string // shown where there is no frame
	Thread   string
}

// releasedView is who let letters go once more, and when.
type releasedView struct {
	By   string
	When moment
}

// pointLine is a point of the report and what the client said about it.
type pointLine struct {
	threads.Point
	Anchor  string
	Replies []itemView
}

// letterView is the letter to one recipient.
type letterView struct {
	threads.Delivery
	When    moment
	Next    moment
	Raw     string
	Body    string // address of its HTML
	Trouble bool
	Waits   bool              // for its time, or for the client's hours
	Seconds []threads.Address // who else may get it, where it did not arrive or met nobody
	Absent  string            // that the recipient is away, in words
	Note    string            // address of the mail that says so
}

// pointAnchor is where a point stands on its report's page.
func pointAnchor(id string) string { return "point-" + strings.ToLower(id) }

func (v *visit) report() error {
	r, err := v.archive.Report(v.Context(), v.PathValue("report"))
	if err != nil {
		return fmt.Errorf("read report %s: %w", v.PathValue("report"), err)
	}
	items, err := v.archive.Items(v.Context(), threads.ItemQuery{Report: r.ID})
	if err != nil {
		return fmt.Errorf("read the items about report %s: %w", r.ID, err)
	}
	zone := v.zone(r.Project)
	page := reportPage{
		Page:   v.page(topic(v.lang, r.Project, r.Subject), "overview", v.projectCrumb(r.Project)),
		Report: r, Line: v.reportLine(r), By: v.person(r.ApprovedBy), Released: v.person(r.ReleasedBy), When: v.at(r.ApprovedAt, zone), Text: r.Text,
		Held: held(&r), Unsent: unsent(&r), Old: r.Old(v.now),
	}
	page.Zone = zone.String()
	for _, a := range r.Again {
		page.Again = append(page.Again, releasedView{v.person(a.By), v.at(a.At, zone)})
	}
	if r.Thread != "" {
		page.Thread = "/t/" + r.Thread
	}
	v.replies(&page, items)
	for _, d := range r.Deliveries {
		view := letterView{
			Delivery: d, When: v.at(d.Changed, zone), Next: v.at(d.Next, zone), Raw: "/l/" + d.Letter + "/raw", Body: "/l/" + d.Letter + "/body",
			Trouble: d.Lost() || d.State == threads.Unknown,
			Waits:   d.Waits(v.now),
		}
		if err := view.fill(v, &r); err != nil {
			return err
		}
		page.Letters = append(page.Letters, view)
	}
	if r.Erased() {
		page.Title = v.lang.t("erased.report-title")
	} else if len(r.Deliveries) > 0 {
		letter, err := v.archive.LetterRaw(v.Context(), r.Deliveries[0].Letter)
		if err != nil {
			return fmt.Errorf("read the letter of report %s: %w", r.ID, err)
		}
		if mail.Parse(letter.Raw, mail.Limits{}).HTML != "" {
			page.Frame = page.Letters[0].Body
		}
	}
	return v.render(http.StatusOK, "report", page)
}

// replies puts each item of the client beside the point that it answers.
func (v *visit) replies(page *reportPage, items []threads.Item) {
	place := map[string]int{}
	for _, p := range page.Report.Points {
		if _, twice := place[p.ID]; !twice {
			place[p.ID] = len(page.Points)
			page.Points = append(page.Points, pointLine{Point: p, Anchor: pointAnchor(p.ID)})
		}
	}
	for _, i := range items {
		if i.Answer != nil && i.Answer.Report == page.Report.ID {
			page.Given = append(page.Given, v.itemView(i))
		}
		if i.Report != page.Report.ID {
			continue
		}
		if at, known := place[i.Point]; known && i.Point != "" {
			page.Points[at].Replies = append(page.Points[at].Replies, v.itemView(i))
		} else {
			page.Others = append(page.Others, v.itemView(i))
		}
	}
	all := page.Points
	page.Points = nil
	for _, p := range all {
		if len(p.Replies) > 0 || strings.HasPrefix(p.ID, "D-") || strings.HasPrefix(p.ID, "Q-") {
			page.Points = append(page.Points, p)
		} else {
			page.Silent = append(page.Silent, p)
		}
	}
}

// letter is the letter that the address names.
func (v *visit) letter() (threads.Letter, error) {
	l, err := v.archive.LetterRaw(v.Context(), v.PathValue("letter"))
	if err != nil {
		return l, fmt.Errorf("read letter %s: %w", v.PathValue("letter"), err)
	}
	return l, nil
}

func (v *visit) letterRaw() error {
	l, err := v.letter()
	if err != nil {
		return err
	}
	v.file("message/rfc822", l.ID+".eml", l.Raw)
	return nil
}

func (v *visit) letterBody() error {
	l, err := v.letter()
	if err != nil {
		return err
	}
	return v.letterFrame(l.Raw, "/l/"+l.ID+"/picture/")
}

func (v *visit) letterPicture() error {
	l, err := v.letter()
	if err != nil {
		return err
	}
	return v.showPicture(l.Raw)
}
