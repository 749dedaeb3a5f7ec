package threads

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// Project is the unit of everything: whose mail it is, in which language and
// time zone, and how often a report is due.
type Project struct {
	Key       string // "ACME-WEB": capitals, digits and dashes; unique
	Name      string
	Client    string // the client's organisation, as people call it
	Contacts  []Contact
	Domains   []string // mail domains that belong to the client as a whole
	Address   string   // our own address for this project, "" if it has none of its own
	Language  string   // BCP 47 primary tag of what we write: "en", "zh"
	Languages []string // of reports in several, in their order, the first is Language; empty for reports in one
	Zone      *time.Location
	Hours     Hours // when people at the client read mail, in Zone
	Rhythm    Rhythm
	Managers  []string // logins
	Retention Retention
}

// Contact is a person at the client: one name, several addresses.
type Contact struct {
	Name      string
	Addresses []string
	Report    bool // gets the reports unless a draft names its recipients
}

// Rhythm is how often a report is due, in the client's time zone.
type Rhythm struct {
	Every   string       // "week", "two-weeks", "month" or "" for none
	Weekday time.Weekday // for week and two-weeks
	At      string       // "16:00"
	Sends   bool         // an approved report goes out when it is due, without another word
}

// Person is one of us: somebody with a login.
type Person struct {
	Login     string
	Name      string
	Addresses []string
	Role      string // "admin", "manager" or "auditor"

	Projects []string  // of an auditor: the keys of those that may be read, nil for all
	From, To time.Time // of an auditor: mail received from the one and before the other; zero for no bound
	Until    time.Time // when the person's access ends; zero for never
}

// Over reports whether the person's access has ended.
func (p *Person) Over(now time.Time) bool { return !p.Until.IsZero() && !now.Before(p.Until) }

// Is reports whether login is the person's, letter case aside.
func (p *Person) Is(login string) bool { return strings.EqualFold(p.Login, login) }

// Decides reports whether the person may change anything: an auditor reads.
func (p *Person) Decides() bool { return p.Role == "manager" || p.Role == "admin" }

// Recipients are the contacts' first addresses that get a report by default.
func (p *Project) Recipients() []Address {
	var out []Address
	for _, c := range p.Contacts {
		if c.Report && len(c.Addresses) > 0 {
			out = append(out, Address{Name: c.Name, Address: c.Addresses[0]})
		}
	}
	return out
}

// Due is when the project's next report is due after those that it has had, the
// latest first; see Rhythm.Due. What was withdrawn, or approved and never
// released, does not count.
func (p *Project) Due(reports []Report, now time.Time) time.Time {
	var last time.Time
	for _, r := range reports {
		if r.State != ReportCancelled && (r.State != ReportApproved || r.Missed()) {
			last = r.For()
			break
		}
	}
	hours := p.Hours
	if hours.Zone == nil {
		hours.Zone = p.Zone
	}
	return p.Rhythm.Due(last, now, hours)
}

// Contact returns the contact who owns address, or nil.
func (p *Project) Contact(address string) *Contact {
	for i := range p.Contacts {
		for _, a := range p.Contacts[i].Addresses {
			if sameMailbox(a, address) {
				return &p.Contacts[i]
			}
		}
	}
	return nil
}

// Belongs reports whether address is one of the project's contacts or of its
// client's domains. Only such a sender is let into the project's threads.
func (p *Project) Belongs(address string) bool {
	if p.Contact(address) != nil {
		return true
	}
	domain := Domain(address)
	for _, d := range p.Domains {
		if domain != "" && (strings.EqualFold(d, domain) || strings.HasSuffix(domain, "."+strings.ToLower(d))) {
			return true
		}
	}
	return false
}

// Directory is everyone and every project as configured at one moment. It is
// never changed; a new configuration is a new Directory.
type Directory struct {
	Projects []Project // sorted by key
	People   []Person
	Ours     []string // addresses that are ours beside those of people and projects

	ours    map[string]bool
	choices Choices
}

// NewDirectory indexes the configured projects, people and own addresses.
func NewDirectory(projects []Project, people []Person, ours []string) *Directory {
	d := &Directory{Projects: projects, People: people, Ours: ours, ours: map[string]bool{}}
	sort.Slice(d.Projects, func(i, j int) bool { return d.Projects[i].Key < d.Projects[j].Key })
	for _, a := range ours {
		d.ours[strings.ToLower(a)] = true
	}
	for _, p := range people {
		for _, a := range p.Addresses {
			d.ours[strings.ToLower(a)] = true
		}
	}
	for _, p := range projects {
		if p.Address != "" {
			d.ours[strings.ToLower(p.Address)] = true
		}
	}
	return d
}

// Project returns the project with that key (letter case aside), or nil.
func (d *Directory) Project(key string) *Project {
	for i := range d.Projects {
		if strings.EqualFold(d.Projects[i].Key, key) {
			return &d.Projects[i]
		}
	}
	return nil
}

// IsOurs reports whether address is one of our own, a plus part aside:
// reply+token@us.example is reply@us.example.
func (d *Directory) IsOurs(address string) bool {
	return d.ours[strings.ToLower(WithoutTag(address))] || d.ours[strings.ToLower(address)]
}

// Person returns the person with that login, or nil.
func (d *Directory) Person(login string) *Person {
	for i := range d.People {
		if strings.EqualFold(d.People[i].Login, login) {
			return &d.People[i]
		}
	}
	return nil
}

// PersonAt returns the person with that mail address, or nil.
func (d *Directory) PersonAt(address string) *Person {
	for i := range d.People {
		if slices.ContainsFunc(d.People[i].Addresses, func(a string) bool { return sameMailbox(a, address) }) {
			return &d.People[i]
		}
	}
	return nil
}

// Domain is the part after the last @, in lower case, "" if there is none.
func Domain(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return ""
	}
	return strings.ToLower(address[i+1:])
}

// WithoutTag removes the plus part of the local part (RFC 5233 subaddress).
func WithoutTag(address string) string {
	at := strings.LastIndexByte(address, '@')
	if plus := strings.IndexByte(address, '+'); plus > 0 && plus < at {
		return address[:plus] + address[at:]
	}
	return address
}
