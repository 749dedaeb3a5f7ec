package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// Bounds of a thread's page.
const (
	mailsShown  = 50
	mailsBefore = 10 // shown above a mail that was asked for
	openShown   = 12 // open items above the mails; the rest is folded
)

type threadPage struct {
	Page
	Thread   threads.Thread
	Started  moment
	Open     []itemView // what waits for an answer, as far as it is shown at once
	OpenMore []itemView // the rest, folded
	Mails    []mailView
	Earlier  int    // mails above those shown
	Later    int    // mails below those shown
	Up       string // addresses of the pages with them
	Down     string
	Changes  []changeView // what was decided about those shown
	Holds    []holdView   // what keeps it from being erased
}

// OpenCount is how many items wait for an answer.
func (p *threadPage) OpenCount() int { return len(p.Open) + len(p.OpenMore) }

// mailView is a mail as it is read.
type mailView struct {
	threads.Message
	URL     string
	When    moment
	Out     bool
	Machine bool // written by a program; shown folded
	Blocks  []block
	Cut     bool
	Items   []itemView
	Files   []attachmentView
	Topic   string      // its subject, where it is another than the thread's
	Report  *reportLine // what it is, when it is a report of ours
	Absent  string      // when its writer is away, "" if it does not say
	Turn    *turnView   // nil unless the conversation turns to something else here

	Tombstone *tombstone // nil unless it was erased
}

func (v *visit) thread() error {
	t, mails, err := v.archive.Thread(v.Context(), v.PathValue("thread"))
	if err != nil {
		return fmt.Errorf("read thread %s: %w", v.PathValue("thread"), err)
	}
	items, err := v.archive.Items(v.Context(), threads.ItemQuery{Thread: t.ID})
	if err != nil {
		return fmt.Errorf("read the items of thread %s: %w", t.ID, err)
	}
	reports, err := v.archive.Reports(v.Context(), t.Project, itemsShown)
	if err != nil {
		return fmt.Errorf("read the reports of %s: %w", t.Project, err)
	}
	page := threadPage{Page: v.page(v.threadTopic(&t), "overview", v.projectCrumb(t.Project)), Thread: t}
	page.Zone, page.Started = v.zone(t.Project).String(), v.at(t.Created, v.zone(t.Project))
	open := v.itemViews(v.open(items))
	page.Open, page.OpenMore = open[:min(len(open), openShown)], open[min(len(open), openShown):]

	from, to := window(mails, v.FormValue("at"), v.FormValue("from"))
	if page.Earlier = from; from > 0 {
		page.Up = "/t/" + t.ID + "?from=" + mails[max(0, from-mailsShown)].ID
	}
	if page.Later = len(mails) - to; page.Later > 0 {
		page.Down = "/t/" + t.ID + "?from=" + mails[to].ID
	}
	turns := threads.Turns(mails, mail.BaseSubject)
	var shown []string
	for i := range mails[from:to] {
		m := v.mailView(&mails[from+i], items, reports, threadLimits)
		if base := mail.BaseSubject(m.Subject); m.Erased == nil && base != mail.BaseSubject(t.Subject) {
			m.Topic = topic(v.lang, t.Project, base)
		}
		if n := slices.IndexFunc(turns, func(t threads.Turn) bool { return t.Message == m.ID }); n >= 0 {
			m.Turn = &turnView{turns[n], v.forms()}
		}
		page.Mails, shown = append(page.Mails, m), append(shown, m.ID)
	}
	changes, err := v.archive.ChangesOf(v.Context(), shown)
	if err != nil {
		return err
	}
	page.Changes = v.changeViews(changes, t.Project)
	if page.Holds, err = v.holds(t.Project, t.ID); err != nil {
		return err
	}
	return v.render(http.StatusOK, "thread", &page)
}

// turnView is a turn with the address to come back to, "" where nothing can be
// decided.
type turnView struct {
	threads.Turn
	Here string
}

// threadTopic is the subject of a thread, or that all of it was erased. Who reads
// some days only is not told who wrote in it.
func (v *visit) threadTopic(t *threads.Thread) string {
	if t.Erased() && v.scope.From.IsZero() && v.scope.To.IsZero() {
		return v.lang.t("erased.thread")
	}
	return topic(v.lang, t.Project, t.Subject)
}

// window is the part of a thread that is shown: around the mail at, or beginning
// with the mail from, or the latest.
func window(mails []threads.Message, at, from string) (start, end int) {
	index := func(id string) int {
		return slices.IndexFunc(mails, func(m threads.Message) bool { return m.ID == id })
	}
	start = max(0, len(mails)-mailsShown)
	if i := index(from); i >= 0 {
		start = i
	} else if i := index(at); i >= 0 && i < start {
		start = max(0, i-mailsBefore)
	}
	return start, min(len(mails), start+mailsShown)
}

// open are the items that wait for an answer, what is needed most first.
func (v *visit) open(items []threads.Item) []threads.Item {
	var out []threads.Item
	for _, i := range items {
		if i.State == threads.Open {
			out = append(out, i)
		}
	}
	v.byNeed(out)
	return out
}

// mailView makes a mail ready to be read, with those of items that are its own.
func (v *visit) mailView(m *threads.Message, items []threads.Item, reports []threads.Report, max limits) mailView {
	var own []threads.Item
	for _, i := range items {
		if i.Message == m.ID {
			own = append(own, i)
		}
	}
	slices.SortStableFunc(own, func(a, b threads.Item) int { return a.Start - b.Start })
	out := mailView{
		Message: *m, URL: "/m/" + m.ID, When: v.at(m.Received, v.zone(m.Project)),
		Out: m.Direction == threads.Out, Machine: m.Direction == threads.In && m.Class != threads.ClassPerson,
		Items: v.itemViews(own), Files: v.attachments(m),
	}
	if m.Erased != nil {
		out.Tombstone = &tombstone{*m.Erased, v.person(m.Erased.By), v.at(m.Erased.At, v.zone(m.Project))}
	}
	out.Absent = v.away(m.Away, m.Project)
	if m.Received.IsZero() {
		out.When = v.at(m.Date, v.zone(m.Project))
	}
	out.Blocks, out.Cut = blocks(m, slices.DeleteFunc(slices.Clone(own), func(i threads.Item) bool { return i.State == threads.Dismissed }), max)
	if len(out.Blocks) == 0 && m.Text != "" { // nothing new was recognised: then all of it is shown
		out.Blocks, out.Cut = blocks(&threads.Message{NewText: m.Text}, nil, max)
	}
	marked := anchors(out.Blocks)
	for i := range out.Items {
		out.Items[i].Loose = !marked[anchor(out.Items[i].Number)]
	}
	for i := range reports {
		if out.Out && reports[i].MessageID == m.MessageID && m.MessageID != "" {
			line := v.reportLine(reports[i])
			out.Report = &line
		}
	}
	return out
}

// subject is a subject to show: never empty.
func subject(l *language, s string) string {
	if s == "" {
		return l.t("subject.none")
	}
	return s
}

// topic is a subject as it is shown inside its project, whose page need not
// say its name on every line: "[ACME-WEB] Invoice" is "Invoice".
func topic(l *language, project, s string) string {
	tag := "[" + project + "]"
	if len(s) > len(tag) && strings.EqualFold(s[:len(tag)], tag) {
		if rest := strings.TrimSpace(s[len(tag):]); rest != "" {
			return rest
		}
	}
	return subject(l, s)
}
