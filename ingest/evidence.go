package ingest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// What each kind of evidence weighs. A contact or a domain of one project is
// enough alone; of two projects it decides nothing, and what names a project
// outright does. Names in the text never decide, they only make a proposal.
const (
	scoreImport  = 1000 // the person who imports says so
	scoreToken   = 100  // the signed reply address of a letter
	scoreNearest = 80   // the mail that is answered
	scoreQuoted  = 60   // a signed reply address in quoted text or in an id
	scoreAddress = 50   // the project's own address
	scoreAround  = 40   // another mail of the thread
	scoreTag     = 40   // [KEY] in the subject
	scoreContact = 40
	scoreChoice  = 30 // a manager has filed this sender's mail there by hand
	scoreDomain  = 25
	scoreName    = 5

	threshold = 25 // less is not certain
	margin    = 15 // how far the second project must be behind
)

// evidence collects what speaks for which project.
type evidence struct {
	list   []threads.Evidence
	claims map[string]int // by project: the best that names the project outright
	names  map[string]int // by project: how many of its names the mail has
}

func (e *evidence) add(kind, project string, score int, format string, args ...any) {
	for i := range e.list {
		if old := &e.list[i]; old.Kind == kind && old.Project == project {
			if old.Score < score {
				old.Score, old.Detail = score, fmt.Sprintf(format, args...)
			}
			return
		}
	}
	e.list = append(e.list, threads.Evidence{Kind: kind, Project: project, Score: score, Detail: fmt.Sprintf(format, args...)})
}

// claim adds evidence that names the project outright.
func (e *evidence) claim(kind, project string, score int, format string, args ...any) {
	if e.claims == nil {
		e.claims = map[string]int{}
	}
	e.claims[project] = max(e.claims[project], score)
	e.add(kind, project, score, format, args...)
}

// collect looks for everything that speaks for a project.
func (b *batch) collect(ctx context.Context, x *parsed, a *author) (*evidence, []threads.Letter, error) {
	e := &evidence{}
	letters, err := b.byToken(ctx, x, e)
	if err != nil {
		return nil, nil, err
	}
	b.byReference(x, a, e)
	b.byAddress(x, e)
	b.bySubject(x, a, e)
	b.byAuthor(a, e)
	b.byClient(x, a, e)
	b.byChoice(a, e)
	b.byRecipientOfBounce(x, e)
	b.byName(x, e)
	return e, letters, nil
}

// byToken finds letters by their signed reply address, the surest first.
func (b *batch) byToken(ctx context.Context, x *parsed, e *evidence) ([]threads.Letter, error) {
	places := []struct {
		letters []string
		score   int
		words   string
	}{
		{b.p.tokensIn(recipients(x.mail)), scoreToken, "sent to the signed reply address of letter %s"},
		{b.p.tokensIn(b.returnedAddresses(x)), scoreToken, "it gives back letter %s with its signed reply address"},
		{b.p.tokensInText(strings.Join(x.mail.References, " ")), scoreQuoted, "its references carry the signed reply address of letter %s"},
		{b.p.tokensInText(x.mail.Text), scoreQuoted, "it quotes the signed reply address of letter %s"},
	}
	var letters []threads.Letter
	seen := map[string]bool{}
	for _, place := range places {
		for _, id := range place.letters {
			if seen[id] {
				continue
			}
			seen[id] = true
			letter, err := b.p.archive.LetterRaw(ctx, id)
			if errors.Is(err, threads.ErrNotFound) {
				continue // signed by us, but this archive does not have it
			}
			if err != nil {
				return nil, fmt.Errorf("look up letter %s: %w", id, err)
			}
			e.claim("reply-address", letter.Project, place.score, place.words, letter.ID)
			letters = append(letters, letter)
		}
	}
	return letters, nil
}

// returnedAddresses are the reply addresses of the letter in a bounce.
func (b *batch) returnedAddresses(x *parsed) []string {
	var out []string
	if returned := x.returned(); returned != nil {
		for _, a := range returned.ReplyTo {
			out = append(out, a.Address)
		}
	}
	return out
}

