package main

import (
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"rapport/mail"
)

// headersRead is how many of a folder's latest mails are looked at for the
// words of the server that stamps them.
const headersRead = 30

// senders looks whether our own server says who mail comes from, and whether
// its word is believed.
func (v *imapVisit) senders(messages uint32) {
	last := imap.SeqSet{}
	last.AddRange(messages-min(messages, headersRead)+1, messages)
	section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, Peek: true}
	mails, err := v.client.Fetch(last, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return // the poller tells what is wrong with reading
	}
	seen, believed := map[string]int{}, 0
	for _, m := range mails {
		h := mail.Parse(m.FindBodySection(section), mail.Limits{}).Header
		if id := mail.AuthServer(h); id != "" {
			seen[id]++
		}
		if len(mail.AuthResults(h, v.m.AuthservIDs)) > 0 {
			believed++
		}
	}
	v.authservs(seen, believed, len(mails))
}

// authservs tells what the last mails say of the configuration.
func (v *imapVisit) authservs(seen map[string]int, believed, of int) {
	most := ""
	for id, n := range seen {
		if n > seen[most] || n == seen[most] && id < most {
			most = id
		}
	}
	named := slices.ContainsFunc(v.m.AuthservIDs, func(id string) bool { return strings.EqualFold(id, most) })
	fix := "if " + most + " is your own mail server, add authserv_ids: [" + most + "] to the mailbox: then forged mail of contacts is held back; docs/authentication.md tells what to make sure of"
	switch {
	case most != "" && !named:
		v.warn("sender.authserv", fix, "%d of the last %s say by %s whether they come from whom they say, and nobody listens", seen[most], count(of, "mail"), most)
	case believed > 0:
		v.ok("sender.authserv", "%d of the last %s say by %s whether they come from whom they say", believed, count(of, "mail"), most)
	case len(v.m.AuthservIDs) > 0:
		v.warn("sender.authserv", "see what the Authentication-Results of a mail begin with, and mend authserv_ids", "none of the last %s has a word of %s", count(of, "mail"), strings.Join(v.m.AuthservIDs, ", "))
	case v.d.config().Authentication.Checked():
		v.note("sender.authserv", "turn SPF, DKIM and DMARC checks on at your mail server, if you can: it alone sees where mail comes from", "no server says whether mail comes from whom it says, so only its signatures are checked")
	default:
		v.warn("sender.authserv", "turn SPF, DKIM and DMARC checks on at your mail server, or set authentication.dkim: check", "nobody finds out whether mail comes from whom it says")
	}
}
