package extract

import (
	"fmt"
	"html"
	"strings"
	"time"

	"rapport/mail"
)

// A mailProgram makes a client's inline answer of a letter as one mail program
// (and one habit of answering) does it.
type mailProgram struct {
	name string
	make func(l *testLetter) (text, html string)
}

var answerDate = time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", 3600)) // a Tuesday

func (l *testLetter) message(p mailProgram) *mail.Message {
	m := &mail.Message{From: []mail.Address{{Name: l.them[0], Address: l.them[1]}}, Subject: "Re: Report", Date: answerDate}
	m.Text, m.HTML = p.make(l)
	if m.HTML != "" {
		m.Text = mail.HTMLText(m.HTML)
	}
	return m
}

// plainAnswer writes the letter's lines, each changed by line, with the
// answers between them.
func (l *testLetter) plainAnswer(head string, line func(string) string, lines []string, at []int) string {
	var b strings.Builder
	b.WriteString(l.top + "\n\n" + head)
	for i, s := range lines {
		b.WriteString(strings.TrimRight(line(s), " ") + "\n")
		if at[i] >= 0 && l.answers[at[i]] != "" {
			b.WriteString("\n" + l.answers[at[i]] + "\n\n")
		}
	}
	b.WriteString("\n" + l.end + "\n")
	return b.String()
}

func quoted(s string) string { return "> " + s }
func same(s string) string   { return s }

// rewrapped are the letter's lines as a program wraps them anew at a width.
func (l *testLetter) rewrapped(columns int) (lines []string, at []int) {
	old, oldAt := l.lines()
	for i, s := range old {
		parts := wrapAt(s, columns, "")
		for k, p := range parts {
			lines = append(lines, p)
			if k == len(parts)-1 {
				at = append(at, oldAt[i])
			} else {
				at = append(at, -1)
			}
		}
	}
	return lines, at
}

// unwrapped are the paragraphs on one line each, as HTML to text gives them.
func (l *testLetter) unwrapped(marker string) (lines []string, at []int) {
	lines, at = []string{l.hello, "", l.intro}, []int{-1, -1, -1}
	add := func(s string, p int) { lines, at = append(lines, s), append(at, p) }
	point := 0
	for _, b := range l.blocks {
		add("", -1)
		add(b.heading, -1)
		add("", -1)
		for _, it := range b.items {
			add(marker+it, point)
			point++
		}
	}
	add("", -1)
	for _, s := range strings.Split(l.bye, "\n") {
		add(s, -1)
	}
	return lines, at
}

// withHTML puts the client's words into the letter's HTML: answer wraps each
// answer, whole what surrounds the letter.
func (l *testLetter) withHTML(answer, head, tail string) string {
	body := l.htmlPart(func(p int) string {
		if l.answers[p] == "" {
			return ""
		}
		return fmt.Sprintf(answer, html.EscapeString(l.answers[p])) + "\n"
	})
	end := strings.ReplaceAll(html.EscapeString(l.end), "\n", "<br>")
	return "<div>" + strings.ReplaceAll(html.EscapeString(l.top), "\n", "<br>") + "</div><br>" + head + body + tail + "<div><br>" + end + "</div>"
}

func (l *testLetter) fields(labels ...string) string {
	date := "Mon, 23 Nov 2026 17:02"
	if l.language == "zh" {
		date = "2026年11月23日 17:02"
	}
	values := []string{l.us[0] + " <" + l.us[1] + ">", date, l.them[0] + " <" + l.them[1] + ">", "Report 12"}
	var b strings.Builder
	for i, label := range labels {
		b.WriteString(label + " " + values[i] + "\n")
	}
	return b.String()
}

func (l *testLetter) htmlFields(labels ...string) string {
	return strings.ReplaceAll(html.EscapeString(l.fields(labels...)), "\n", "<br>")
}

