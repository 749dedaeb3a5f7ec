package ingest

import (
	"context"
	"sort"

	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

// routed is a mail whose place is decided.
type routed struct {
	*parsed
	author    author
	project   *threads.Project // nil while in the tray
	evidence  []threads.Evidence
	tray      *threads.Tray
	direction threads.Direction
	letters   []threads.Letter // whose signed reply address it carries
	outcome   *threads.Outcome
	twin      bool                 // the same mail is filed already, with other trace fields
	usedID    bool                 // another mail is filed under its Message-ID
	answered  []string             // ids of letters it answers by their reply address alone
	sent      []threads.SentLetter // what it may quote
	earlier   []threads.Message    // of the same person

	corrections []extract.Example // sentences of its client that managers have corrected
}

// route decides to which project a mail belongs, or why that is not certain.
func (b *batch) route(ctx context.Context, x *parsed) (routed, error) {
	r := routed{parsed: x, direction: threads.In}
	if x.stored {
		return r, nil
	}
	if own, err := b.ownCopy(ctx, x); own != nil || err != nil {
		if own != nil {
			r = *own
		}
		return r, err
	}
	r.author = b.authorOf(x)
	e, letters, err := b.collect(ctx, x, &r.author)
	if err != nil {
		return r, err
	}
	r.letters = letters
	if key := x.Project; key != "" {
		e.add("import", key, scoreImport, "imported into this project by hand")
	}
	b.decide(&r, e)
	b.holdForged(&r)
	if r.author.ours && r.author.forward == nil && b.toClient(x.mail) {
		r.direction = threads.Out
	}
	if err := b.findOutcome(ctx, &r); err != nil {
		return r, err
	}
	if r.project == nil {
		return r, nil
	}
	if err := b.findTwin(ctx, &r); err != nil {
		return r, err
	}
	r.answered = b.answered(&r)
	b.remember(&r)
	if r.earlier, err = b.earlier(ctx, &r); err != nil {
		return r, err
	}
	r.sent, err = b.sentLetters(ctx, &r)
	return r, err
}

// answered are the ids of the letters whose reply address a mail carries, when
// its program keeps no references, or only some that nobody here knows.
func (b *batch) answered(r *routed) (ids []string) {
	for _, id := range r.about() {
		for _, k := range b.known[id] {
			if k.Project == r.project.Key {
				return nil
			}
		}
	}
	for _, l := range r.letters {
		if l.Project == r.project.Key {
			ids = append(ids, l.MessageID)
		}
	}
	return ids
}

// decide weighs the evidence. What names a project that the author does not
// belong to counts against every other one: mail that answers a letter of A is
// not filed in B because its sender is known there.
func (b *batch) decide(r *routed, e *evidence) {
	let, held := map[string]int{}, 0
	for _, v := range e.list {
		if b.mayEnter(r, e, v.Project) {
			let[v.Project] += v.Score
		}
	}
	for project, score := range e.claims {
		if _, ok := let[project]; !ok {
			held = max(held, score)
		}
	}
	order := ranked(let)
	sort.SliceStable(e.list, func(i, j int) bool { return e.list[i].Score > e.list[j].Score })
	r.evidence = e.list
	switch {
	case len(order) == 0:
		r.tray = b.nobody(r, e)
	case held > bestClaim(e, let):
		r.tray = b.notOfProject(r, e, let)
	case let[order[0]] < threshold:
		r.tray = trayNoProject(e)
	case len(order) > 1 && let[order[0]]-let[order[1]] < margin:
		r.tray = b.ambiguous(r, order, let)
	default:
		r.project = b.dir.Project(order[0])
	}
}

// ranked are the projects with the best in front.
func ranked(scores map[string]int) []string {
	var order []string
	for project := range scores {
		order = append(order, project)
	}
	sort.Slice(order, func(i, j int) bool {
		a, b := order[i], order[j]
		return scores[a] > scores[b] || scores[a] == scores[b] && a < b
	})
	return order
}

// bestClaim is the best that names one of the projects outright.
func bestClaim(e *evidence, projects map[string]int) int {
	best := 0
	for project := range projects {
		best = max(best, e.claims[project])
	}
	return best
}

// mayEnter reports whether the mail may be let into a project at all. No score
// makes up for a sender who does not belong to it.
func (b *batch) mayEnter(r *routed, e *evidence, key string) bool {
	p := b.dir.Project(key)
	switch {
	case p == nil:
		return false
	case r.Project != "":
		return key == r.Project
	case r.author.ours || r.author.belongs(p):
		return true
	}
	// A bounce, delay or receipt comes from a mail server or from where the
	// letter was forwarded to. It may enter if it is about a letter to this
	// project, or about mail to a contact and comes from a mail server at all.
	// It has no items, and its text is folded away.
	return r.aboutDelivery() &&
		(b.aboutOurMail(r.parsed, r.letters, key) || fromMailServer(r.author.Address) && aboutContact(r.parsed, p))
}

// aboutOurMail reports whether a machine's mail names one that we sent.
func (b *batch) aboutOurMail(x *parsed, letters []threads.Letter, key string) bool {
	for _, l := range letters {
		if l.Project == key {
			return true
		}
	}
	for _, id := range x.about() {
		for _, k := range b.known[id] {
			if k.Project == key && k.Direction == threads.Out {
				return true
			}
		}
	}
	return false
}

func aboutContact(x *parsed, p *threads.Project) bool {
	for _, d := range x.deliveries {
		if p.Belongs(d.Recipient) {
			return true
		}
	}
	return false
}

// fromMailServer reports whether an address is one under which mail servers
// write (RFC 5321 section 4.5.1, RFC 2142 section 5), or none at all.
func fromMailServer(a mail.Address) bool {
	switch localPart(a.Address) {
	case "", "mailer-daemon", "postmaster", "mail-daemon", "mdaemon":
		return true
	}
	return false
}
