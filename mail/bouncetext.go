package mail

import (
	"regexp"
	"strings"
)

// The bounces and receipts that are written in words only.

// failWords are phrases of non-delivery, delayWords of delivery not yet done,
// in lower case, as mail systems write them.
var (
	failSubjects = []string{
		"undeliver", "delivery status notification", "failure notice", "returned mail", "mail delivery failed", "mail delivery failure", "delivery failure", "delivery has failed",
		"delivery failed", "mail delivery error", "mail system error", "message not delivered", "non-delivery", "nondeliverable", "could not be delivered", "returned to sender", "mail returned",
		"unzustellbar", "nicht zugestellt", "zustellung fehlgeschlagen", "nicht zustellbar", "non remis", "échec de la remise", "echec de remise", "non distribuable",
		"no se puede entregar", "no entregado", "no se ha podido entregar", "non recapitabile", "mancato recapito", "não entregue", "falha na entrega", "onbestelbaar", "niet bezorgd",
		"olevererbart", "niedoręczon", "niemożliwe do dostarczenia", "не доставлено", "недоставлен", "teslim edilemedi",
		"退信", "退回", "未送达", "无法送达", "投递失败", "发送失败", "未傳遞", "無法傳遞", "傳遞失敗", "无法传递", "未传递", "配信不能", "配信不可", "配信エラー", "送信失敗", "배달 못", "배달되지 않음", "반송", "the email is returned",
	}
	failTexts = []string{
		"could not be delivered", "couldn't be delivered", "wasn't able to deliver", "was not able to deliver", "unable to deliver", "delivery has failed", "has been returned", "delivery failed", "undeliverable",
		"did not reach the following", "failed permanently", "permanent error", "permanent fatal errors", "wasn't delivered", "was not delivered", "not delivered to", "failed to deliver", "address not found",
		"user unknown", "recipient rejected", "no such user", "unknown user", "does not exist", "mailbox unavailable", "mailbox is full", "mailbox full", "over quota",
		"konnte nicht zugestellt werden", "nachrichtenzustellung", "nicht übermittelt", "n'a pas pu être remis", "échec de la remise", "n’a pas pu être remis", "no se ha podido entregar", "no se pudo entregar", "error de entrega",
		"impossibile recapitare", "non è stato possibile recapitare", "não foi possível entregar", "kan niet worden bezorgd", "не удалось доставить", "не может быть доставлено",
		"退回", "退信", "无法送达", "无法投递", "投递失败", "未能送达", "未能投递", "未能向以下", "无法传递", "無法傳遞", "傳遞失敗", "不存在，邮件", "配信できません", "配信に失敗", "届きませんでした", "送信できません", "배달하지 못", "전달되지 못", "전송하지 못",
	}
	delayTexts = []string{
		"delivery delayed", "delayed", "delay", "warning: could not send message", "warning message only", "not yet been delivered", "not been delivered yet", "delivery attempts will continue", "will be retried", "will keep trying", "still being retried",
		"verzögert", "noch nicht zugestellt", "retardé", "retrasad", "ritardat", "atrasad", "vertraagd", "opóźnion", "задерж", "延迟", "延遲", "遅延", "지연",
	}
	delaySentences  = []string{"warning message only", "not yet been delivered", "not been delivered yet", "delivery attempts will continue", "will keep trying"}
	receiptSubjects = []string{
		"read", "not read", "gelesen", "lu", "leído", "letto", "lida", "gelezen", "läst", "已读", "已讀", "開封済み", "開封確認", "읽음", "прочтено",
		"return receipt", "read receipt", "empfangsbestätigung", "lesebestätigung",
	}
	receiptTexts = []string{
		"was read on", "was read by", "was deleted without being read", "has been read", "wurde gelesen", "wurde am", "a été lu", "fue leído", "se leyó",
		"è stato letto", "foi lida", "is gelezen", "被阅读", "已阅读", "已讀", "已读", "開封され", "読まれました", "읽었", "прочитано", "return receipt",
	}
)

func containsAny(s string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

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

// copyMarks begin the copy of the returned letter.
var copyMarks = []string{
	"------ this is a copy of", "this is a copy of the message", "--- below this line is a copy of the message", "below this line is a copy", "----- original message -----", "----- message header follows", "----- returned message",
	"-----original message-----", "--- original message", "----- the original message", "--- the header of the original", "----- unsent message", "---- 原邮件 ----", "---- 原邮件", "原邮件内容", "----- forwarded message", "original message headers:", "original message details", "message headers follow",
	"the body of the message is", "return-path: <",
}

// ownWords is the text of a bounce without the copy of the letter, at most the
// first 8 KB.
func ownWords(text string) string {
	text = text[:min(len(text), 8<<10)]
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		low := strings.ToLower(strings.TrimSpace(line))
		for _, mark := range copyMarks {
			if strings.HasPrefix(low, mark) {
				return text[:at]
			}
		}
		at += len(line)
	}
	return text
}

