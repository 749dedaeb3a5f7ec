package web

import (
	"cmp"
	"fmt"

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
	Away    string
	Instead []threads.Address // whom the note of absence names
}

// contacts are the people of a project, with who of them is away now or will be.
func (v *visit) contacts(p *threads.Project) ([]contactView, error) {
	var out []contactView
	asked := 0
	for _, c := range p.Contacts {
		line := contactView{Contact: c}
		for _, address := range c.Addresses {
			if asked++; asked > addressesAsked || line.Away != "" {
				break
			}
			mails, err := v.mailsOf(p, address)
			if err != nil {
				return nil, err
			}
			if a := p.Absent(mails, v.now); a != nil && (a.Away != nil || len(a.Instead) > 0) {
				line.Away, line.Instead = cmp.Or(v.away(a.Away, p.Key), v.lang.t("away.now")), a.Instead
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// mailsOf are the latest mails of an address in a project.
func (v *visit) mailsOf(p *threads.Project, address string) ([]threads.Message, error) {
	mails, err := v.archive.EarlierFrom(v.Context(), p.Key, address, mailsAsked)
	if err != nil {
		return nil, fmt.Errorf("look for absences in %s: %w", p.Key, err)
	}
	return mails, nil
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
