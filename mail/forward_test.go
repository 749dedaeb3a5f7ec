package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestForward(t *testing.T) {
	cases := []struct{ name, subject, text, want string }{
		{"Gmail", "Fwd: hours", `For the archive.

---------- Forwarded message ---------
From: Ellen Whitcombe <ellen@h.example>
Date: Mon, 9 Nov 2026 at 18:22
Subject: hours
To: Mara <mara@n.example>

Hi Mara,

the hours are wrong.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "Hi Mara,||the hours are wrong." "For the archive."`},
		{"Outlook, no rule, subject says it", "FW: hours", `see below

From: Ellen Whitcombe <ellen@h.example>
Sent: Monday, November 9, 2026 6:22 PM
To: Mara <mara@n.example>
Cc: Tom <tom@h.example>;
 Grace <grace@h.example>
Subject: hours

the hours are wrong.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." "see below"`},
		{"Outlook of old", "FW: hours", `-----Original Message-----
From: Ellen Whitcombe [mailto:ellen@h.example]
Sent: 09 November 2026 18:22
To: Mara
Subject: hours

the hours are wrong.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." ""`},
		{"Apple Mail, quoted", "Fwd: hours", `Begin forwarded message:

> From: Ellen Whitcombe <ellen@h.example>
> Subject: hours
> Date: 9 November 2026 at 18:22:03 GMT
> To: mara@n.example
>
> the hours are wrong.
>> as before`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong.|> as before" ""`},
		{"Thunderbird", "Fwd: hours", `-------- Forwarded Message --------
Subject: 	hours
Date: 	Mon, 9 Nov 2026 18:22:03 +0000
From: 	Ellen Whitcombe <ellen@h.example>
To: 	mara@n.example



the hours are wrong.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." ""`},
		{"bold names", "Fwd: hours", `*From:* Ellen Whitcombe <ellen@h.example>
*Date:* Mon, 9 Nov 2026 18:22
*Subject:* hours

the hours are wrong.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." ""`},
		{"German", "WG: Öffnungszeiten", `Zur Kenntnis.

-----Ursprüngliche Nachricht-----
Von: Ellen Whitcombe <ellen@h.example>
Gesendet: Montag, 9. November 2026 18:22
An: Mara
Betreff: Öffnungszeiten

Die Zeiten stimmen nicht.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "Öffnungszeiten" "Die Zeiten stimmen nicht." "Zur Kenntnis."`},
		{"French", "TR: horaires", `-------- Message transféré --------
Sujet : horaires
Date : Mon, 9 Nov 2026 18:22:03 +0100
De : Ellen Whitcombe <ellen@h.example>
Pour : mara@n.example

Les horaires sont faux.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "horaires" "Les horaires sont faux." ""`},
		{"Spanish", "RV: horario", `De: Ellen Whitcombe <ellen@h.example>
Enviado el: lunes, 9 de noviembre de 2026 18:22
Para: Mara
Asunto: horario

El horario está mal.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "horario" "El horario está mal." ""`},
		{"Italian", "I: orari", `Da: Ellen Whitcombe <ellen@h.example>
Inviato: lunedì 9 novembre 2026 18:22
A: Mara
Oggetto: orari

Gli orari sono sbagliati.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "orari" "Gli orari sono sbagliati." ""`},
		{"Portuguese", "ENC: horário", `---------- Mensagem encaminhada ---------
De: Ellen Whitcombe <ellen@h.example>
Date: seg., 9 de nov. de 2026 às 18:22
Assunto: horário
Para: <mara@n.example>

O horário está errado.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "horário" "O horário está errado." ""`},
		{"Dutch", "Doorst: openingstijden", `Van: Ellen Whitcombe <ellen@h.example>
Verzonden: maandag 9 november 2026 18:22
Aan: Mara
Onderwerp: openingstijden

De tijden kloppen niet.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "openingstijden" "De tijden kloppen niet." ""`},
		{"Polish", "PD: godziny", `Od: Ellen Whitcombe <ellen@h.example>
Wysłano: poniedziałek, 9 listopada 2026 18:22
Do: Mara
Temat: godziny

Godziny są złe.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "godziny" "Godziny są złe." ""`},
		{"Russian", "Fwd: часы", `-------- Пересылаемое сообщение --------
От: Ellen Whitcombe <ellen@h.example>
Дата: 9 ноября 2026 г., 18:22
Тема: часы
Кому: mara@n.example

Часы неверны.`, `Ellen Whitcombe<ellen@h.example> 2026-11-09 18:22 "часы" "Часы неверны." ""`},
		{"QQ", "转发：营业时间", `请存档。

------------------ 原始邮件 ------------------
发件人: "林晓雯" <lin@y.example>;
发送时间: 2026年11月9日(星期一) 晚上6:22
收件人: "陈宇"<chen@n.example>;
主题: 营业时间

营业时间不对。`, `林晓雯<lin@y.example> 2026-11-09 18:22 "营业时间" "营业时间不对。" "请存档。"`},
		{"QQ, with a blank line inside", "转发：营业时间", `------------------ 原始邮件 ------------------
发件人: "林晓雯" <lin@y.example>;
发送时间: 2026年11月9日(星期一) 晚上6:22

主题: 营业时间

营业时间不对。`, `林晓雯<lin@y.example> 2026-11-09 18:22 "营业时间" "营业时间不对。" ""`},
		{"NetEase", "Fw:营业时间", `-------- 转发邮件信息 --------
发件人："林晓雯" <lin@y.example>
发送日期：2026-11-09 18:22:41
收件人：chen@n.example
主题：营业时间

营业时间不对。`, `林晓雯<lin@y.example> 2026-11-09 18:22 "营业时间" "营业时间不对。" ""`},
		{"NetEase MailMaster, a table", "转发：营业时间", `---- 转发的原邮件 ----
| 发件人 | 林晓雯<lin@y.example> |
| 日期 | 2026年11月09日 18:22 |
| 收件人 | chen@n.example |
| 主题 | 营业时间 |

营业时间不对。`, `林晓雯<lin@y.example> 2026-11-09 18:22 "营业时间" "营业时间不对。" ""`},
		{"Outlook in Chinese", "转发: 营业时间", `发件人: 林晓雯 <lin@y.example>
发送时间: 2026年11月9日 18:22
收件人: 陈宇 <chen@n.example>
主　题: 营业时间

营业时间不对。`, `林晓雯<lin@y.example> 2026-11-09 18:22 "营业时间" "营业时间不对。" ""`},
		{"Outlook in Taiwan", "轉寄: 營業時間", `寄件者: 黃嘉怡 <karen@m.example>
寄件日期: 2026年11月9日 下午 06:22
收件者: 陈宇 <chen@n.example>
主旨: 營業時間

營業時間不對。`, `黃嘉怡<karen@m.example> 2026-11-09 18:22 "營業時間" "營業時間不對。" ""`},
		{"Japanese", "Fw: 営業時間", `---------- 転送されたメッセージ ----------
差出人: 佐藤健二 <sato@m.example>
送信日時: 2026年11月9日 18:22
宛先: mara@n.example
件名: 営業時間

営業時間が違います。`, `佐藤健二<sato@m.example> 2026-11-09 18:22 "営業時間" "営業時間が違います。" ""`},
		{"Korean", "FW: 영업시간", `보낸 사람: 김민수 <kim@k.example>
보낸 날짜: 2026년 11월 9일 월요일 오후 6:22
받는 사람: mara@n.example
제목: 영업시간

영업시간이 틀립니다.`, `김민수<kim@k.example> 2026-11-09 18:22 "영업시간" "영업시간이 틀립니다." ""`},
		{"a reply with a quoted mail", "RE: hours", `I agree.

-----Original Message-----
From: Ellen Whitcombe <ellen@h.example>
Sent: Monday, November 9, 2026 6:22 PM
Subject: hours

the hours are wrong.`, ""},
		{"a sentence that begins with From", "Fwd: hours", "From: our point of view\nthis is fine\n", ""},
		{"a mail about a forwarded message", "hours", "your page says\nForwarded message:\nwhat is that?\n", ""},
		{"a sender without an address", "WG: x", `Von: Ellen Whitcombe
Gesendet: Montag, 9. November 2026 18:22
An: Mara
Betreff: x

Text`, `Ellen Whitcombe<> 2026-11-09 18:22 "x" "Text" ""`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := &Message{Subject: c.subject, Text: c.text, TextFrom: "plain", Date: time.Date(2026, 11, 10, 11, 0, 0, 0, time.UTC)}
			if got := forwardLine(m); got != c.want {
				t.Errorf("read %s\nwant %s", got, c.want)
			}
		})
	}
}

