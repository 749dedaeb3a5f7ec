package threads

import "strings"

// TrayNotOurs is the cause of a tray entry that a manager has decided before:
// mail of this sender is not ours. It is kept, and shown only when asked for.
const TrayNotOurs = "not-ours"

// With is the directory together with what managers have decided about senders.
func (d *Directory) With(c Choices) *Directory {
	projects := append([]Project(nil), d.Projects...)
	for _, chosen := range c.Contacts {
		for i := range projects {
			if p := &projects[i]; strings.EqualFold(p.Key, chosen.Project) && p.Contact(chosen.Address) == nil {
				p.Contacts = append(p.Contacts[:len(p.Contacts):len(p.Contacts)], Contact{Name: chosen.Name, Addresses: []string{chosen.Address}})
			}
		}
	}
	out := NewDirectory(projects, d.People, d.Ours)
	out.choices = c
	return out
}

// FiledBefore is the key of the project in which a manager has filed mail of
// this sender by hand, "" if none has.
func (d *Directory) FiledBefore(address string) string {
	return d.choices.Filed[strings.ToLower(address)]
}

// NotOurs reports whether a manager has decided that mail of this sender is not
// ours.
func (d *Directory) NotOurs(address string) bool { return d.choices.NotOurs[strings.ToLower(address)] }

// PassedOn reports whether a manager has decided that a domain, such as a
// mailing list's, may pass on mail of this sender.
func (d *Directory) PassedOn(address, via string) bool {
	return via != "" && d.choices.PassedOn[[2]string{strings.ToLower(address), via}]
}
