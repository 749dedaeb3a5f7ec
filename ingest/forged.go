package ingest

import (
	"fmt"

	"rapport/threads"
)

// holdForged keeps mail out of its project if its domain's owner asks not to
// believe it: whoever knows a contact's address can write it into From. Mailing
// lists and forwarding look the same, so it waits in the tray with its place as
// the proposal, unless a manager lets whoever passed it on do so.
//
// Bounces and receipts are spared: they are seldom signed (their envelope has no
// sender), come in by other rules, and have nobody's words in them.
func (b *batch) holdForged(r *routed) {
	a := r.authentication
	if r.project == nil || r.Project != "" || a == nil || a.Verdict != threads.Forged || r.aboutDelivery() {
		return
	}
	from := r.author.Address
	if r.author.forwarder != nil {
		from = *r.author.forwarder // it is their mail, and the client's word is only in it
	}
	if b.dir.PassedOn(from.Address, a.Via) {
		r.evidence = append(r.evidence, threads.Evidence{Kind: "choice", Project: r.project.Key,
			Detail: fmt.Sprintf("its sender is not proven, but it was passed on by %s, which a manager allows for %s", a.Via, from.Address)})
		return
	}
	words := fmt.Sprintf("It says that it is from %s. %s", (&author{Address: from}).words(), a.Reason())
	if a.Via != "" {
		words += fmt.Sprintf(" It was sent by %s: a mailing list or forwarding may do that, and so may an impostor.", a.Via)
	}
	r.tray = &threads.Tray{Cause: forged, Words: words + " Ask them in another way before you file it.", Proposal: r.project.Key}
	r.project = nil
}
