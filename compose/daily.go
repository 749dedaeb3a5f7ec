package compose

import (
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// Daily is what a manager is told once a day.
type Daily struct {
	Language  string
	Now       time.Time // in the zone in which times are told
	Since     time.Time // the daily mail before
	Projects  []DailyProject
	Tray      []threads.Message // the latest of those that may be of the manager's projects
	InTray    int
	Mailboxes []DailyMailbox
	Held      map[threads.Brake]int // notices that brakes have held back since then
	Pages     string                // address of the pages, "" if they have none
}

// DailyProject is one project of the manager.
type DailyProject struct {
	Project *threads.Project
	New     int
	Latest  []threads.Message // some of the new ones, the latest first
	Waiting []threads.Item    // for an answer, the oldest first
	Due     time.Time         // when the next report is due; zero if none is
	Soon    bool              // that is worth telling

	Satisfaction *threads.Satisfaction // nil if it is as it was, or gives no reason to worry
}

// DailyMailbox is the account of a mailbox.
type DailyMailbox struct {
	Name string
	threads.Coverage
	Trouble []string // in words, with the next step
}

// Quiet reports whether there is nothing to say.
func (d *Daily) Quiet() bool {
	for _, p := range d.Projects {
		if p.New > 0 || len(p.Waiting) > 0 || p.Soon || p.Satisfaction != nil {
			return false
		}
	}
	for _, m := range d.Mailboxes {
		if len(m.Trouble) > 0 || len(m.Owed) > 0 {
			return false
		}
	}
	return d.InTray == 0 && len(d.Held) == 0
}

const (
	dailyWaiting = 12 // items of a project
	dailyWords   = 90 // columns of somebody's words
)

// Words are the subject and the Markdown of the mail. What clients wrote
// stands in it as plain text.
func (d *Daily) Words() (subject, body string) {
	w := wordsOf(primary(d.Language), d.Now.Year())
	var b strings.Builder
	waiting, fresh := 0, 0
	for _, p := range d.Projects {
		waiting, fresh = waiting+len(p.Waiting), fresh+p.New
	}
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", w.say("daily.title", w.day(d.Now.Format(time.DateOnly))),
		w.say("daily.sum", fmt.Sprint(fresh), fmt.Sprint(waiting), fmt.Sprint(d.InTray)))
	for i := range d.Projects {
		d.project(&b, w, &d.Projects[i])
	}
	d.tray(&b, w)
	d.mailboxes(&b, w)
	if len(d.Held) > 0 {
		fmt.Fprintf(&b, "## %s\n\n", w.say("daily.held"))
		for _, brake := range threads.Brakes {
			if n := d.Held[brake]; n > 0 {
				fmt.Fprintf(&b, "- %s\n", w.say("brake."+string(brake), fmt.Sprint(n)))
			}
		}
		b.WriteString("\n")
	}
	if d.Pages != "" {
		fmt.Fprintf(&b, "%s\n", w.say("daily.pages", "<"+d.Pages+">"))
	}
	return w.say("daily.subject", fmt.Sprint(waiting), fmt.Sprint(fresh)), b.String()
}

