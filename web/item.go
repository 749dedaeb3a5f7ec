package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// itemView is an item as a page shows it.
type itemView struct {
	threads.Item
	Client string // whose item it is
	URL    string // its place in the thread
	Due    due
	When   moment
	Next   due    // the date of the answer's next step
	By     string // who answered
	Given  moment // when
	Told   string // address of the report that carried the answer
	Point  pointView
	Loose  bool   // its words are not marked in the text beside it
	Here   string // the address to come back to after a correction, "" where there are no forms
}

// pointView is the report point that an item is about.
type pointView struct{ ID, URL string }

// Label is the number under which people speak of the item.
func (i itemView) Label() string { return i.Item.Label() }

// Anchor is where the item's note stands beside its mail.
func (i itemView) Anchor() string { return "n" + strconv.Itoa(i.Number) }

// Page is the item's own page.
func (i itemView) Page() string { return "/p/" + i.Project + "/i/" + i.Label() }

// Answered reports whether there is an answer to show.
func (i itemView) Answered() bool { return i.Answer != nil }

// Waits reports whether the client waits for an answer.
func (i itemView) Waits() bool { return i.State == threads.Open }

// anchor is where the words of an item stand in its mail.
func anchor(number int) string { return "f" + strconv.Itoa(number) }

// itemView makes an item ready to be shown.
func (v *visit) itemView(i threads.Item) itemView {
	zone := v.zone(i.Project)
	out := itemView{
		Item: i, URL: "/t/" + i.Thread + "?at=" + i.Message + "#" + anchor(i.Number),
		When: v.at(i.At, zone), Client: i.Project, Here: v.forms(),
	}
	if p := v.dir.Project(i.Project); p != nil {
		out.Client = p.Client
	}
	if i.Text == "" {
		out.Text, out.Here = v.lang.t("erased.words"), ""
	}
	out.About = strings.TrimLeft(i.About, "-*•·> \t") // the marks of the list or quotation that it stood in
	if i.State == threads.Open {
		out.Due = v.due(i.Due, zone)
	} else if i.Due != "" {
		out.Due = v.civil(i.Due, zone)
	}
	if a := i.Answer; a != nil {
		out.By, out.Given, out.Next = v.person(a.By), v.at(a.At, zone), v.civil(a.Date, zone)
		if a.Report != "" {
			out.Told = "/r/" + a.Report
		}
	}
	if i.Report != "" {
		out.Point = pointView{i.Point, "/r/" + i.Report}
		if i.Point != "" {
			out.Point.URL += "#" + pointAnchor(i.Point)
		}
	}
	return out
}

func (v *visit) itemViews(items []threads.Item) []itemView {
	out := make([]itemView, len(items))
	for i := range items {
		out[i] = v.itemView(items[i])
	}
	return out
}

// byNeed sorts what is waited for most to the front: open before the rest, late
// and urgent first, then by due date, then the oldest.
func (v *visit) byNeed(items []threads.Item) {
	slices.SortStableFunc(items, func(a, b threads.Item) int {
		return cmp.Or(
			cmp.Compare(v.need(&a), v.need(&b)),
			cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")),
			a.At.Compare(b.At),
			cmp.Compare(a.Number, b.Number),
		)
	})
}

// need ranks an item: 0 is needed most.
func (v *visit) need(i *threads.Item) int {
	switch {
	case i.State != threads.Open:
		return 3
	case v.late(i):
		return 0
	case i.Urgent:
		return 1
	}
	return 2
}

// today is the civil day where a project's client is.
func (v *visit) today(project string) string {
	return v.now.In(v.zone(project)).Format(time.DateOnly)
}

// late reports whether an open item's due date is over where the client is.
func (v *visit) late(i *threads.Item) bool {
	return i.State == threads.Open && i.Due != "" && i.Due < v.today(i.Project)
}

// kindCount is how many items of a kind there are.
type kindCount struct {
	Kind  threads.Kind
	Count int
	URL   string
}

// kindCounts are counts by kind, in the order in which kinds are shown.
func kindCounts(counts map[threads.Kind]int, url string) []kindCount {
	var out []kindCount
	for _, k := range threads.Kinds {
		if counts[k] > 0 {
			out = append(out, kindCount{k, counts[k], url + "&kind=" + string(k)})
		}
	}
	return out
}
