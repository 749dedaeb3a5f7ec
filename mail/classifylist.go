package mail

import "strings"

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
