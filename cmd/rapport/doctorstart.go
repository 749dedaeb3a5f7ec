package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/ingest"
	"rapport/threads"
)

// first says of a mailbox that was never read what will be read of it, and what
// will be done to it, before that happens.
func (v *imapVisit) first(ctx context.Context, s ingest.Session) {
	if v.d.store == nil {
		return // what is wrong with the archive is told elsewhere
	}
	read, err := v.d.store.Mailboxes(ctx)
	if err != nil || slices.ContainsFunc(read, func(c threads.Cursor) bool { return c.Mailbox == v.m.Name && c.UIDValidity != 0 }) {
		return
	}
	there := count(int(s.Folder().Messages), "mail")
	words := fmt.Sprintf("it was never read; reading begins %s", begins(v.m.Start))
	switch start := v.m.Start; {
	case start.All:
		words += ": " + there
	case !start.Since.IsZero():
		uids, err := s.UIDs(ctx, 0, start.Since)
		if err != nil {
			v.wrong("imap.start", "", "it was never read, and the server does not tell what came since %s: %v", start, err)
			return
		}
		words += fmt.Sprintf(": %d of %s", len(uids), there)
	default:
		words += ": what is there now, " + there + ", is left out"
	}
	v.ok("imap.start", "%s; %s", words, done(v.m.After))
}

// done says what the folder policy does.
func done(after string) string {
	switch to, moves := strings.CutPrefix(after, "move "); {
	case moves:
		return fmt.Sprintf("what is filed is moved to the folder %q", strings.TrimSpace(to))
	case after == "seen":
		return "what is filed is marked as seen"
	}
	return "nothing on the server is moved or marked"
}
