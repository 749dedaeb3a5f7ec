package archive

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"rapport/threads"
)

//go:embed page.html
var pageText string

// page is read offline, in any browser: no script, nothing from elsewhere. It is
// made of pieces, so that never more than one mail is in memory.
var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"when":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"day":   func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
	"count": count, "short": short, "steps": stepsOf, "did": did, "reading": wasRead,
	"counts": func(i *threads.Item, a *threads.Answer) bool { return i != nil && i.Answer != nil && *i.Answer == *a },
}).Parse(pageText))

// count tells a number of things.
func count(n any, one string) string {
	if number := fmt.Sprint(n); number != "1" {
		return number + " " + one + "s"
	}
	return "1 " + one
}

// short is the beginning of a text.
func short(s string) string {
	if r := []rune(s); len(r) > 160 {
		return string(r[:158]) + " …"
	}
	return s
}

// step is a line about a report, in words.
type step struct {
	BundledRecord
	Words string
}

// stepsOf tells what became of a report and of each of its letters.
func stepsOf(report []BundledRecord) (out []step) {
	letters := map[string]string{}
	for _, r := range report {
		if r.To != nil {
			letters[r.Subject] = "letter to " + r.To.String()
		}
	}
	for _, r := range report {
		words := cmp.Or(letters[r.Subject], "letter "+r.Subject)
		switch r.Type {
		case threads.EntryReportApproved:
			words = "approved as report " + r.Subject
		case threads.EntryReportReleased:
			words = "let go" + by(r.By)
		case threads.EntryReportCancelled:
			words = "withdrawn" + by(r.By)
		case threads.EntryLetter:
			words += " fixed, as approved" + by(r.By)
		default:
			if words += ": " + r.Said().State; r.Value != "" {
				words += ", “" + r.Value + "”"
			}
		}
		out = append(out, step{r, words})
	}
	return out
}

// by names who did something, where the log says it: lines did not always.
func by(login string) string {
	if login == "" {
		return ""
	}
	return " by " + login
}

// did tells what somebody decided.
func did(kind threads.ChangeKind) string {
	words := map[threads.ChangeKind]string{threads.ChangeFile: "filed by hand", threads.ChangeContact: "its sender made a contact",
		threads.ChangeDismiss: "dismissed from the tray", threads.ChangeReread: "read again", threads.ChangeSplit: "split off into a conversation of its own",
		threads.ChangeMerge: "joined with another conversation", threads.ChangeCorrect: "its items corrected"}[kind]
	if words == "" {
		words = string(kind)
	}
	return words
}

// wasRead tells what a line says of an item, as far as it is no longer so.
func wasRead(r BundledReading, now *threads.Item) string {
	words := "found"
	switch {
	case r.Type == threads.EntryItemGone:
		return "taken away"
	case r.Item == nil:
		return "corrected, and taken back later; what it was then was not kept"
	case r.Type == threads.EntryItemCorrected:
		words = "corrected"
	}
	if now == nil || now.Kind != r.Item.Kind || now.Text != r.Item.Text {
		words += fmt.Sprintf(", as %s “%s”", r.Item.Kind, r.Item.Text)
	}
	return words
}

// contents is a conversation in the list of them.
type contents struct {
	*Chapter
	Mails, Items, Open int
}

// page writes index.html.
func (p *packer) page() error {
	list, items, err := p.contents()
	if err != nil {
		return err
	}
	var uncovered []Uncovered
	err = eachOf(p.sections[uncoveredSection], func(u *Uncovered) error {
		if len(uncovered) < maxFindings {
			uncovered = append(uncovered, *u)
		}
		return nil
	})
	if err != nil {
		return err
	}
	head := struct {
		Manifest
		Packed    Packed
		Threads   int
		Contents  []*contents
		Uncovered []Uncovered
	}{p.manifest, p.packed, len(list), list, uncovered}
	return p.stream(pageFile, func(w io.Writer) error {
		if err := page.ExecuteTemplate(w, "head", head); err != nil {
			return err
		}
		if items > 0 {
			if err := p.itemsTable(w); err != nil {
				return err
			}
		}
		if err := p.mailsOnPage(w); err != nil {
			return err
		}
		return page.ExecuteTemplate(w, "foot", map[string]any{"Accounts": p.accounts})
	})
}

// contents counts what there is in each conversation, and all items.
func (p *packer) contents() (out []*contents, items int, err error) {
	byThread := map[string]*contents{}
	for i := range p.Chapters {
		byThread[p.Chapters[i].Thread.ID] = &contents{Chapter: &p.Chapters[i]}
	}
	err = eachOf(p.sections[messagesSection], func(m *BundledMail) error {
		c := byThread[m.Thread]
		if c == nil { // it stands alone, in the tray
			return nil
		}
		if c.Mails++; c.Mails == 1 {
			out = append(out, c)
		}
		for _, i := range m.Items {
			if i.Item == nil {
				continue
			}
			c.Items++
			items++
			if i.Item.State == threads.Open {
				c.Open++
			}
		}
		return nil
	})
	return out, items, err
}

// itemsTable lists all items with the answers that count.
func (p *packer) itemsTable(w io.Writer) error {
	if err := page.ExecuteTemplate(w, "items-head", nil); err != nil {
		return err
	}
	err := eachOf(p.sections[messagesSection], func(m *BundledMail) error {
		for _, i := range m.Items {
			if i.Item == nil {
				continue
			}
			if err := page.ExecuteTemplate(w, "items-row", i.Item); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.ExecuteTemplate(w, "items-foot", nil)
}

// mailsOnPage shows every mail, conversation by conversation.
func (p *packer) mailsOnPage(w io.Writer) error {
	chapters, open := map[string]*Chapter{}, ""
	for i := range p.Chapters {
		chapters[p.Chapters[i].Thread.ID] = &p.Chapters[i]
	}
	err := eachOf(p.sections[messagesSection], func(b *BundledMail) error {
		if b.Thread != open {
			if open != "" {
				if err := page.ExecuteTemplate(w, "end-of-thread", nil); err != nil {
					return err
				}
			}
			open = b.Thread
			if c := chapters[open]; c != nil {
				if err := page.ExecuteTemplate(w, "thread", c.Thread); err != nil {
					return err
				}
			}
		}
		m, err := p.source.Message(b.ID)
		if err != nil {
			return err
		}
		return page.ExecuteTemplate(w, "mail", struct {
			B       *BundledMail
			M       *threads.Message
			Said    threads.Entry
			Changes []*BundledChange
		}{b, &m, BundledRecord{Line: b.Line}.Said(), p.changes[b.ID]})
	})
	if err == nil && open != "" {
		err = page.ExecuteTemplate(w, "end-of-thread", nil)
	}
	return err
}
