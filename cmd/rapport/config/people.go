package config

import (
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

// allProjects stands for the key of every project.
const allProjects = "all"

func (k *checker) people() {
	seen := map[string]bool{}
	for i, p := range k.c.People {
		key := fmt.Sprintf("people[%d]", i)
		k.needed(key+".login", p.Login, "give a short name such as mara")
		k.needed(key+".name", p.Name, "write the name that clients read")
		if p.Role == "" {
			k.problem(key+".role", "is missing", "say what the person may do: admin, manager or auditor")
		} else {
			k.oneOf(key+".role", p.Role, "admin", "manager", "auditor")
		}
		if login := strings.ToLower(p.Login); login != "" && seen[login] {
			k.problem(key+".login", fmt.Sprintf("%q is there twice", p.Login), "give each person a login of their own")
		} else {
			seen[login] = true
		}
		for j, a := range p.Addresses {
			k.address(fmt.Sprintf("%s.addresses[%d]", key, j), a)
		}
		k.reach(key, p)
	}
}

// reach looks at what a person may read. A manager's projects are said with the
// projects, so that they are said once.
func (k *checker) reach(key string, p Person) {
	if p.Role != "auditor" {
		if len(p.Projects) > 0 {
			k.problem(key+".projects", "is for auditors", "name the person under managers of those projects; an admin has all")
		}
		if p.From.Set() || p.To.Set() {
			k.problem(key, "has days of mail, which are for auditors", "remove from and to; until ends anybody's access")
		}
		return
	}
	if len(p.Projects) == 0 {
		k.problem(key+".projects", "is missing", "list the keys of the projects that the auditor may read, or write [all]")
	}
	for _, project := range p.Projects {
		if project != allProjects && !slices.ContainsFunc(k.c.Projects, func(of Project) bool { return of.Key == project }) {
			k.problem(key+".projects", fmt.Sprintf("there is no project %q", project), "mend the key, or write [all]")
		}
	}
	if p.From.Set() && p.To.Set() && p.To.Before(p.From.Time) {
		k.problem(key+".to", "is before from", "write the last day of the mail that the auditor may read")
	}
}

// person is somebody in the words of the house. Days are meant whole, in UTC.
func (p Person) person() threads.Person {
	out := threads.Person{
		Login: p.Login, Name: p.Name, Addresses: p.Addresses, Role: p.Role,
		Projects: p.Projects, From: p.From.Time, To: p.To.after(), Until: p.Until.after(),
	}
	if slices.Contains(p.Projects, allProjects) {
		out.Projects = nil
	}
	return out
}
