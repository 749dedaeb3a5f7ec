package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/compose"
	"rapport/threads"
)

// notice sends one of us a mail that no person has written, at once and without
// keeping it: a link for signing in must not lie in the archive. The body
// is Base64: a mail program may cut long lines, and with them an address in it.
func (h *house) notice(ctx context.Context, to, subject, text string) error {
	from := h.config.SMTP.From
	address := func(name, address string) string { return (&mail.Address{Name: name, Address: address}).String() }
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	raw, err := h.signed([]byte(strings.ReplaceAll(fmt.Sprintf(noticeMail,
		address("Rapport", from), address("", to), mime.BEncoding.Encode("utf-8", subject), time.Now().Format(time.RFC1123Z),
		strings.ToLower(rand.Text()), threads.Domain(from), lines(body)), "\n", "\r\n")))
	if err != nil {
		return err
	}
	sender, err := h.sender()
	if err != nil {
		return err
	}
	defer sender.Close()
	if out := sender.Submit(ctx, compose.Submission{From: from, To: to, Raw: raw}); out.State != threads.Taken {
		return fmt.Errorf("the mail server did not take it: %s", out.Words)
	}
	return nil
}

// noticeMail says in its header that a machine wrote it: nobody's absence note
// answers it (RFC 3834).
const noticeMail = `From: %s
To: %s
Subject: %s
Date: %s
Message-ID: <notice.%s@%s>
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
` + threads.LoopHeader + `: 1
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

%s`

// lines cuts Base64 to the length that RFC 2045 section 6.8 wants.
func lines(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return b.String() + s + "\n"
}

// signed is a mail with a DKIM signature, if the configuration has a key.
func (h *house) signed(raw []byte) ([]byte, error) {
	k := h.config.SMTP.DKIM
	if k.KeyFile == "" {
		return raw, nil
	}
	key, err := privateKey(k.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("the key to sign with cannot be used: %w", err)
	}
	var signed bytes.Buffer
	err = dkim.Sign(&signed, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: k.Domain, Selector: k.Selector, Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	return signed.Bytes(), err
}
