package mail

import "strings"

// textBounce recognises a bounce or a delay notice without RFC 3464 parts: a
// mail system or an empty return path says in words that mail did not arrive.
func textBounce(c *clues) Verdict {
	marked := c.h.has("X-Failed-Recipients") || c.h.has("X-MS-Exchange-Message-Is-Ndr")
	system := c.daemon() || c.systemName()
	if !marked && !system && !c.null {
		return Verdict{}
	}
	text := strings.ToLower(ownWords(c.m.Text))
	failed := containsAny(c.subject, failSubjects)
	spoken := containsAny(text, failTexts)
	late := containsAny(c.subject, delayTexts) || containsAny(text, delaySentences)
	reason := ""
	switch {
	case marked:
		reason = "header X-Failed-Recipients or of an undeliverable notice"
	case system && (failed || spoken || late):
		reason = "a mail system says that mail was not delivered"
	case c.null && !IsReply(c.m.Subject) && failed && spoken:
		reason = "an empty return path, and the words of a bounce"
	default:
		return Verdict{}
	}
	if late && !containsAny(text, []string{"permanent", "failed permanently", "giving up", "given up"}) {
		return Verdict{ClassDelay, reason + " yet"}
	}
	return Verdict{ClassBounce, reason}
}

func (c *clues) systemName() bool {
	if len(c.m.From) == 0 {
		return false
	}
	name := strings.ToLower(c.m.From[0].Name)
	return strings.Contains(name, "mail delivery s") || strings.Contains(name, "mailer-daemon") || strings.Contains(name, "mail administrator") ||
		name == "microsoft outlook" && c.null || strings.Contains(name, "系统退信") || strings.Contains(name, "postmaster")
}

// textReceipt recognises receipts of programs that send no RFC 8098 part.
func textReceipt(c *clues) Verdict {
	if c.human || len(c.m.Text) > 2000 {
		return Verdict{}
	}
	if startsWithAny(c.subject, receiptSubjects) && containsAny(strings.ToLower(c.m.Text), receiptTexts) {
		return Verdict{ClassReceipt, "the subject and the words of a read receipt"}
	}
	return Verdict{}
}

// textReceiptDelivery is what a receipt in words says: whoever writes it has
// read the mail, or deleted it.
func textReceiptDelivery(m *Message) []Delivery {
	if len(m.From) == 0 {
		return nil
	}
	action := "displayed"
	if text := strings.ToLower(m.Subject + "\n" + m.Text); containsAny(text, unreadTexts) {
		action = "deleted"
	}
	return []Delivery{{Recipient: m.From[0].Address, Action: action}}
}
