package main

import (
	"context"
	"net"
	"time"

	"rapport/ingest/authentic"
	"rapport/threads"
)

// newSenders finds out who mails come from. It keeps what DNS has said, so
// there is one for all pipelines.
func newSenders() *authentic.Checker {
	return authentic.New(authentic.Config{LookupTXT: names{net.DefaultResolver}.LookupTXT, Now: time.Now})
}

// authenticate finds out whether a mail comes from whom it says, as configured.
func (h *house) authenticate(ctx context.Context, in authentic.Input) *threads.Authentication {
	in.Servers = h.config().AuthservIDs(in.Mailbox)
	in.DNS = in.DNS && h.config().Authentication.Checked()
	return h.senders.Check(ctx, in)
}
