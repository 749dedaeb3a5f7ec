package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"rapport/mail"
	"rapport/threads"
)

// findTwin recognises a mail that has come before in another way: through a
// second mailbox, a list, or an import of what was fetched. Servers have put
// other trace fields on top of it, and an mbox has other line ends, so its bytes
// differ; it is stored like any mail, but its items are counted once.
// A used Message-ID above other content is another mail, and the id does not
// tell its thread; only a list that has added its footer keeps the Date.
func (b *batch) findTwin(ctx context.Context, r *routed) error {
	id := r.mail.MessageID
	if id == "" || r.project == nil {
		return nil
	}
	used := false
	for _, k := range b.known[id] {
		if k.Project != r.project.Key || k.Direction != threads.In {
			continue
		}
		raw := k.raw
		if raw == nil && k.Message == "" {
			continue // large, and not filed yet
		}
		if raw == nil {
			var err error
			raw, err = b.p.archive.Raw(ctx, k.Message)
			if errors.Is(err, threads.ErrNotFound) {
				continue
			}
			if err != nil {
				return fmt.Errorf("look at message %s: %w", k.Message, err)
			}
		}
		if bytes.Equal(raw, r.Raw) {
			return nil // the mail itself, read again
		}
		if sameMail(r.Raw, raw, b.p.limits) {
			r.twin = true
			r.faults = append(r.faults, threads.Fault{Code: "same-mail", Detail: "the same mail has come before in another way; what it says is noted there"})
			return nil
		}
		head, _ := cutHeader(raw)
		used = used || mail.Parse(head, b.p.limits).Header.Get("Date") != r.mail.Header.Get("Date")
	}
	if used {
		r.usedID = true
		r.faults = append(r.faults, threads.Fault{Code: "message-id-used", Detail: "another mail has come before under the same Message-ID; both are kept, and only references tell the thread of this one"})
	}
	return nil
}

// sameMail reports whether two mails differ in nothing but trace fields and
// line ends.
func sameMail(a, b []byte, limits mail.Limits) bool {
	aHead, aBody := cutHeader(a)
	bHead, bBody := cutHeader(b)
	if !sameLines(aBody, bBody) {
		return false
	}
	x, y := mail.Parse(aHead, limits), mail.Parse(bHead, limits)
	for _, name := range []string{"From", "Sender", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding"} {
		if x.Header.Get(name) != y.Header.Get(name) {
			return false
		}
	}
	return true
}

// sameLines reports whether two bodies differ in line ends only, and in how many
// empty ones stand at the end.
func sameLines(a, b []byte) bool {
	a, b = bytes.TrimRight(a, "\r\n"), bytes.TrimRight(b, "\r\n")
	for {
		lineA, restA, moreA := bytes.Cut(a, []byte("\n"))
		lineB, restB, moreB := bytes.Cut(b, []byte("\n"))
		if !bytes.Equal(bytes.TrimSuffix(lineA, []byte("\r")), bytes.TrimSuffix(lineB, []byte("\r"))) || moreA != moreB {
			return false
		}
		if !moreA {
			return true
		}
		a, b = restA, restB
	}
}

// cutHeader splits a mail at its first empty line.
func cutHeader(raw []byte) (head, body []byte) {
	for i := 0; i < len(raw); {
		end := bytes.IndexByte(raw[i:], '\n')
		if end < 0 {
			break
		}
		if isBlank(raw[i : i+end]) {
			return raw[:i+end+1], raw[i+end+1:]
		}
		i += end + 1
	}
	return raw, nil
}
