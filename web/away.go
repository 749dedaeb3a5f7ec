package web

import (
	"fmt"
	"time"

	"rapport/threads"
)

// Bounds of looking for absences.
const (
	addressesAsked = 30 // of a project's contacts
	mailsAsked     = 10 // latest mails of one address
)

// contactView is a contact, and when the person is away, "" if nobody knows.
type contactView struct {
	threads.Contact
	Away string
}

// contacts are the people of a project, with who of them is away now or will be.
func (v *visit) contacts(p *threads.Project) ([]contactView, error) {
	today := v.now.In(v.zone(p.Key)).Format(time.DateOnly)
	var out []contactView
	asked := 0
	for _, c := range p.Contacts {
		line := contactView{Contact: c}
		for _, address := range c.Addresses {
			if asked++; asked > addressesAsked || line.Away != "" {
				break
			}
			mails, err := v.archive.EarlierFrom(v.Context(), p.Key, address, mailsAsked)
			if err != nil {
				return nil, fmt.Errorf("look for absences in %s: %w", p.Key, err)
			}
			for i := range mails {
				if a := mails[i].Away; a != nil && a.Last() >= today {
					line.Away = v.away(a, p.Key)
					break
				}
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// away is when somebody is away, in words.
func (v *visit) away(a *threads.Away, project string) string {
	if a == nil {
		return ""
	}
	day := func(iso string) string { return v.civil(iso, v.zone(project)).Text }
	switch {
	case a.From != "" && a.Until != "":
		return v.lang.t("away.span", day(a.From), day(a.Until))
	case a.Until != "":
		return v.lang.t("away.until", day(a.Until))
	}
	return v.lang.t("away.back", day(a.Back))
}
