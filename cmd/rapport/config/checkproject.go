package config

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

var projectKey = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$`)

// publicDomains give an address to anybody: as a client's domain they would let
// every stranger there into the project.
var publicDomains = func() map[string]bool {
	domains := map[string]bool{}
	for _, d := range strings.Fields(`gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com
		icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com web.de t-online.de mail.ru yandex.ru yandex.com
		proton.me protonmail.com zoho.com fastmail.com qq.com foxmail.com 163.com 126.com yeah.net 188.com sina.com
		sina.cn sohu.com 139.com 189.cn aliyun.com naver.com hanmail.net orange.fr free.fr wanadoo.fr`) {
		domains[d] = true
	}
	return domains
}()

func (k *checker) projects() {
	seen := map[string]bool{}
	for i := range k.c.Projects {
		p := &k.c.Projects[i]
		k.at, k.name = p.Place, p.Place.key
		if p.Key != "" {
			k.name = "projects." + p.Key
		}
		if !projectKey.MatchString(p.Key) {
			k.problem(".key", fmt.Sprintf("%q is no project key", p.Key), "use capitals, digits and dashes: ACME-WEB")
		} else if seen[p.Key] {
			k.problem(".key", "is there twice", "give each project a key of its own; it stands in every subject")
		}
		seen[p.Key] = true
		k.needed(".name", p.Name, "write what the project is called")
		k.needed(".client", p.Client, "write the client's name as people say it")
		k.languages(p)
		if p.Address != "" {
			k.address(".address", p.Address)
		}
		k.managers(p)
		k.domains(p)
		k.contacts(p)
		k.rhythm(p)
		k.hours(p.Hours)
		k.retention(p.Retention)
		k.schedule(p)
	}
}

// languages is one, or those of reports in several with the main one first.
func (k *checker) languages(p *Project) {
	if len(p.Languages) == 0 {
		k.oneOf(".language", p.Language, "en", "zh")
		return
	}
	for i, l := range p.Languages {
		k.oneOf(".languages", l, "en", "zh")
		if slices.Contains(p.Languages[:i], l) {
			k.problem(".languages", fmt.Sprintf("has %q twice", l), "name each language once")
		}
	}
	if p.Languages[0] != p.Language {
		k.problem(".languages", fmt.Sprintf("does not begin with %q", p.Language), "put the project's language first, or leave language: out")
	}
}

// Skeletons reads the projects' own skeletons and has each looked at.
func (c *Config) Skeletons(look func(p *threads.Project, path, text string) error) Problems {
	var problems Problems
	directory := c.Directory()
	for _, p := range c.Projects {
		if p.Skeleton == "" {
			continue
		}
		text, err := os.ReadFile(p.Skeleton)
		if err == nil {
			err = look(directory.Project(p.Key), p.Skeleton, string(text))
		}
		if err != nil {
			problems = append(problems, Problem{
				File: p.Place.file, Line: c.lines.of(place{p.Place.file, p.Place.key + ".skeleton"}), Key: "projects." + p.Key + ".skeleton",
				Words: err.Error(), Fix: "mend the skeleton, or remove the line for ours; docs/reports.md says what it may name",
			})
		}
	}
	return problems.sorted()
}

func (k *checker) managers(p *Project) {
	for _, login := range p.Managers {
		found := false
		for _, person := range k.c.People {
			found = found || strings.EqualFold(person.Login, login)
		}
		if !found {
			k.problem(".managers", fmt.Sprintf("nobody has the login %q", login), "add the person under people, or mend the name")
		}
	}
}

func (k *checker) domains(p *Project) {
	for _, d := range p.Domains {
		switch {
		case strings.ContainsAny(d, "@ /") || !strings.Contains(d, "."):
			k.problem(".domains", fmt.Sprintf("%q is no mail domain", d), "write what stands behind the @: example.com")
		case publicDomains[strings.ToLower(d)]:
			k.problem(".domains", fmt.Sprintf("%q gives addresses to everybody, so every stranger there would be of the project", d),
				"list the client's single addresses under contacts instead")
		}
	}
}

func (k *checker) contacts(p *Project) {
	if len(p.Contacts) == 0 && len(p.Domains) == 0 {
		k.problem(".contacts", "names nobody", "add at least one contact or domain, else no mail can be filed")
	}
	owner := map[string]string{}
	for i, c := range p.Contacts {
		at := fmt.Sprintf(".contacts[%d]", i)
		k.needed(at+".name", c.Name, "write the person's name")
		if len(c.Addresses) == 0 {
			k.problem(at+".addresses", "is missing", "add at least one address")
		}
		for _, a := range c.Addresses {
			k.address(at+".addresses", a)
			low := strings.ToLower(a)
			switch {
			case owner[low] != "":
				k.problem(at+".addresses", fmt.Sprintf("%q belongs to %s already", a, owner[low]), "give each address to one contact")
			case k.ours(a):
				k.problem(at+".addresses", fmt.Sprintf("%q is one of our own addresses", a), "a contact is a person at the client")
			}
			owner[low] = c.Name
		}
	}
}

func (k *checker) rhythm(p *Project) {
	r := p.Report
	if r.Every == "" {
		return
	}
	k.oneOf(".report.every", r.Every, "week", "two-weeks", "month")
	if _, err := time.Parse("15:04", r.At); err != nil {
		k.problem(".report.at", fmt.Sprintf("%q is no time of day", r.At), "write it as \"16:00\", in quotes")
	}
	if r.Send != "" {
		k.oneOf(".report.send", r.Send, "released", "due")
	}
}

func (k *checker) hours(h Hours) {
	if h.From != "" || h.Until != "" {
		from, errFrom := time.Parse("15:04", h.From)
		until, errUntil := time.Parse("15:04", h.Until)
		if errFrom != nil || errUntil != nil || !from.Before(until) {
			k.problem(".hours", fmt.Sprintf("from %q until %q is no part of a day", h.From, h.Until), "write both, the earlier one first: from: \"09:00\" and until: \"17:30\", in quotes")
		}
	}
	for _, d := range h.Holidays {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			k.problem(".hours.holidays", fmt.Sprintf("%q is no date", d), "write it as \"2026-12-25\", in quotes")
		}
	}
}

// schedule: a report that is due while nobody reads would never go in time.
func (k *checker) schedule(p *Project) {
	if p.Report.Every == "" {
		return
	}
	hours := p.hours()
	if hours.Check() == nil && !hours.Open(p.Report.At) {
		k.problem(".report.at", fmt.Sprintf("%s is outside of the client's hours, %s to %s", p.Report.At, p.Hours.From, p.Hours.Until), "choose a time within hours")
	}
}
