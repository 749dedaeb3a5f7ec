package compose

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/threads"
)

// term is a name that belongs to another client.
type term struct {
	text string
	what string // what it is, for people
	code string
}

// otherClients: nothing of one client is shown to another, not even that it is
// one. Names that belong to this project too are no trouble.
func otherClients(c *checker) {
	if c.Directory == nil {
		return
	}
	own := map[string]bool{}
	for _, t := range termsOf(c.Project) {
		own[strings.ToLower(t.text)] = true
	}
	said := map[string]bool{}
	for i := range c.Directory.Projects {
		p := &c.Directory.Projects[i]
		if strings.EqualFold(p.Key, c.Project.Key) {
			continue
		}
		for _, t := range termsOf(p) {
			if own[strings.ToLower(t.text)] || said[t.text] || c.Project.Belongs(t.text) {
				continue
			}
			if line, where, found := c.mentions(t.text); found {
				said[t.text] = true
				severity := Error
				if t.code == "other-project" {
					severity = Warning
				}
				c.find(severity, t.code, line, fmt.Sprintf("%s is %s of another project%s", t.text, t.what, where), "remove it; nothing of one client is shown to another")
			}
		}
	}
}

// termsOf are the names by which a project, its client and people are known.
// A project's plain name, such as "Web shop", is no secret by itself.
func termsOf(p *threads.Project) []term {
	out := []term{{p.Client, "the client", "other-client"}, {p.Key, "the key", "other-client"}}
	code := "other-project"
	if len(strings.Fields(p.Name)) > 2 || p.Client != "" && strings.Contains(p.Name, p.Client) {
		code = "other-client"
	}
	out = append(out, term{p.Name, "the name", code}, term{p.Address, "an address of ours", "other-client"})
	for _, d := range p.Domains {
		out = append(out, term{d, "a domain", "other-client"})
	}
	for _, k := range p.Contacts {
		out = append(out, term{k.Name, "a contact", "other-client"})
		for _, a := range k.Addresses {
			out = append(out, term{a, "an address", "other-client"})
		}
	}
	kept := out[:0]
	for _, t := range out {
		if utf8.RuneCountInString(t.text) >= 2 && len(t.text) >= 4 {
			kept = append(kept, t)
		}
	}
	return kept
}

// mentions looks for a name in all that a client would see: subject, text,
// links, and the names of files.
func (c *checker) mentions(name string) (line int, where string, found bool) {
	if hasName(c.rendered.Subject, name) {
		return c.locate(1, name), " (in the subject)", true
	}
	for _, f := range c.rendered.Files {
		if hasName(fileWords(f.Name), fileWords(name)) {
			return c.locate(1, f.Name), " (in the name of a file)", true
		}
	}
	for _, p := range c.passages {
		if hasName(c.plain(p.text), name) {
			return c.locate(p.line, name), "", true
		}
	}
	eachInline(c.doc, func(n *inline) {
		if (n.kind == link || n.kind == picture) && !found && hasName(fileWords(n.text), fileWords(name)) {
			line, where, found = n.line, " (in a link)", true
		}
	})
	if !found && hasName(c.rendered.Text, name) { // code, or what a block adds
		return 0, "", true
	}
	return line, where, found
}

// fileWords are the words of a file's name or an address, with blanks between
// them: Meridian_Logistics-plan.csv and MeridianLogistics.csv name the client.
func fileWords(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !word || unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		if word {
			b.WriteRune(r)
		}
		before = r
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// hasName finds a name as whole words, letter case aside.
func hasName(s, name string) bool {
	return threads.HasName(strings.ToLower(s), strings.ToLower(name))
}
