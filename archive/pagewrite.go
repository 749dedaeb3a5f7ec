package archive

import (
	"io"
	"time"

	"rapport/threads"
)

// bundlePage is index.html. All that it shows stands in the list of the bundle,
// so whoever has that can make the page anew and compare it byte by byte.
type bundlePage struct {
	head      Manifest
	messages  func(do func(*BundledMail) error) error
	uncovered func(do func(*Uncovered) error) error
	changes   map[string][]*BundledChange // by mail
	accounts  []BundledRecord
}

// contents is a conversation in the list of them.
type contents struct {
	ID, Subject        string
	First, Last        time.Time // of its mail in the bundle
	Mails, Items, Open int
}

// summary is what the page has of all mail together.
type summary struct {
	Manifest
	Packed
	Contents []*contents
	Listed   []Uncovered // the first of them
	Items    int
}

// page writes index.html.
func (p *packer) page() error {
	shown := bundlePage{head: p.manifest, changes: p.changes, accounts: p.accounts,
		messages:  func(do func(*BundledMail) error) error { return eachOf(p.sections[messagesSection], do) },
		uncovered: func(do func(*Uncovered) error) error { return eachOf(p.sections[uncoveredSection], do) }}
	return p.stream(pageFile, shown.write)
}

func (p *bundlePage) write(w io.Writer) error {
	s, byThread, err := p.summary()
	if err != nil {
		return err
	}
	if err := page.ExecuteTemplate(w, "head", s); err != nil {
		return err
	}
	if s.Items > 0 {
		if err := p.itemsTable(w); err != nil {
			return err
		}
	}
	if err := p.mails(w, byThread); err != nil {
		return err
	}
	return page.ExecuteTemplate(w, "foot", map[string]any{"Accounts": p.accounts})
}

// summary counts what there is in each conversation, and in all.
func (p *bundlePage) summary() (*summary, map[string]*contents, error) {
	s, byThread := &summary{Manifest: p.head}, map[string]*contents{}
	err := p.messages(func(m *BundledMail) error {
		c := byThread[m.Thread]
		if c == nil && m.Thread != "" { // else it stands alone, in the tray
			c = &contents{ID: m.Thread}
			byThread[m.Thread] = c
			s.Contents = append(s.Contents, c)
		}
		s.count(m, c)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	err = p.uncovered(func(u *Uncovered) error {
		if s.Uncovered++; s.Uncovered <= maxFindings {
			s.Listed = append(s.Listed, *u)
		}
		return nil
	})
	return s, byThread, err
}

// count enters a mail; c is nil if it is in no conversation.
func (s *summary) count(m *BundledMail, c *contents) {
	if c == nil {
		c = &contents{}
	}
	c.Mails++
	if m.Erased != nil {
		s.Erased++
		return
	}
	s.Mails++
	if c.First.IsZero() { // the oldest comes first
		c.Subject, c.First = m.Subject, m.Received
	}
	c.Last = m.Received
	for _, i := range m.Items {
		if i.Item == nil {
			continue
		}
		c.Items++
		s.Items++
		if i.Item.State == threads.Open {
			c.Open++
		}
	}
}

// itemsTable lists all items with the answers that count.
func (p *bundlePage) itemsTable(w io.Writer) error {
	if err := page.ExecuteTemplate(w, "items-head", nil); err != nil {
		return err
	}
	err := p.messages(func(m *BundledMail) error {
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

// mails shows every mail, conversation by conversation.
func (p *bundlePage) mails(w io.Writer, byThread map[string]*contents) error {
	open := ""
	err := p.messages(func(b *BundledMail) error {
		if b.Thread != open {
			if open != "" {
				if err := page.ExecuteTemplate(w, "end-of-thread", nil); err != nil {
					return err
				}
			}
			if open = b.Thread; open != "" {
				if err := page.ExecuteTemplate(w, "thread", byThread[open]); err != nil {
					return err
				}
			}
		}
		return page.ExecuteTemplate(w, "mail", struct {
			B       *BundledMail
			Said    threads.Entry
			Changes []*BundledChange
		}{b, BundledRecord{Line: b.Line}.Said(), p.changes[b.ID]})
	})
	if err == nil && open != "" {
		err = page.ExecuteTemplate(w, "end-of-thread", nil)
	}
	return err
}
