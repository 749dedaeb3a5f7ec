package extract

import (
	"strings"
	"testing"

	"rapport/mail"
	"rapport/threads"
)

// TestHostileMails reads what makes other readers hang: 60 KB of one thing
// over and over. A quadratic loop would take minutes.
func TestHostileMails(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, 60_000/len(s)) }
	letter := testLetters[0].sent()
	for _, s := range []string{
		">", "> ", "> > \n", "\n", " ", "- \n", "1. ", "a. ", "a! ", "请改。", "请", "please ", "by friday ", "1/1/", "12月",
		"On a b c d 2020 wrote ", "On Mon, 2 Mar 2020 at 10:00, a <a@b> wrote:\n", "wrote:\n", "From: a@b 2020\n", "To: <a@b>;\n",
		"==> yes\n", "D-1: yes\n", "Best regards,\n", "Tom\n", "-- \n", "________________\n", "sent from my iphone\n", "-----Original Message-----\n",
		"this e-mail is confidential ", "”。", "😀a ", "| \n", "> a\n\nb\n", "Discount codes work.\n", "Discount codes work. yes\n", "&nbsp;",
	} {
		m := textMail(fill(s))
		m.Subject = "Fwd: x"
		readMail(t, Input{Mail: m, Sent: []threads.SentLetter{letter}, Earlier: []threads.Message{{NewText: m.Text}, {NewText: m.Text}}})
	}
	for _, s := range []string{
		"<b>", "<blockquote>a", "<p>a</p>", "<li>a", "<span style='color:red'>a</span><br>", "<table><tr><td>a", "<hr>",
		"<a href='mailto:a?b'>x</a>", "<div class=gmail_quote>a", "<p>From: a@b</p>", "<ul><li>Discount codes work.</li></ul>",
	} {
		m := &mail.Message{HTML: fill(s), TextFrom: "html", Date: answerDate}
		readMail(t, Input{Mail: m, Sent: []threads.SentLetter{letter}})
	}
	big := threads.SentLetter{Report: "r", Text: fill("The same line again and again.\n"), Points: []threads.Point{{ID: "P1", Text: "The same line again and again."}}}
	for _, s := range []string{"The same line again and again.\n", "The same line again and again. x\n", "again\n"} {
		readMail(t, Input{Mail: textMail(fill(s)), Sent: []threads.SentLetter{big, big}})
	}
}
