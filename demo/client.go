package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"
	"unicode"

	"rapport/mail"
)

// Reply is a client's answer to a letter.
type Reply struct {
	Name    string // for the file: who wrote it
	Raw     []byte // as it arrives at our mailbox
	Answers []ClientAnswer
}

// ClientAnswer is one answer in a Reply.
type ClientAnswer struct {
	About string // the letter's words that it stands under, on one line
	Words string
}

// phrases are a client's words in one language.
type phrases struct {
	greeting string
	wrote    string   // attribution: date, name, address
	date     string   // layout of the attribution's date
	points   []string // one under each of the first points
	decision string   // after "D-1: "
	rating   string   // where the letter asks for one
	end      string
}

var english = phrases{
	greeting: "Hi %s,\n\nthank you for the report. My answers are below.\n\n",
	wrote:    "On %s, %s <%s> wrote:\n",
	date:     "Mon, 2 Jan 2006 at 15:04",
	points: []string{
		"Great, that looks very good.",
		"Could you also show it on the order confirmation?",
		"When will our staff be able to test this?",
	},
	decision: "yes",
	rating:   "Rating: 4",
	end:      "\nBest,\nEllen\n",
}

var chinese = phrases{
	greeting: "%s，您好！\n\n周报收到，意见写在下面。\n\n",
	wrote:    "在 %s，%s <%s> 写道：\n",
	date:     "2006年1月2日 15:04",
	points: []string{
		"这部分做得很好，谢谢！",
		"这里希望再增加一个客服入口。",
		"门店什么时候可以开始测试？",
	},
	decision: "同意",
	rating:   "评分：5",
	end:      "\n林晓雯\n",
}

// Answer writes the reply of the letter's recipient as a mail program does that
// quotes with ">": an answer under each of the first three points and under
// each question for a decision ("D-1: yes"). The bytes depend on the letter
// only, Message-ID and Date included, so a repeated demo sends the same mail.
func Answer(l Letter) (Reply, error) {
	m := mail.Parse(l.Raw, mail.Limits{})
	to, ok := replyTo(m)
	if !ok {
		return Reply{}, fmt.Errorf("answer letter %d: it names nobody to answer to", l.Number)
	}
	p := english
	if mostlyChinese(m.Text) {
		p = chinese
	}
	answers, quoted := answerInline(m.Text, p)
	if len(answers) < len(p.points)+1 {
		return Reply{}, fmt.Errorf("answer letter %d: it has %d places to answer at; it needs three points and a decision", l.Number, len(answers))
	}
	from := writer(l, m)
	sender := m.From[0]
	var text strings.Builder
	fmt.Fprintf(&text, p.greeting, givenName(sender.Name))
	fmt.Fprintf(&text, p.wrote, m.Date.Format(p.date), sender.Name, sender.Address)
	text.WriteString(quoted)
	if word := strings.TrimRight(p.rating, "0123456789 "); strings.Contains(m.Text, word) {
		text.WriteString("\n" + p.rating + "\n")
	}
	text.WriteString(p.end)
	return Reply{Name: from.Address, Raw: replyBytes(l, m, from, to, text.String()), Answers: answers}, nil
}

// replyTo is where an answer goes: Reply-To before From (RFC 5322 section 3.6.2).
func replyTo(m *mail.Message) (mail.Address, bool) {
	if len(m.From) == 0 {
		return mail.Address{}, false
	}
	if len(m.ReplyTo) > 0 {
		return m.ReplyTo[0], true
	}
	return m.From[0], true
}

// writer is the client who got the letter, with the name we wrote to.
func writer(l Letter, m *mail.Message) mail.Address {
	for _, a := range append(m.To[:len(m.To):len(m.To)], m.Cc...) {
		if strings.EqualFold(a.Address, l.Client()) {
			return a
		}
	}
	return mail.Address{Address: l.Client()}
}

// replyBytes puts the reply's text into a mail, with the trace of our server
// on top.
func replyBytes(l Letter, m *mail.Message, from, to mail.Address, text string) []byte {
	sum := sha256.Sum256(l.Raw)
	_, domain, _ := strings.Cut(from.Address, "@")
	date := m.Date.Add(time.Second).Format(time.RFC1123Z) // at once: pages would show a later answer in the future
	var b bytes.Buffer
	field := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	field("Return-Path", "<"+from.Address+">")
	field("Delivered-To", to.Address)
	field("Received", "from mail."+domain+" by mx.northlight.example with ESMTPS;\r\n\t"+date)
	field("From", mime.QEncoding.Encode("utf-8", from.Name)+" <"+from.Address+">")
	field("To", "<"+to.Address+">")
	field("Subject", mime.BEncoding.Encode("utf-8", "Re: "+m.Subject))
	field("Date", date)
	field("Message-ID", "<reply-"+hex.EncodeToString(sum[:8])+"@"+domain+">")
	field("In-Reply-To", "<"+m.MessageID+">")
	ids := append(m.References[:len(m.References):len(m.References)], m.MessageID)
	field("References", "<"+strings.Join(ids, ">\r\n <")+">")
	field("MIME-Version", "1.0")
	field("Content-Type", "text/plain; charset=utf-8")
	field("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n"))) // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}

// givenName is what a client calls us: the first word of a name, or all of it
// where it is written without blanks.
func givenName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// mostlyChinese reports whether a client would answer the text in Chinese.
func mostlyChinese(text string) bool {
	han, latin := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			latin++
		}
	}
	return han*2 > latin // a Han character carries about as much as two letters
}