var (
	addressPattern = regexp.MustCompile(`[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	statusPattern  = regexp.MustCompile(`\b([245]\.\d{1,3}\.\d{1,3})\b`)
)

func statusCode(s string) string { return statusPattern.FindString(s) }

// textDeliveries reads recipients and reasons from the words of a bounce: of
// exim, whose failed addresses stand indented before their errors; of qmail and
// Postfix, "<a@b>: reason"; of Exchange, Gmail, QQ and NetEase, where the
// address stands in a line of its own or in the sentence that gives the reason.
func textDeliveries(m *Message, class Class) []Delivery {
	action := "failed"
	if class == ClassDelay {
		action = "delayed"
	}
	var list []Delivery
	known := map[string]int{}
	add := func(address, words string) {
		address = cleanAddress(strings.TrimRight(address, "."))
		if address == "" || !strings.Contains(address, "@") || len(list) >= maxDeliveries {
			return
		}
		key := strings.ToLower(address)
		i, ok := known[key]
		if !ok {
			i = len(list)
			known[key] = i
			list = append(list, Delivery{Recipient: address, Action: action})
		}
		if list[i].Words == "" {
			list[i].Words = cutText(fold(words), 1000)
			list[i].Status = statusCode(words)
		}
	}
	strangers := func(address string) bool {
		for _, a := range append(append([]Address{}, m.From...), m.To...) {
			if strings.EqualFold(a.Address, address) {
				return false
			}
		}
		local, _, _ := strings.Cut(strings.ToLower(address), "@")
		return local != "postmaster" && local != "mailer-daemon"
	}
	own := ownWords(m.Text)
	for _, p := range failParagraphs(own) {
		if strangers(p.address) {
			add(p.address, p.words)
		}
	}
	for _, value := range m.Header.All("X-Failed-Recipients") {
		for _, address := range addressPattern.FindAllString(value, maxDeliveries) {
			add(address, "")
		}
	}
	if len(list) > 0 {
		return list
	}
	lines := strings.Split(own, "\n")
	reason := ""
	for _, line := range lines {
		if givesReason(line) {
			reason = line
			break
		}
	}
	for _, line := range lines {
		for _, address := range addressPattern.FindAllString(line, 20) {
			switch {
			case !strangers(address):
			case givesReason(line) || reason == "":
				add(address, line)
			default:
				add(address, reason)
			}
		}
	}
	return list
}

// givesReason reports whether a line says why mail was not delivered.
func givesReason(line string) bool {
	low := strings.ToLower(line)
	return strings.Contains(low, "原因") || strings.Contains(low, "smtp error") || statusPattern.MatchString(low) ||
		strings.Contains(low, "@") && containsAny(low, failTexts)
}

// failParagraph is a failed address with what is said about it.
type failParagraph struct{ address, words string }

// failParagraphs finds lines that consist of, or begin with, an address, and
// takes the lines up to the next blank line or address as the reason. An
// address alone with blank lines around it takes the paragraph after it.
func failParagraphs(text string) []failParagraph {
	var list []failParagraph
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		address, rest, ok := leadingAddress(lines[i])
		if !ok {
			continue
		}
		words := []string{rest}
		skipped := false
		j := i + 1
		for ; j < len(lines) && len(words) < 12; j++ {
			line := strings.TrimSpace(lines[j])
			if line == "" {
				if strings.TrimSpace(strings.Join(words, "")) != "" || skipped {
					break
				}
				skipped = true
				continue
			}
			if _, _, next := leadingAddress(lines[j]); next {
				break
			}
			words = append(words, line)
		}
		list = append(list, failParagraph{address, strings.Join(words, " ")})
		i = j - 1
	}
	return list
}

// leadingAddress reads "  a@b", "<a@b>: reason", "a@b<mailto:a@b>" and "To: a@b".
func leadingAddress(line string) (address, rest string, ok bool) {
	line = strings.TrimSpace(line)
	if len(line) > 2000 {
		return "", "", false
	}
	loc := addressPattern.FindStringIndex(line)
	if loc == nil || strings.Trim(line[:loc[0]], "<\"'* \t-•") != "" {
		return "", "", false
	}
	rest = line[loc[1]:]
	if after, cut := strings.CutPrefix(rest, "<mailto:"); cut {
		_, rest, _ = strings.Cut(after, ">")
	}
	rest = strings.TrimLeft(rest, ">\"'")
	if rest != "" && !strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "：") && !strings.HasPrefix(rest, ",") && !strings.HasPrefix(rest, "(") {
		return "", "", false
	}
	return line[loc[0]:loc[1]], strings.TrimLeft(rest, ":： ,"), true
}
