package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"rapport/compose"
	"rapport/threads"
	"rapport/web"
)

// mailLink sends one of us a link for signing in, at once and without keeping
// it: it must not lie in the archive.
func (h *house) mailLink(ctx context.Context, m web.LinkMail) error {
	f, err := h.notifier()
	if err != nil {
		return err
	}
	var body strings.Builder
	for _, words := range m.Before {
		fmt.Fprintf(&body, "%s\n\n", compose.Escaped(words))
	}
	fmt.Fprintf(&body, "<%s>\n\n%s\n", m.Link, compose.Escaped(m.After))
	n, err := f.Unkept(threads.Notice{
		Key: "sign-in " + rand.Text(), Kind: threads.NoticeSignIn, To: m.To, Language: m.Language, Subject: m.Subject, Body: body.String(),
	})
	if err != nil {
		return err
	}
	sender, err := h.sender()
	if err != nil {
		return err
	}
	defer sender.Close()
	if out := sender.Submit(ctx, compose.Submission{From: h.config().SMTP.From, To: n.To.Address, Raw: n.Raw}); out.State != threads.Taken {
		return fmt.Errorf("the mail server did not take it: %s", out.Words)
	}
	return nil
}
