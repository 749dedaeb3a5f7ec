package ingest

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// The causes for which mail waits in the tray.
const (
	unknownSender = "unknown-sender"
	notOfProject  = "not-of-project"
	ambiguous     = "ambiguous"
	noProject     = "no-project"
	forged        = "forged"
)

// nobody is the cause when no project may take the mail.
func (b *batch) nobody(r *routed, e *evidence) *threads.Tray {
	if r.author.ours {
		return trayNoProject(e)
	}
	if len(e.claims) > 0 {
		return b.notOfProject(r, e, nil)
	}
	if len(r.author.all) == 1 && b.dir.NotOurs(r.author.Address.Address) {
		return &threads.Tray{Cause: threads.TrayNotOurs, Words: "It was decided before that mail of " + r.author.words() + " is not ours."}
	}
	if r.aboutDelivery() && fromMailServer(r.author.Address) {
		return &threads.Tray{Cause: noProject, Words: "It reports on a mail that did not go from here to a client."}
	}
	t := &threads.Tray{Cause: unknownSender, Words: r.author.words() + " is no contact of any project, and not of a client's domain."}
	if project, why := e.byItsNames(); project != "" {
		t.Proposal, t.Words = project, t.Words+why+" Make sure who wrote it before you file it there."
	}
	return t
}

// notOfProject is the cause when the mail names a project that its sender does
// not belong to. The words name what it claims, since that is how strangers
// try to get in.
func (b *batch) notOfProject(r *routed, e *evidence, let map[string]int) *threads.Tray {
	claimed := ""
	for _, project := range ranked(e.claims) {
		if _, ok := let[project]; !ok {
			claimed = project
			break
		}
	}
	var why []string
	for _, v := range e.list {
		if v.Project == claimed && v.Kind != "name" {
			why = append(why, v.Detail)
		}
	}
	return &threads.Tray{
		Cause:    notOfProject,
		Words:    fmt.Sprintf("The mail points to %s (%s), but %s does not belong to it. Make sure who wrote it before you file it there.", claimed, strings.Join(why, "; "), r.author.words()),
		Proposal: claimed,
	}
}

func (b *batch) ambiguous(r *routed, order []string, scores map[string]int) *threads.Tray {
	var near []string
	for _, project := range order {
		if scores[order[0]]-scores[project] < margin {
			near = append(near, project)
		}
	}
	t := &threads.Tray{Cause: ambiguous, Words: fmt.Sprintf("%s may mean %s, and nothing in the mail tells which one for sure.", r.author.words(), strings.Join(near, " or "))}
	if scores[order[0]] > scores[order[1]] {
		t.Proposal = order[0]
	}
	return t
}

func trayNoProject(e *evidence) *threads.Tray {
	project, why := e.byItsNames()
	return &threads.Tray{Cause: noProject, Words: "Nothing in the mail says for sure which project it belongs to." + why, Proposal: project}
}

// words is how the tray calls the author. The address always stands there: a
// name alone is what impostors borrow.
func (a *author) words() string {
	switch {
	case a.Address.Address == "":
		return "A sender without a readable address"
	case a.Name == "" || a.Name == a.Address.Address:
		return a.Address.Address
	}
	return a.Name + " <" + a.Address.Address + ">"
}

func localPart(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return strings.ToLower(local)
}
