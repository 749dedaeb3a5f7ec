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

// exchangeAway recognises the out-of-office reply of Exchange and Microsoft
// 365, which comes with the envelope of a bounce: empty, or postmaster@.
func exchangeAway(c *clues) Verdict {
	loop := c.h.has("X-MS-Exchange-Inbox-Rules-Loop") || strings.EqualFold(strings.TrimSpace(c.h.Get("X-MS-Exchange-Generated-Message-Source")), "Mailbox Rules Agent")
	switch {
	case c.human || !c.all:
		return Verdict{}
	case loop:
		return Verdict{ClassOutOfOffice, "Exchange's headers of an automatic reply (X-Auto-Response-Suppress: All, inbox rules)"}
	case startsWithAny(c.subject, exchangeReplies):
		return Verdict{ClassOutOfOffice, "X-Auto-Response-Suppress: All with the subject of an automatic reply"}
	}
	return Verdict{}
}

// declaredAuto reads Auto-Submitted.
func declaredAuto(c *clues) Verdict {
	word := autoSubmitted(c.h)
	if word == "" || c.human {
		return Verdict{}
	}
	reason := "header Auto-Submitted: " + cutText(clean(word), 40)
	if strings.Contains(strings.ToLower(c.h.Get("Auto-Submitted")), "zimbra") {
		return Verdict{ClassOutOfOffice, reason + ", of Zimbra's vacation reply"}
	}
	if word != "auto-replied" && (c.h.has("List-Id") || c.h.has("List-Unsubscribe")) {
		return Verdict{} // a list's generated mail
	}
	return c.replied(reason)
}

// replied is an automatic reply; out of office if its subject says so.
func (c *clues) replied(reason string) Verdict {
	if away := c.awaySubject(); away != "" {
		return Verdict{ClassOutOfOffice, reason + `, and the subject says "` + away + `"`}
	}
	return Verdict{ClassAutoReply, reason}
}

// awaySubject is the word of absence in the part of the subject that the
// replying program wrote, not in the subject it replies to.
func (c *clues) awaySubject() string {
	own := c.subject
	if startsWithAny(own, autoReplies) {
		return ""
	}
	if i := strings.IndexAny(own, ":："); i > 0 {
		own = own[:i]
	}
	for _, w := range awayWords {
		if strings.Contains(own, w) {
			return w
		}
	}
	return ""
}

// autoHeaders are the marks of programs that answer by themselves.
var autoHeaders = []string{
	"X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponse", "X-Autoresponder", "X-Auto-Responder", "X-Mail-Autoreply",
	"X-AutoReply-From", "X-Autogenerated", "X-FC-Machinegenerated", "X-AMAZON-MAIL-RELAY-TYPE", "X-Vacation", "X-Cron-Env",
}

func markedAuto(c *clues) Verdict {
	if c.human {
		return Verdict{}
	}
	for _, name := range autoHeaders {
		if value := strings.ToLower(c.h.Get(name)); c.h.has(name) && value != "no" && value != "false" && value != "0" {
			return c.replied("header " + name)
		}
	}
	if strings.EqualFold(c.h.Get("Precedence"), "auto_reply") || strings.EqualFold(c.h.Get("X-Precedence"), "auto_reply") {
		return c.replied("header Precedence: auto_reply")
	}
	for _, to := range c.h.All("Delivered-To") {
		if strings.EqualFold(strings.TrimSpace(to), "autoresponder") {
			return c.replied("header Delivered-To: autoresponder")
		}
	}
	return Verdict{}
}

// subjectAuto reads replies that only their subject marks. The words must be a
// prefix with a colon: people write about out-of-office replies too.
func subjectAuto(c *clues) Verdict {
	if c.human {
		return Verdict{}
	}
	if startsWithAny(c.subject, awayReplies) {
		return Verdict{ClassOutOfOffice, "the subject begins as out-of-office replies do"}
	}
	if startsWithAny(c.subject, autoReplies) && !strings.HasPrefix(c.subject, "auto:") {
		return Verdict{ClassAutoReply, "the subject begins as automatic replies do"}
	}
	return Verdict{}
}