func gmailHead(l *testLetter) string {
	if l.language == "zh" {
		return l.us[0] + " <" + l.us[1] + "> 于2026年11月23日周一 17:02写道：\n\n"
	}
	return "On Mon, 23 Nov 2026 at 17:02, " + l.us[0] + " <" + l.us[1] + "> wrote:\n\n"
}

func asIs(head func(*testLetter) string, line func(string) string) func(*testLetter) (string, string) {
	return func(l *testLetter) (string, string) {
		lines, at := l.lines()
		return l.plainAnswer(head(l), line, lines, at), ""
	}
}

func headOf(s string, labels ...string) func(*testLetter) string {
	return func(l *testLetter) string { return s + l.fields(labels...) + "\n" }
}

var mailPrograms = []mailProgram{
	{"gmail, plain", asIs(gmailHead, quoted)},
	{"no attribution", asIs(func(*testLetter) string { return "" }, quoted)},
	{"quoted twice", asIs(gmailHead, func(s string) string { return ">> " + s })},
	{"quoted without a blank", asIs(gmailHead, func(s string) string { return ">" + s })},
	{"Lotus bars", asIs(gmailHead, func(s string) string { return "| " + s })},
	{"typographic marks", asIs(gmailHead, func(s string) string {
		return "> " + strings.NewReplacer("'", "’", "...", "…", "- ", "– ", " ", "\u00a0").Replace(s)
	})},
	{"full-width marks", asIs(gmailHead, func(s string) string {
		return "> " + strings.NewReplacer("(", "（", ")", "）", ":", "：", "?", "？").Replace(s)
	})},
	{"re-wrapped at 60, quoted", func(l *testLetter) (string, string) {
		lines, at := l.rewrapped(60)
		return l.plainAnswer(gmailHead(l), quoted, lines, at), ""
	}},
	{"wrapped behind the mark", func(l *testLetter) (string, string) { // the ends of long lines lose their mark
		lines, at := l.lines()
		return l.plainAnswer(gmailHead(l), func(s string) string { return strings.Join(wrapAt("> "+s, 64, ""), "\n") }, lines, at), ""
	}},
	{"paragraphs on one line, quoted", func(l *testLetter) (string, string) {
		lines, at := l.unwrapped("* ")
		return l.plainAnswer(gmailHead(l), quoted, lines, at), ""
	}},
	{"HTML to text, unmarked", func(l *testLetter) (string, string) {
		lines, at := l.unwrapped("  * ")
		return l.plainAnswer("-----Original Message-----\n"+l.fields("From:", "Sent:", "To:", "Subject:")+"\n", same, lines, at), ""
	}},
	{"Outlook, unmarked", asIs(headOf("-----Original Message-----\n", "From:", "Sent:", "To:", "Subject:"), same)},
	{"Outlook, German", asIs(headOf("-----Ursprüngliche Nachricht-----\n", "Von:", "Gesendet:", "An:", "Betreff:"), same)},
	{"Outlook, French", asIs(headOf("________________________________\n", "De :", "Envoyé :", "À :", "Objet :"), same)},
	{"Outlook, Spanish", asIs(headOf("", "De:", "Enviado el:", "Para:", "Asunto:"), same)},
	{"Outlook, Chinese", asIs(headOf("-----邮件原件-----\n", "发件人:", "发送时间:", "收件人:", "主题:"), same)},
	{"Outlook, Taiwan", asIs(headOf("", "寄件者:", "寄件日期:", "收件者:", "主旨:"), same)},
	{"Outlook, Japanese", asIs(headOf("", "差出人:", "送信日時:", "宛先:", "件名:"), same)},
	{"unmarked, without a head", asIs(func(*testLetter) string { return "" }, same)},
	{"QQ, plain", asIs(headOf("------------------ 原始邮件 ------------------\n", "发件人:", "发送时间:", "收件人:", "主题:"), same)},
	{"QQ, English", asIs(headOf("------------------&nbsp;Original&nbsp;------------------\n", "From:", "Date:", "To:", "Subject:"), same)},
	{"NetEase, plain", asIs(func(l *testLetter) string {
		return "在 2026-11-23 17:02:12，\"" + l.us[0] + "\" <" + l.us[1] + "> 写道：\n"
	}, same)},
	{"Foxmail", asIs(headOf("\n", "发件人：", "发送时间：", "收件人：", "主题："), same)},
	{"Apple, Chinese", asIs(func(l *testLetter) string {
		return "> 在 2026年11月23日，下午5:02，" + l.us[0] + " <" + l.us[1] + "> 写道：\n> \n"
	}, quoted)},
	{"only the points answered", func(l *testLetter) (string, string) {
		var lines []string
		var at []int
		for i, p := range l.points() {
			if l.answers[i] != "" {
				lines, at = append(lines, p.Text), append(at, i)
			}
		}
		return l.plainAnswer(gmailHead(l), quoted, lines, at), ""
	}},
	{"behind an arrow on the point's own line", func(l *testLetter) (string, string) {
		lines, at := l.lines()
		var b strings.Builder
		b.WriteString(l.top + "\n\n" + gmailHead(l))
		for i, s := range lines {
			if at[i] >= 0 && l.answers[at[i]] != "" {
				s += " ==> " + l.answers[at[i]]
			}
			b.WriteString(strings.TrimRight("> "+s, " ") + "\n")
		}
		return b.String() + "\n" + l.end + "\n", ""
	}},
	{"Gmail, HTML", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul></blockquote><div>%s</div><blockquote class=\"gmail_quote\"><ul>",
			"<div class=\"gmail_quote\"><div class=\"gmail_attr\">"+html.EscapeString(gmailHead(l))+"<br></div><blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex\">", "</blockquote></div>")
	}},
	{"coloured inside the quotation", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><div style=\"color:#c00000\">%s</div><ul>", "<div>"+html.EscapeString(gmailHead(l))+"</div><blockquote type=\"cite\">", "</blockquote>")
	}},
	{"typed inside the quotation, no colour", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><p>%s</p><ul>", "<div>"+html.EscapeString(gmailHead(l))+"</div><blockquote type=\"cite\">", "</blockquote>")
	}},
	{"Outlook, HTML", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><p class=\"MsoNormal\"><span style=\"color:#1F497D\">%s</span></p><ul>",
			"<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\"><p class=\"MsoNormal\">"+l.htmlFields("From:", "Sent:", "To:", "Subject:")+"</p></div>", "")
	}},
	{"Outlook on the web", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><div>%s</div><ul>",
			"<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">"+l.htmlFields("From:", "Sent:", "To:", "Subject:")+"</div>", "")
	}},
	{"QQ, HTML", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><div>%s</div><ul>",
			"<includetail><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div style=\"background:#efefef\">"+l.htmlFields("发件人:", "发送时间:", "收件人:", "主题:")+"</div>", "</includetail>")
	}},
	{"NetEase, HTML", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><div>%s</div><ul>",
			"<p>At 2026-11-23 17:02:12, \""+l.us[0]+"\" &lt;"+l.us[1]+"&gt; wrote:</p><blockquote id=\"isReplyContent\">", "</blockquote>")
	}},
	{"Foxmail, HTML", func(l *testLetter) (string, string) {
		return "", l.withHTML("</ul><div>%s</div><ul>",
			"<blockquote><div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm\">"+l.htmlFields("发件人：", "发送时间：", "收件人：", "主题：")+"</div>", "</blockquote>")
	}},
	{"our answer cell by cell", func(l *testLetter) (string, string) { // a table of points, the client's words in the second column's row below
		body := l.htmlPart(func(p int) string {
			if l.answers[p] == "" {
				return ""
			}
			return "<table><tr><td style=\"color:blue\">" + html.EscapeString(l.answers[p]) + "</td></tr></table>\n"
		})
		return "", "<div>" + strings.ReplaceAll(l.top, "\n", "<br>") + "</div><p>-----Original Message-----</p>" + body + "<div>" + strings.ReplaceAll(l.end, "\n", "<br>") + "</div>"
	}},
}
