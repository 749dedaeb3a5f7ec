package mail

import (
	"fmt"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	person := "From: Jane <jane@doe.example>\n"
	daemon := "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nReturn-Path: <>\n"
	cases := []struct {
		name, mail string
		want       Class
	}{
		{"a person", person + "Subject: x\n\nhello\n", ClassPerson},
		{"RFC 3834", person + "Subject: Re: x\nAuto-Submitted: auto-replied\n\nthank you\n", ClassAutoReply},
		{"generated", person + "Subject: Build 12\nAuto-Submitted: auto-generated; owner-email=x@y.example\n\nfailed\n", ClassAutoReply},
		{"Auto-Submitted: no is a person", person + "Subject: Out of office: how do we do it?\nAuto-Submitted: no\nX-Auto-Response-Suppress: All\n\nhello\n", ClassPerson},
		{"no, with a comment", person + "Subject: x\nAuto-Submitted: No (by hand)\n\nhello\n", ClassPerson},
		{"suppression alone is no sign", person + "Subject: x\nX-Auto-Response-Suppress: DR, OOF, AutoReply\n\nhello\n", ClassPerson},
		{"an answer to an automatic reply", person + "Subject: RE: Automatic reply: x\nX-Auto-Response-Suppress: All\n\nhello\n", ClassPerson},
		{"Microsoft 365, with the envelope of a bounce", "Return-Path: <postmaster@eur05.prod.protection.outlook.example>\n" + person + "Subject: Automatische Antwort: x\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: jane@doe.example\n\nIch bin bis Montag nicht da. Ihre Nachricht konnte nicht zugestellt werden, wenn sie groß war.\n", ClassOutOfOffice},
		{"suppression in lower case", person + "Subject: Automatic reply: x\nX-Auto-Response-Suppress: all\n\nI am away.\n", ClassOutOfOffice},
		{"Zimbra", person + "Subject: Re: x\nAuto-Submitted: auto-replied (zimbra; vacation)\n\nI am away.\n", ClassOutOfOffice},
		{"Gmail, with a subject of the user's own", person + "Subject: Vom 2. bis 9. März im Urlaub Re: x\nAuto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n\nIch lese keine Mails.\n", ClassOutOfOffice},
		{"a vacation in the subject replied to", person + "Subject: Automatic reply: Holiday calendar\nAuto-Submitted: auto-replied\n\nWe got your mail.\n", ClassAutoReply},
		{"a mail about somebody's vacation", person + "Subject: My vacation\n\nI am away from Monday.\n", ClassPerson},
		{"a prefix of absence", person + "Subject: Abwesenheitsnotiz: x\n\nBin weg.\n", ClassOutOfOffice},
		{"a prefix in Chinese", person + "Subject: 自动回复: 周报\n\n邮件已收到。\n", ClassAutoReply},
		{"QQ, whose text says it", person + "Subject: 自动回复: 周报\n\n您好，我正在休假，12月1日回来。\n", ClassOutOfOffice},
		{"QQ, by its own words", person + "Subject: Re: 周报\n\n这是来自QQ邮箱的假期自动回复邮件。\n", ClassOutOfOffice},
		{"Sieve, whose text says it", person + "Subject: Auto: x\nAuto-Submitted: auto-replied (vacation)\n\nI am on holiday until Monday.\n", ClassOutOfOffice},
		{"Sieve, as a receipt", person + "Subject: Auto: x\nAuto-Submitted: auto-replied (vacation)\n\nWe have your mail.\n", ClassAutoReply},
		{"a shop's reply before the holidays", person + "Subject: 自动回复: 周报\n\n邮件已收到，休假安排见网站。\n", ClassAutoReply},
		{"a subject about automatic replies", person + "Subject: 自动回复功能有问题\n\n请处理。\n", ClassPerson},
		{"a subject about the out of office page", person + "Subject: Out of office page is broken\n\nplease fix\n", ClassPerson},
		{"a word of the car trade", person + "Subject: Auto: Reparatur\n\nBitte um Angebot.\n", ClassPerson},
		{"marked by a program", person + "Subject: x\nX-Autoreply: yes\n\nthank you\n", ClassAutoReply},
		{"marked as not automatic", person + "Subject: x\nX-Autoreply: no\n\nhello\n", ClassPerson},
		{"Precedence: auto_reply", person + "Subject: x\nPrecedence: auto_reply\n\nthank you\n", ClassAutoReply},
		{"Delivered-To: autoresponder", person + "Subject: x\nDelivered-To: Autoresponder\n\nthank you\n", ClassAutoReply},
		{"only the text says it", person + "Subject: Re: x\n\nThis is an automatic reply. We have received your mail.\n", ClassAutoReply},
		{"only the text says it, in Japanese", person + "Subject: Re: x\n\n※このメールは自動送信です。\n", ClassAutoReply},
		{"a text about automatic replies", person + "Subject: Re: x\n\nYour shop says: This is an automatic reply. Please change that.\n", ClassPerson},
		{"nobody reads it", "From: Shop <no-reply@shop.example>\nSubject: Order 7\n\nthanks\n", ClassAutoReply},
		{"an empty return path", "Return-Path: <>\n" + person + "Subject: x\n\nhello\n", ClassAutoReply},
		{"a newsletter", "From: news@shop.example\nSubject: Ten tips\nList-Unsubscribe: <https://shop.example/u>\n\nread on\n", ClassList},
		{"bulk mail", "From: news@shop.example\nSubject: Ten tips\nPrecedence: bulk\n\nread on\n", ClassList},
		{"list traffic", person + "Subject: [list] x\nList-Id: <list.example>\nPrecedence: list\n\nhello all\n", ClassList},
		{"a person answers through a group", person + "Subject: Re: Report 7\nIn-Reply-To: <report-7@n.example>\nList-Id: <team.doe.example>\nPrecedence: list\n\nfine\n", ClassPerson},
		{"an automatic reply in bulk", person + "Subject: x\nPrecedence: bulk\nAuto-Submitted: auto-replied (vacation)\n\nthank you\n", ClassAutoReply},
		{"qmail", daemon + "Subject: failure notice\n\nHi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n", ClassBounce},
		{"exim's warning", daemon + "Subject: Warning: message 1abc delayed 24 hours\nAuto-Submitted: auto-replied\n\nThis message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours.\n", ClassDelay},
		{"a bounce in German", daemon + "Subject: Unzustellbar: Bericht 7\n\nIhre Nachricht konnte nicht zugestellt werden.\n", ClassBounce},
		{"a bounce in Japanese", daemon + "Subject: 配信不能: 報告\n\nメールを配信できませんでした。\n", ClassBounce},
		{"a person complains of a bounce", person + "Subject: Undeliverable\n\nmy mail to you came back, could not be delivered, why?\n", ClassPerson},
		{"a person forwards a bounce", person + "Subject: Fwd: failure notice\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nlook at this\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n--x--\n", ClassPerson},
		{"delayed, by RFC 3464", daemon + "Subject: Delivery status\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nnot yet\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1\n--x--\n", ClassDelay},
		{"delivered, by RFC 3464", daemon + "Subject: Delivery status\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\ndone\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y.example\nAction: relayed\nStatus: 2.0.0\n--x--\n", ClassReceipt},
		{"a receipt", person + "Subject: Read: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n\nread\n--x\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--x--\n", ClassReceipt},
		{"a receipt in words", person + "Subject: Gelesen: x\n\nIhre Nachricht wurde am Montag gelesen.\n", ClassReceipt},
		{"a subject that begins like a receipt", person + "Subject: Read: the new texts\n\nI have read them and like them.\n", ClassPerson},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Classify(Parse([]byte(c.mail), Limits{})); got.Class != c.want {
				t.Errorf("%s (%s), want %s", got.Class, got.Reason, c.want)
			}
		})
	}
}

