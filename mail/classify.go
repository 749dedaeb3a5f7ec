package mail

import (
	"strings"
)

// Class is who or what wrote a mail, in the words of threads.Class.
type Class string

// The classes that a mail shows by itself.
const (
	ClassPerson      Class = "person"
	ClassAutoReply   Class = "auto-reply"
	ClassOutOfOffice Class = "out-of-office"
	ClassBounce      Class = "bounce"
	ClassDelay       Class = "delay"
	ClassReceipt     Class = "receipt"
	ClassList        Class = "list"
)

// Verdict is a class and the signal that told it, in words.
type Verdict struct {
	Class  Class
	Reason string
}

// Classify tells who or what wrote a mail. One clear signal decides; those that
// people's mail has too, such as X-Auto-Response-Suppress, decide only
// together with another.
func Classify(m *Message) Verdict {
	c := cluesOf(m)
	for _, rule := range []func(*clues) Verdict{
		report,
		exchangeAway,
		textBounce,
		textReceipt,
		declaredAuto,
		markedAuto,
		subjectAuto,
		textAuto,
		list,
		machineSender,
	} {
		if v := rule(c); v.Class != "" {
			return v
		}
	}
	return Verdict{ClassPerson, "no sign of a machine"}
}

// clues is what the rules look at.
type clues struct {
	m       *Message
	h       Header
	subject string // lower case
	first   string // first line of the text, lower case
	from    string // local part of the sender, lower case
	human   bool   // Auto-Submitted: no, RFC 3834 section 5
	null    bool   // Return-Path: <>
	all     bool   // X-Auto-Response-Suppress: All
}

func cluesOf(m *Message) *clues {
	c := &clues{m: m, h: m.Header, subject: strings.ToLower(m.Subject)}
	for line := range strings.SplitSeq(m.Text[:min(len(m.Text), 2000)], "\n") {
		if c.first = strings.ToLower(strings.TrimSpace(line)); c.first != "" {
			break
		}
	}
	if len(m.From) > 0 {
		c.from, _, _ = strings.Cut(strings.ToLower(m.From[0].Address), "@")
	}
	c.human = autoSubmitted(m.Header) == "no"
	if m.Header.has("Return-Path") {
		path := strings.Join(strings.Fields(m.Header.Get("Return-Path")), "")
		c.null = path == "<>" || path == ""
	}
	for word := range strings.SplitSeq(m.Header.Get("X-Auto-Response-Suppress"), ",") {
		c.all = c.all || strings.EqualFold(strings.TrimSpace(word), "all")
	}
	return c
}

// autoSubmitted is the keyword of RFC 3834 section 5, without comments.
func autoSubmitted(h Header) string {
	word, _, _ := strings.Cut(h.Get("Auto-Submitted"), ";")
	word, _, _ = strings.Cut(word, "(")
	return strings.ToLower(strings.TrimSpace(word))
}

// report reads multipart/report: delivery reports and receipts say themselves
// what they are. A mail to which a person attached one has another type.
func report(c *clues) Verdict {
	typ := strings.ToLower(c.h.Get("Content-Type"))
	if !strings.HasPrefix(strings.TrimSpace(typ), "multipart/report") && !(c.daemon() || c.null) {
		if !strings.HasPrefix(typ, "message/delivery-status") && !strings.HasPrefix(typ, "message/disposition-notification") {
			return Verdict{}
		}
	}
	if hasPart(c.m, "message/disposition-notification") {
		return Verdict{ClassReceipt, "a disposition notification (RFC 8098)"}
	}
	if hasPart(c.m, "message/feedback-report") {
		return Verdict{ClassAutoReply, "a feedback report about a mail (RFC 5965)"}
	}
	failed, delayed, done := false, false, false
	for _, d := range reportDeliveries(c.m) {
		switch d.Action {
		case "failed":
			failed = true
		case "delayed":
			delayed = true
		case "delivered", "relayed", "expanded":
			done = true
		}
	}
	switch {
	case failed:
		return Verdict{ClassBounce, "a delivery report (RFC 3464) with action failed"}
	case delayed:
		return Verdict{ClassDelay, "a delivery report (RFC 3464) with action delayed"}
	case done:
		return Verdict{ClassReceipt, "a delivery report (RFC 3464) with action delivered"}
	}
	return Verdict{}
}

func hasPart(m *Message, typ string) bool {
	for i := range m.Parts {
		if m.Parts[i].Type == typ {
			return true
		}
	}
	return false
}
