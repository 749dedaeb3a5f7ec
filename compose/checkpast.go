package compose

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"rapport/threads"
)

// lastReport is the report before this one that went out or will, with its
// tree; nil if there is none or its draft is not at hand.
func (c *checker) lastReport() (*threads.Report, *document) {
	for i := range c.Past.Reports {
		r := &c.Past.Reports[i]
		if r.State == threads.ReportCancelled || r.Period == c.draft.Front.Period {
			continue
		}
		if r.Draft == "" {
			return r, nil
		}
		d, _ := ReadDraft("", []byte(r.Draft))
		doc, _ := readBody(d)
		return r, doc
	}
	return nil, nil
}

// forgottenPromises: what the last report said would come next is done now, or
// mentioned, or the client wonders.
func forgottenPromises(c *checker) {
	_, doc := c.lastReport()
	if doc == nil {
		return
	}
	said := keywords(c.rendered.Text)
	for _, p := range promises(doc, c.words) {
		want := keywords(p)
		hit := 0
		for w := range want {
			if said[w] {
				hit++
			}
		}
		if len(want) > 0 && hit*2 < len(want) {
			c.find(Warning, "promise-forgotten", 0, fmt.Sprintf("the last report promised “%s”; this one does not speak of it", clip(p, 80)), "say that it is done, or when it will be")
		}
	}
}

// keywords are the words of a text that carry meaning: Latin words of four
// letters or more, and pairs of Chinese characters.
func keywords(s string) map[string]bool {
	out := map[string]bool{}
	var word []rune
	var before rune
	flush := func() {
		if len(word) >= 4 {
			out[string(word[:min(len(word), 6)])] = true // the stem: deliver, delivered, delivery
		}
		word = word[:0]
	}
	for _, r := range strings.ToLower(s) {
		switch {
		case han(r):
			flush()
			if han(before) {
				out[string([]rune{before, r})] = true
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		default:
			flush()
		}
		before = r
	}
	flush()
	return out
}

// changedStatus: a status that changes has a reason that the client can read.
func changedStatus(c *checker) {
	last, _ := c.lastReport()
	if last == nil || last.Status == "" || c.rendered.Status == "" || last.Status == c.rendered.Status {
		return
	}
	for _, b := range c.doc.blocks {
		if s, ok := b.(*statusBlock); ok && len(s.summary) > 0 {
			return
		}
	}
	c.find(Warning, "status-reason", c.locate(1, "status:"), fmt.Sprintf("the status was %s and is %s now, without a word why", last.Status, c.rendered.Status), "add a status block with a summary: that gives the reason")
}

// lateMilestones: what is late has a new date, and what is past is done.
func lateMilestones(c *checker) {
	today := c.Now
	if c.Project.Zone != nil {
		today = today.In(c.Project.Zone)
	}
	day := today.Format(time.DateOnly)
	for _, b := range c.doc.blocks {
		p, ok := b.(*milestonesBlock)
		if !ok {
			continue
		}
		for _, m := range p.rows {
			name := clip(c.plain(m.name), 40)
			switch {
			case m.state == "done" || m.date == "" || c.Now.IsZero():
			case m.date < day:
				c.find(Warning, "late-date", m.line, fmt.Sprintf("%s was due on %s and is not done", name, m.date), "set state: done, or a new date: with the old one in was:")
			case (m.state == "late" || m.state == "moved") && m.was == "":
				c.find(Warning, "late-date", m.line, fmt.Sprintf("%s is %s, but not from when", name, m.state), "write the old date in was:")
			}
		}
	}
}

// staleRisks: a risk that stands unchanged for long is either over or ignored.
func staleRisks(c *checker) {
	const long = 28 * 24 * time.Hour
	for _, b := range c.doc.blocks {
		p, ok := b.(*risksBlock)
		if !ok {
			continue
		}
		for _, k := range p.rows {
			since, err := time.Parse(time.DateOnly, k.since)
			if err == nil && c.Now.Sub(since) > long {
				c.find(Warning, "risk-stale", k.line, fmt.Sprintf("the risk “%s” is open since %s", clip(c.plain(k.risk), 50), k.since), "say what has changed, or close it")
			}
		}
	}
}

// nothingAsked: a client who is never asked stops reading.
func nothingAsked(c *checker) {
	asks := func(points []threads.Point) bool {
		for _, p := range points {
			if strings.HasPrefix(p.ID, "D-") || strings.HasPrefix(p.ID, "Q-") || p.ID == "rating" || strings.HasSuffix(p.Text, "?") || strings.HasSuffix(p.Text, "？") {
				return true
			}
		}
		return false
	}
	if asks(c.rendered.Points) {
		return
	}
	before := 0
	for _, r := range c.Past.Reports {
		if r.State == threads.ReportCancelled {
			continue
		}
		if asks(r.Points) {
			return
		}
		if before++; before == 2 {
			c.find(Warning, "nothing-asked", 0, "this is the third report in a row that asks the client nothing", "ask for a decision, an opinion, or a rating")
			return
		}
	}
}

// outsideHours: a report at night says more about us than it is meant to.
func outsideHours(c *checker) {
	if next := c.Hours.Next(c.Now); next.After(c.Now) {
		now, next := c.Now.In(c.Hours.Location()), next.In(c.Hours.Location())
		c.find(Warning, "outside-hours", 0, fmt.Sprintf("it is %s for the client, outside of their working hours", now.Format("Monday 15:04")),
			"send it from "+next.Format("Monday 15:04")+" on")
	}
}