func TestDeliveries(t *testing.T) {
	cases := []struct{ name, mail, want string }{
		{"RFC 3464, two recipients", `From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

words
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822;ellen+3Dx@h.example
Final-Recipient: rfc822; someone.else@h.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1
 no such user

Final-Recipient: rfc822; tom@h.example
Action: delayed (will retry)
Status: 4.2.2 (mailbox full)

--x
Content-Type: message/rfc822

Message-ID: <report-7@n.example>
Subject: Report 7

text
--x--
`, `ellen=x@h.example failed 5.1.1 "550 5.1.1 no such user" report-7@n.example
tom@h.example delayed 4.2.2 "" report-7@n.example`},
		{"no blank line between recipients, no action", `From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; boundary=x

--x
Content-Type: message/delivery-status

Final-Recipient: rfc822; a@h.example
Status: 5.1.1
Final-Recipient: rfc822; b@h.example
Status: 4.0.0
--x
Content-Type: text/rfc822-headers

Message-ID: <report-7@n.example>
--x--
`, `a@h.example failed 5.1.1 "" report-7@n.example
b@h.example delayed 4.0.0 "" report-7@n.example`},
		{"a receipt", `From: ellen@h.example
Content-Type: multipart/report; report-type=disposition-notification; boundary=x

--x
Content-Type: message/disposition-notification

Reporting-UA: mail.h.example
Original-Recipient: rfc822; ellen@h.example
Final-Recipient: rfc822; ellen@h.example
Original-Message-ID: <report-7@n.example>
Disposition: automatic-action/MDN-sent-automatically; deleted/error
--x--
`, `ellen@h.example deleted  "automatic-action/MDN-sent-automatically; deleted/error" report-7@n.example`},
		{"a receipt in words", "From: ellen@h.example\nSubject: Gelesen: x\nIn-Reply-To: <report-7@n.example>\n\nIhre Nachricht wurde am Montag gelesen.\n", `ellen@h.example displayed  "" report-7@n.example`},
		{"one that says it was not read", "From: ellen@h.example\nSubject: Read: x\nIn-Reply-To: <report-7@n.example>\n\nYour message was deleted without being read on Monday.\n", `ellen@h.example deleted  "" report-7@n.example`},
		{"exim", `From: Mail Delivery System <Mailer-Daemon@mx.example>
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: a@h.example, b@h.example

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  a@h.example
    host mx.h.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<a@h.example>:
    550 5.1.1 No such user here
  b@h.example
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: <report-7@n.example>
To: a@h.example, b@h.example, good@h.example
`, `a@h.example failed 5.1.1 "host mx.h.example [192.0.2.1] SMTP error from remote mail server after RCPT TO:<a@h.example>: 550 5.1.1 No such user here" report-7@n.example
b@h.example failed  "Unrouteable address" report-7@n.example`},
		{"exim's warning", `From: Mail Delivery System <Mailer-Daemon@mx.example>
Subject: Warning: message 1abc delayed 24 hours

A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.

The message identifier is:     1abc
The subject of the message is: Report 7

The address to which the message has not yet been delivered is:

  a@h.example
    host mx.h.example: 451 4.7.1 Greylisted

No action is required on your part.
`, `a@h.example delayed 4.7.1 "host mx.h.example: 451 4.7.1 Greylisted" `},
		{"qmail", `From: MAILER-DAEMON@mx.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<a@h.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Message-ID: <report-7@n.example>
From: mara@n.example
`, `a@h.example failed 5.1.1 "192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 unknown Giving up on 192.0.2.1." report-7@n.example`},
		{"Postfix without a report part", `From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

For further assistance, please send mail to <postmaster@mx.example>

<a@h.example>: host mx.h.example[192.0.2.1] said: 550
    5.1.1 <a@h.example>: Recipient address rejected
    (in reply to RCPT TO command)
`, `a@h.example failed 5.1.1 "host mx.h.example[192.0.2.1] said: 550 5.1.1 <a@h.example>: Recipient address rejected (in reply to RCPT TO command)" `},
		{"Exchange", `From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@h.example>
Subject: Undeliverable: Report 7
In-Reply-To: <report-7@n.example>

Delivery has failed to these recipients or groups:

a@h.example<mailto:a@h.example>
The email address you entered couldn't be found.
`, `a@h.example failed  "The email address you entered couldn't be found." report-7@n.example`},
		{"old Exchange", `From: System Administrator <postmaster@h.example>
Subject: Undeliverable: Report 7

Your message did not reach some or all of the intended recipients.

The following recipient(s) could not be reached:

      'a@h.example' on 3/2/2026 5:30 PM
            550 5.1.1 User unknown
`, `a@h.example failed 5.1.1 "on 3/2/2026 5:30 PM 550 5.1.1 User unknown" `},
		{"Gmail in words", `From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: mara@n.example
Subject: Delivery Status Notification (Failure)

Delivery to the following recipient failed permanently:

     a@h.example

Technical details of permanent failure:
The account does not exist. 550 5.1.1

----- Original message -----

Message-ID: <report-7@n.example>
`, `a@h.example failed 5.1.1 "Technical details of permanent failure: The account does not exist. 550 5.1.1" report-7@n.example`},
		{"QQ", `From: PostMaster@mail.qq.example
To: chen.yu@n.example
Subject: =?utf-8?B?57O757uf6YCA5L+hL1RoZSBlbWFpbCBpcyByZXR1cm5lZA==?=
Content-Type: text/plain; charset=utf-8

抱歉，您的邮件被退回来了……

原邮件信息：
时间 2026-05-06 09:41:07
主题 周报
收件人 lin@y.example

退信原因： 收件人邮件地址（lin@y.example）不存在，邮件无法送达。
`, `lin@y.example failed  "退信原因： 收件人邮件地址（lin@y.example）不存在，邮件无法送达。" `},
		{"NetEase", `From: Postmaster <postmaster@163post.example>
To: chen.yu@n.example
Subject: =?utf-8?B?57O757uf6YCA5L+h?=
Content-Type: text/html; charset=utf-8

<p>抱歉，您的邮件被退回来了。</p><table><tr><td>收件人</td><td>lin@y.example</td></tr><tr><td>退信原因</td><td>SMTP error, RCPT TO: 550 User not found: lin@y.example</td></tr></table>
`, `lin@y.example failed  "退信原因 SMTP error, RCPT TO: 550 User not found: lin@y.example" `},
		{"a person's mail", "From: jane@doe.example\nSubject: addresses\n\nplease add a@h.example, it could not be delivered\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range Deliveries(Parse([]byte(c.mail), Limits{})) {
				got = append(got, fmt.Sprintf("%s %s %s %q %s", d.Recipient, d.Action, d.Status, d.Words, d.MessageID))
			}
			if s := strings.Join(got, "\n"); s != c.want {
				t.Errorf("read\n%s\nwant\n%s", s, c.want)
			}
		})
	}
}