func forwardLine(m *Message) string {
	f, ok := Forward(m)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s<%s> %s %q %q %q", f.From.Name, f.From.Address, f.Date.Format("2006-01-02 15:04"), f.Subject,
		strings.ReplaceAll(f.Text, "\n", "|"), strings.ReplaceAll(f.Comment, "\n", "|"))
}

func TestForwardAttached(t *testing.T) {
	inner := "From: Ellen <ellen@h.example>\nSubject: hours\nDate: Mon, 9 Nov 2026 18:22:00 +0000\n\nthe hours are wrong.\n"
	cases := []struct{ name, mail, want string }{
		{"as message/rfc822, with a comment", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nsee\n--x\nContent-Type: message/rfc822\n\n" + inner + "--x--\n",
			`Ellen<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." "see"`},
		{"as message/rfc822, nothing else", "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" + inner + "--x--\n",
			`Ellen<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." ""`},
		{"as an .eml file", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nsee\n--x\nContent-Type: application/octet-stream; name=hours.eml\n\n" + inner + "--x--\n",
			`Ellen<ellen@h.example> 2026-11-09 18:22 "hours" "the hours are wrong." "see"`},
		{"the returned letter of a bounce is no forward", "Content-Type: multipart/report; boundary=x\n\n--x\n\nsee\n--x\nContent-Type: message/rfc822\n\n" + inner + "--x--\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := forwardLine(Parse([]byte(head+c.mail), Limits{})); got != c.want {
				t.Errorf("read %s\nwant %s", got, c.want)
			}
		})
	}
}
