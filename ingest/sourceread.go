package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rapport/mail"
)

// source reads one file. What cannot be read is left out, with its reason; the
// error is the context's.
func (r *reader) source(s source) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if s.kind == mboxFile {
		return r.mbox(s)
	}
	defer func(before int64) { r.bytes = before + s.size }(r.bytes)
	if s.size > r.im.c.MaxSize {
		r.leaveOut(s.name, errTooLarge.Error())
		return nil
	}
	raw, err := os.ReadFile(s.path)
	if err != nil {
		r.leaveOut(s.name, err.Error())
		return nil
	}
	if len(raw) == 0 {
		r.leaveOut(s.name, "the file is empty")
		return nil
	}
	if s.kind != maildirMail && len(mail.Parse(header(raw), mail.Limits{}).Header) == 0 {
		r.leaveOut(s.name, "it is no mail: it does not begin with fields such as From: and Date:")
		return nil
	}
	return r.mail(raw, s.received(raw), s.name)
}

// mbox reads the mails of an mbox file one after the other.
func (r *reader) mbox(s source) error {
	f, err := os.Open(s.path)
	if err != nil {
		r.leaveOut(s.name, err.Error())
		return nil
	}
	defer f.Close()
	in, before := newMboxReader(f, r.im.c.MaxSize), r.bytes
	for n := 1; ; n++ {
		raw, at, err := in.next()
		r.bytes = before + in.read
		name := s.name + "#" + strconv.Itoa(n)
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, errTooLarge):
			r.leaveOut(name, err.Error())
			continue
		case err != nil:
			r.leaveOut(name, fmt.Sprintf("the rest of the file cannot be read: %v", err))
			return nil
		}
		if at.IsZero() {
			at = headerTime(raw)
		}
		if err := r.mail(raw, at, name); err != nil {
			return err
		}
	}
}

// received is when a mail in a file of its own came: a Maildir's file name
// begins with it; elsewhere the mail's own trace is better than the file's
// time, which is that of the last copy.
func (s source) received(raw []byte) time.Time {
	if s.kind == maildirMail {
		if at, ok := maildirTime(filepath.Base(s.path)); ok {
			return at
		}
	}
	if at := headerTime(raw); !at.IsZero() {
		return at
	}
	if info, err := os.Stat(s.path); err == nil {
		return info.ModTime().UTC()
	}
	return time.Time{}
}

// maildirTime reads the delivery time from a Maildir file name: seconds since
// 1970, then a dot.
func maildirTime(name string) (time.Time, bool) {
	digits, _, ok := strings.Cut(name, ".")
	seconds, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || seconds < 1e8 || seconds > 1e11 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// headerTime is the time of the topmost Received field, which our own server
// wrote, else the sender's Date.
func headerTime(raw []byte) time.Time {
	m := mail.Parse(header(raw), mail.Limits{})
	if trace := m.Header.Get("Received"); trace != "" {
		if i := strings.LastIndexByte(trace, ';'); i >= 0 {
			if at, err := netmail.ParseDate(strings.TrimSpace(trace[i+1:])); err == nil {
				return at.UTC()
			}
		}
	}
	return m.Date.UTC()
}

// header is the beginning of a mail up to the empty line behind its fields.
func header(raw []byte) []byte {
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n")
	raw = raw[:min(len(raw), 64<<10)]
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(string(raw), end); i >= 0 {
			return raw[:i+len(end)]
		}
	}
	return raw
}