// byReference looks up the mails that this one answers or reports on.
func (b *batch) byReference(x *parsed, a *author, e *evidence) {
	ids := x.about()
	if a.inner != nil {
		ids = append(ids, capped(a.inner.References)...)
		ids = distinct(append(ids, a.inner.MessageID))
	}
	for i, id := range ids {
		for _, k := range b.known[id] {
			switch {
			case k.Project == "":
			case i == len(ids)-1:
				e.claim("reference", k.Project, scoreNearest, "about a mail of this project, %s", id)
			default:
				e.claim("reference", k.Project, scoreAround, "its thread has a mail of this project, %s", id)
			}
		}
	}
}

// byAddress looks for the projects' own addresses among the recipients.
func (b *batch) byAddress(x *parsed, e *evidence) {
	for _, to := range recipients(x.mail) {
		for i := range b.dir.Projects {
			p := &b.dir.Projects[i]
			if p.Address != "" && strings.EqualFold(threads.WithoutTag(to), p.Address) {
				e.claim("our-address", p.Key, scoreAddress, "written to %s", p.Address)
			}
		}
	}
}

// tag is a project's key in brackets.
var tag = regexp.MustCompile(`[\[［【]\s*([A-Za-z0-9][A-Za-z0-9_-]{0,63})\s*[\]］】]`)

// bySubject looks for project keys in brackets.
func (b *batch) bySubject(x *parsed, a *author, e *evidence) {
	subjects := []string{x.mail.Subject}
	if returned := x.returned(); returned != nil {
		subjects = append(subjects, returned.Subject)
	}
	if a.forward != nil {
		subjects = append(subjects, a.forward.Subject)
	}
	for _, s := range subjects {
		for _, found := range tag.FindAllStringSubmatch(s, 10) {
			if p := b.dir.Project(found[1]); p != nil {
				e.claim("subject-tag", p.Key, scoreTag, "the subject says [%s]", p.Key)
			}
		}
	}
}

// byAuthor looks whose contact, or whose domain, the author is.
func (b *batch) byAuthor(a *author, e *evidence) {
	for i := range b.dir.Projects {
		p := &b.dir.Projects[i]
		if !a.belongs(p) {
			continue
		}
		if c := p.Contact(a.Address.Address); c != nil {
			e.add("contact", p.Key, scoreContact, "%s is a contact of the project", c.Name)
		} else {
			e.add("domain", p.Key, scoreDomain, "%s is a domain of the client", threads.Domain(a.Address.Address))
		}
	}
}

// byClient looks whose contact, or whose domain, one of us has written to.
func (b *batch) byClient(x *parsed, a *author, e *evidence) {
	if !a.ours || a.forward != nil {
		return
	}
	for _, list := range [][]mail.Address{x.mail.To, x.mail.Cc, x.mail.Bcc} {
		for _, to := range list {
			b.byPerson(to.Address, "written to", e)
		}
	}
}

// byPerson adds whose contact, or whose domain, an address is.
func (b *batch) byPerson(address, how string, e *evidence) {
	for i := range b.dir.Projects {
		p := &b.dir.Projects[i]
		if c := p.Contact(address); c != nil {
			e.add("contact", p.Key, scoreContact, "%s %s, a contact of the project", how, c.Name)
		} else if p.Belongs(address) {
			e.add("domain", p.Key, scoreDomain, "%s the client's domain %s", how, threads.Domain(address))
		}
	}
}

// byChoice asks where a manager has filed mail of this author before. It tells
// projects apart of which the author is a contact anyway.
func (b *batch) byChoice(a *author, e *evidence) {
	p := b.dir.Project(b.dir.FiledBefore(a.Address.Address))
	if p != nil && a.belongs(p) {
		e.add("choice", p.Key, scoreChoice, "earlier mail of %s was filed here by hand", a.Address.Address)
	}
}

// byRecipientOfBounce looks whose contact a bounce or receipt is about.
func (b *batch) byRecipientOfBounce(x *parsed, e *evidence) {
	for _, d := range x.deliveries {
		b.byPerson(d.Recipient, "it is about mail to", e)
	}
}

// has reports whether anything speaks for a project.
func (e *evidence) has(project string) bool {
	for _, v := range e.list {
		if v.Project == project {
			return true
		}
	}
	return false
}
