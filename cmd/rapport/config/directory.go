package config

import (
	"fmt"
	"net/url"
	"os"

	"rapport/threads"
)

// Directory is everyone and every project in the words of the house.
func (c *Config) Directory() *threads.Directory {
	var projects []threads.Project
	for _, p := range c.Projects {
		project := threads.Project{
			Key: p.Key, Name: p.Name, Client: p.Client, Domains: p.Domains, Address: p.Address,
			Language: p.Language, Languages: p.Languages, Zone: p.Zone.Location, Managers: p.Managers,
			Hours:     p.hours(),
			Rhythm:    threads.Rhythm{Every: p.Report.Every, Weekday: p.Report.Day.Day, At: p.Report.At, Sends: p.Report.Send == "due"},
			Retention: threads.Retention{AtLeast: p.Retention.AtLeast.Span, AtMost: p.Retention.AtMost.Span, Automatic: p.Retention.Automatic},
		}
		for _, contact := range p.Contacts {
			project.Contacts = append(project.Contacts, threads.Contact{
				Name: contact.Name, Addresses: contact.Addresses, Report: contact.GetsReports,
			})
		}
		projects = append(projects, project)
	}
	var people []threads.Person
	for _, p := range c.People {
		people = append(people, p.person())
	}
	ours := append([]string(nil), c.Agency.Addresses...)
	if c.SMTP.From != "" {
		ours = append(ours, c.SMTP.From)
	}
	return threads.NewDirectory(projects, people, ours)
}

// hours is when people at the client read mail.
func (p *Project) hours() threads.Hours {
	hours := threads.Hours{Zone: p.Zone.Location, From: p.Hours.From, Until: p.Hours.Until, Holidays: p.Hours.Holidays}
	for _, d := range p.Hours.Days {
		hours.Days = append(hours.Days, d.Day)
	}
	return hours
}

// ReplyAddress is where answers to a project's reports go: the project's own
// address, else our first one.
func (c *Config) ReplyAddress(project string) string {
	for _, p := range c.Projects {
		if p.Key == project && p.Address != "" {
			return p.Address
		}
	}
	if len(c.Agency.Addresses) > 0 {
		return c.Agency.Addresses[0]
	}
	return ""
}

// Skeleton is a project's own skeleton with its path, "" if it has none.
func (c *Config) Skeleton(project string) (text, path string, err error) {
	for _, p := range c.Projects {
		if p.Key == project && p.Skeleton != "" {
			b, err := os.ReadFile(p.Skeleton)
			if err != nil {
				return "", "", fmt.Errorf("the skeleton of %s cannot be read: %w", project, err)
			}
			return string(b), p.Skeleton, nil
		}
	}
	return "", "", nil
}

func withPassword(raw, password string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return "", fmt.Errorf("store.url has no user for the password; write it as postgres://user@host/database")
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String(), nil
}