func (d *Daily) project(b *strings.Builder, w *words, p *DailyProject) {
	if p.New == 0 && len(p.Waiting) == 0 && !p.Soon && p.Satisfaction == nil {
		return
	}
	fmt.Fprintf(b, "## %s\n\n", Escaped("["+p.Project.Key+"] "+strings.Join(notEmpty(p.Project.Client, p.Project.Name), " · ")))
	if p.Soon {
		key := "daily.due"
		if p.Due.Before(d.Now) {
			key = "daily.late"
		}
		fmt.Fprintf(b, "**%s**\n\n", w.say(key, d.moment(w, p.Due)))
	}
	if s := p.Satisfaction; s != nil {
		last := s.Ratings[0]
		fmt.Fprintf(b, "**%s** %s\n\n", w.say("daily.rated", Escaped(last.From.String()), fmt.Sprint(last.Score), fmt.Sprintf("%.1f", s.Average)), w.say("daily.ask"))
	}
	if n := len(p.Waiting); n > 0 {
		fmt.Fprintf(b, "%s\n\n", w.say("daily.waiting", fmt.Sprint(n)))
		for i, it := range p.Waiting {
			if i == dailyWaiting {
				fmt.Fprintf(b, "- %s\n", w.say("daily.more", fmt.Sprint(n-i)))
				break
			}
			due := ""
			if it.Due != "" {
				key := "daily.by"
				if it.Due < d.Now.Format(time.DateOnly) {
					key = "daily.overdue"
				}
				due = " **" + w.say(key, w.day(it.Due)) + "**"
			}
			fmt.Fprintf(b, "- %s %s %s%s\n", it.Label(), w.say("daily.since", w.day(it.At.In(d.Now.Location()).Format(time.DateOnly))), saidBy(w, it.Text), due)
		}
		b.WriteString("\n")
	}
	if p.New > 0 {
		fmt.Fprintf(b, "%s\n\n", w.say("daily.new", fmt.Sprint(p.New)))
		d.mails(b, w, p.Latest, p.New)
	}
}

// saidBy are somebody's words, cut short and without effect.
func saidBy(w *words, s string) string {
	return w.say("daily.quote", Escaped(clipWords(strings.Join(strings.Fields(s), " "), dailyWords)))
}

func (d *Daily) mails(b *strings.Builder, w *words, mails []threads.Message, of int) {
	for _, m := range mails {
		who := clipWords(m.From.String(), 40)
		if m.Tray != nil && m.From.Name != "" { // nothing proves the name
			who += " <" + clipWords(m.From.Address, 80) + ">"
		}
		fmt.Fprintf(b, "- %s: %s (%s)\n", Escaped(who), saidBy(w, m.Subject), d.moment(w, m.Received))
	}
	if of > len(mails) {
		fmt.Fprintf(b, "- %s\n", w.say("daily.more", fmt.Sprint(of-len(mails))))
	}
	b.WriteString("\n")
}

func (d *Daily) tray(b *strings.Builder, w *words) {
	if d.InTray == 0 {
		return
	}
	fmt.Fprintf(b, "## %s\n\n%s\n\n", w.say("daily.tray"), w.say("daily.tray.lead", fmt.Sprint(d.InTray)))
	d.mails(b, w, d.Tray, d.InTray)
}

func (d *Daily) mailboxes(b *strings.Builder, w *words) {
	if len(d.Mailboxes) == 0 {
		return
	}
	fmt.Fprintf(b, "## %s\n\n", w.say("daily.mailboxes"))
	for _, m := range d.Mailboxes {
		account := w.say("daily.unread")
		if m.First > 0 {
			account = w.say("daily.account", fmt.Sprintf("%d..%d", m.First, m.Last), fmt.Sprint(m.Filed), fmt.Sprint(m.Tray), fmt.Sprint(m.Vanished), fmt.Sprint(len(m.Owed)))
		}
		fmt.Fprintf(b, "- %s: %s\n", Escaped(m.Name), account)
		for _, t := range m.Trouble {
			fmt.Fprintf(b, "  - **%s** %s\n", w.say("daily.trouble"), w.trouble(t))
		}
	}
	b.WriteString("\n")
}

// trouble tells what went wrong: in English as it was said, in other languages by
// its kind and with what was said as a quotation.
func (w *words) trouble(said string) string {
	if w.language == "en" {
		return Escaped(said)
	}
	return w.say("trouble.kind."+string(threads.TroubleIn(said))) + w.say("trouble.said") + w.say("daily.quote", Escaped(said))
}

// moment is a point in time for people.
func (d *Daily) moment(w *words, t time.Time) string {
	t = t.In(d.Now.Location())
	return w.day(t.Format(time.DateOnly)) + t.Format(" 15:04")
}