// startsWithAny reports whether a subject begins with one of the phrases, as a
// prefix of its own: a colon follows, another prefix, or nothing.
func startsWithAny(subject string, phrases []string) bool {
	for _, p := range phrases {
		rest, ok := strings.CutPrefix(subject, p)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		if rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, "re:") {
			return true
		}
	}
	return false
}

// textAuto reads replies that only their text marks, by its very first words.
func textAuto(c *clues) Verdict {
	if c.human || len(c.m.Text) > 3000 {
		return Verdict{}
	}
	first := strings.TrimLeft(c.first, "*[(（【※- ")
	for _, p := range autoOpenings {
		if strings.HasPrefix(first, p) {
			return Verdict{ClassAutoReply, `the text begins with "` + p + `"`}
		}
	}
	return Verdict{}
}

// list recognises newsletters and list traffic. A person who answers through a
// list that does nothing but pass mail on is a person.
func list(c *clues) Verdict {
	precedence := strings.ToLower(strings.TrimSpace(c.h.Get("Precedence")))
	id := c.h.has("List-Id") || c.h.has("Mailing-List") || c.h.has("X-Mailing-List")
	bulk := precedence == "bulk" || precedence == "junk" || c.h.has("List-Unsubscribe-Post") || c.h.has("X-Campaign-Id") || c.h.has("X-Campaign")
	answer := (c.h.has("In-Reply-To") || c.h.has("References")) && IsReply(c.m.Subject)
	switch {
	case bulk && (precedence == "bulk" || precedence == "junk"):
		return Verdict{ClassList, "header Precedence: " + precedence}
	case bulk:
		return Verdict{ClassList, "headers of a newsletter"}
	case id && answer:
		return Verdict{}
	case c.h.has("List-Id"):
		return Verdict{ClassList, "header List-Id"}
	case id:
		return Verdict{ClassList, "header Mailing-List"}
	case c.h.has("List-Unsubscribe") && !answer:
		return Verdict{ClassList, "header List-Unsubscribe"}
	case precedence == "list" && !answer:
		return Verdict{ClassList, "header Precedence: list"}
	}
	return Verdict{}
}

// machineSender recognises senders that nobody can answer.
func machineSender(c *clues) Verdict {
	switch {
	case c.human:
		return Verdict{}
	case c.daemon():
		return Verdict{ClassAutoReply, "the sender is " + c.from + ", a mail system"}
	case noReply(c.from):
		return Verdict{ClassAutoReply, "the sender is " + c.from + ", an address that nobody reads"}
	case c.null:
		return Verdict{ClassAutoReply, "an empty return path: the sender wants no answer"}
	case c.h.has("X-Loop") && c.h.has("X-Auto-Response-Suppress"):
		return Verdict{ClassAutoReply, "headers X-Loop and X-Auto-Response-Suppress"}
	}
	return Verdict{}
}

// daemon reports whether the sender is a mail system.
func (c *clues) daemon() bool {
	switch c.from {
	case "mailer-daemon", "mailerdaemon", "mail-daemon", "mdaemon", "postmaster", "mailer_daemon", "maildaemon", "mail_daemon", "autoresponder":
		return true
	}
	return strings.HasPrefix(c.from, "microsoftexchange") || strings.HasPrefix(c.from, "mailer-daemon")
}

// noReply reports whether a local part says that nobody reads it.
func noReply(local string) bool {
	word := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, local)
	for _, p := range []string{"noreply", "donotreply", "noresponse", "noresponder", "naoresponder", "nichtantworten", "keineantwort", "nepasrepondre", "dontreply"} {
		if strings.HasPrefix(word, p) {
			return true
		}
	}
	return false
}
