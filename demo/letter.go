package demo

import (
	"bytes"
	"fmt"
	"io"
	gomail "net/mail"
	"strings"
	"time"
)

// Letter is one letter that the sink has accepted in one SMTP transaction.
type Letter struct {
	Number     int
	Recipients []string // of the envelope
	MessageID  string   // without angle brackets
	Raw        []byte   // exactly as submitted
}

func letterOf(a arrival) Letter {
	id := strings.Trim(header(a.raw).Get("Message-Id"), "<> ")
	return Letter{a.number, strings.Split(a.name, ","), id, a.raw}
}

// forUs reports whether a copy for our own mailbox was asked for.
func (l Letter) forUs() bool {
	for _, r := range l.Recipients {
		if strings.EqualFold(r, Mailbox) {
			return true
		}
	}
	return false
}

// Client is the recipient who is not us; "" if there is none.
func (l Letter) Client() string {
	for _, r := range l.Recipients {
		if !strings.EqualFold(r, Mailbox) {
			return r
		}
	}
	return ""
}

// Twice returns the letters that a client got more than once: the same
// Message-ID at the same address. There must be none.
func Twice(letters []Letter) []Letter {
	seen := map[string]bool{}
	var twice []Letter
	for _, l := range letters {
		key := strings.ToLower(l.Client()) + " " + l.MessageID
		if seen[key] {
			twice = append(twice, l)
		}
		seen[key] = true
	}
	return twice
}

// copyOf is a letter as it lies in our own mailbox: the server's trace on top
// (RFC 5321 section 4.4), the letter's bytes below. It depends on the letter
// only, so that it is the same mail after each start.
func copyOf(raw []byte) []byte {
	trace := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\n"+
		"Received: from rapport by mail.northlight.example with ESMTPA;\r\n\t%s\r\n",
		Mailbox, Mailbox, dateOf(raw).Format(time.RFC1123Z))
	return append([]byte(trace), raw...)
}

// header reads a header section as far as it is readable.
func header(raw []byte) gomail.Header {
	m, err := gomail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return gomail.Header{}
	}
	return m.Header
}

// dateOf is the mail's own date, or a fixed one for a mail whose header is
// beyond reading.
func dateOf(raw []byte) time.Time {
	date, err := header(raw).Date()
	if err != nil {
		return time.Date(2026, time.November, 13, 8, 0, 0, 0, time.UTC)
	}
	return date
}

// literal is a mail as imapmemserver wants to be given one.
type literal struct {
	io.Reader
	size int64
}

func newLiteral(raw []byte) literal { return literal{bytes.NewReader(raw), int64(len(raw))} }
func (l literal) Size() int64       { return l.size }
