package extract

import (
	"strings"
	"testing"

	"rapport/mail"
	"rapport/threads"
)

// Each case is a name, how the mail ends, and how the new text must end; the
// rest is signature.
var signatureCases = []struct {
	name, end, keep string
}{
	{"Ellen Marsh", "Best regards,\nEllen Marsh", "Best regards,"},
	{"Ellen Marsh", "Best regards\nEllen", "Best regards"},
	{"Ellen Marsh", "Thanks!\nE.", "Thanks!"},
	{"Ellen Marsh", "Thanks,\n\nEllen\n\n--\nEllen Marsh\nHarbour Lane Books | Bath\nTel. +44 1225 496 0123", "Thanks,"},
	{"Ellen Marsh", "Kind regards\n\nEllen Marsh\nHead of Marketing\nHarbour Lane Books Ltd.\n12 Harbour Lane, Bath BA1 1AA\nT +44 1225 496 0123\nellen@acme.example\nwww.acme.example", "Kind regards"},
	{"Ellen Marsh", "-- \nEllen Marsh\nHarbour Lane Books", ""},
	{"Ellen Marsh", "Ellen", ""},
	{"Ellen Marsh", "Cheers\nEllen x", "Cheers"},
	{"Ellen Marsh", "Sent from my iPhone", ""},
	{"Ellen Marsh", "Thanks\n\nSent from my Samsung Galaxy smartphone.", "Thanks"},
	{"Ellen Marsh", "Get Outlook for Android<https://aka.ms/AAb9ysg>", ""},
	{"Ellen Marsh", "Best,\nEllen\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, please delete it.", "Best,"},
	{"Ellen Marsh", "Warm regards,\nEllen Marsh (she/her)\nProgramme Manager, Harbour Lane Books", "Warm regards,"},
	{"Ellen Marsh", "Speak soon,\nEllen & the whole team", "Speak soon,"},
	{"Ellen Marsh", "Many thanks and have a good weekend\nEllen Marsh\n_______________\nHarbour Lane Books", "Many thanks and have a good weekend"},
	{"Dr. Jonas Weber", "Mit freundlichen Grüßen\n\nDr. Jonas Weber\nLeiter Verwaltung\n\nStadtwerke Lindau GmbH\nUferweg 3, 88131 Lindau\nTelefon 08382 555-0\nGeschäftsführer: Karl Maier", "Mit freundlichen Grüßen"},
	{"Jonas Weber", "Viele Grüße\nJonas", "Viele Grüße"},
	{"Jonas Weber", "VG\nJonas Weber", "VG"},
	{"Jonas Weber", "Beste Grüße aus Lindau\nJ. Weber", "Beste Grüße aus Lindau"},
	{"Jonas Weber", "Gruß, Jonas\n\nVon meinem iPhone gesendet", "Gruß, Jonas"},
	{"Claire Dubois", "Cordialement,\nClaire Dubois\nResponsable communication\nMairie de Saint-Luc", "Cordialement,"},
	{"Claire Dubois", "Bien à vous,\n\nC. Dubois\n\nEnvoyé de mon iPhone", "Bien à vous,"},
	{"Lucía Prieto", "Un saludo,\nLucía Prieto\nDirectora\nBodegas Prieto, S.L.", "Un saludo,"},
	{"Lucía Prieto", "Gracias y un abrazo,\nLucía\n\nEnviado desde mi móvil", "Gracias y un abrazo,"},
	{"陈晓雯", "谢谢！\n陈晓雯", "谢谢！"},
	{"陈晓雯", "祝好\n晓雯", "祝好"},
	{"陈晓雯", "谢谢\n\n陈晓雯\n云杉科技有限公司 市场部\n电话：010-5555 0188\n地址：北京市海淀区中关村大街1号", "谢谢"},
	{"陈晓雯", "此致\n敬礼\n\n陈晓雯\n2026年11月24日", "此致\n敬礼"},
	{"陈晓雯", "顺颂商祺\n\n陈晓雯 | 市场总监\n云杉科技有限公司", "顺颂商祺"},
	{"陈晓雯", "辛苦了！\n\n发自我的iPhone", "辛苦了！"},
	{"陈晓雯", "陈晓雯\n11月24日", ""},
	{"云杉科技-陈晓雯", "谢谢\n小陈", "谢谢"},
	{"chenxw", "盼复，谢谢！\n\n------------------\n陈晓雯\n云杉科技\n13800001234", "盼复，谢谢！"},
	{"陈晓雯", "来自我的华为手机", ""},
	{"陈晓雯", "云杉科技 陈晓雯", ""},
	{"陈晓雯", "以上。\n\n云杉科技有限公司\n陈晓雯", "以上。"},
	{"山本健一", "よろしくお願いいたします。\n\n山本健一\n旅館つきみ\nTEL 0557-55-0123", "よろしくお願いいたします。"},
	{"山本健一", "以上、よろしくお願い申し上げます。\n山本", "以上、よろしくお願い申し上げます。"},
	{"山本健一", "何卒よろしくお願いいたします。\n\n============================\n株式会社つきみ\n営業部　山本 健一\n〒413-0001 静岡県熱海市1-2-3\n============================", "何卒よろしくお願いいたします。"},
	{"Jonas Weber", "Freundliche Grüsse\n\ni. A. Jonas Weber\nSachbearbeiter Tiefbau\n\nGemeinde Lindau\nHauptstrasse 4\n8315 Lindau\nAmtsgericht Kempten HRB 1234", "Freundliche Grüsse"},
	{"Jonas Weber", "Besten Dank und Gruß\nWeber", "Besten Dank und Gruß"},
	{"Sabine Keller", "Schöne Grüße aus dem verregneten Kiel\nSabine Keller\n\nBuchhandlung Keller\nInh. Sabine Keller\nUSt-IdNr. DE123456789", "Schöne Grüße aus dem verregneten Kiel"},
	{"Sabine Keller", "Danke!\n\nSabine Keller\nÖffnungszeiten: Mo-Fr 9-18 Uhr\nBesuchen Sie uns auf www.keller.example", "Danke!"},
	{"Ellen Marsh", "Best,\nEllen\n\nP.S. Please also send the invoice again.", "Best,\n\nP.S. Please also send the invoice again."},
	{"Ellen Marsh", "Best,\nEllen\n\nPlease consider the environment before printing this e-mail.", "Best,"},
	{"Ellen Marsh", "Thanks, Ellen", "Thanks, Ellen"},
	{"Ellen Marsh", "Ellen Marsh, Harbour Lane Books, Bath", ""},
	{"Ellen Marsh", "Regards,\nEllen Marsh\nVolunteer coordinator (Tue-Thu)\nRegistered charity no. 1045678", "Regards,"},
	{"Ellen Marsh", "yours truly\n\nellen m", "yours truly"},
	{"Harbour Lane Books", "Best\nEllen", "Best"},
	{"", "Best\nEllen", "Best"},
	{"", "Thank you.\n\nEllen Marsh\nHarbour Lane Books", "Thank you."},
	{"陈晓雯", "谢谢，辛苦！\n\n\n陈晓雯\n云杉科技\n手机 138 0000 1234", "谢谢，辛苦！"},
	{"陈晓雯", "谢谢！\n云杉 晓雯 11/24", "谢谢！"},
	{"陈经理", "祝工作顺利\n老陈", "祝工作顺利"},
	{"陈晓雯", "烦请知悉，谢谢。\n\n-----\n云杉科技有限公司\n陈晓雯 市场部经理\nTel: 010-55550188 | Mob: 13800001234\n官网 www.yunshan.example", "烦请知悉，谢谢。"},
	{"陈晓雯", "谢谢。\n\n【保密声明】本邮件及其附件可能含有保密信息，仅供收件人使用。如您误收，请立即删除。", "谢谢。"},
	{"客服部", "此复。\n\n云杉科技客服部\n二〇二六年十一月二十四日", "此复。"},
	{"陈晓雯", "谢谢～\n晓雯敬上", "谢谢～"},
	{"林小姐", "麻烦您了，感谢\n\n林宜君 敬上\n好日子咖啡 企劃部", "麻烦您了，感谢"},
	{"王建国", "致礼！\n王建国\n青山街道办事处", "致礼！"},
	{"王建国", "妥否，请批示。\n\n青山街道办事处\n2026年11月24日", "妥否，请批示。"},
	{"佐藤美咲", "よろしくお願いします。\n\n佐藤", "よろしくお願いします。"},
}

func TestSignatures(t *testing.T) {
	bodies := map[bool]string{false: "Please move the map to the top of the page.\n\nThe second picture is upside down on my phone.", true: "请把地图移到页面顶部。\n\n第二张照片在我手机上是倒的。"}
	exact := 0
	n := 0
	for _, c := range signatureCases {
		for _, html := range []bool{false, true} {
			body := bodies[han(first(c.end)) || han(first(c.name))]
			text := body + "\n\n" + c.end + "\n"
			m := &mail.Message{From: []mail.Address{{Name: c.name, Address: "client@acme.example"}}, Text: text, Date: answerDate}
			if html {
				m.HTML = "<div>" + strings.ReplaceAll(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(text), "\n", "<br>\n") + "</div>"
			}
			r := Read(Input{Mail: m, Class: threads.ClassPerson})
			checkResult(t, r)
			n++
			if want := strings.TrimSpace(body + "\n\n" + c.keep); folded(r.NewText) != folded(want) {
				t.Logf("%s, html %v: %q ends %q, want %q", c.name, html, c.end, strings.TrimPrefix(folded(r.NewText), folded(body)), c.keep)
			} else {
				exact++
			}
		}
	}
	t.Logf("%d of %d exact", exact, n)
	if float64(exact) < 0.95*float64(n) {
		t.Errorf("%d of %d signatures cut exactly", exact, n)
	}
}

// A whole mail with an address in it is no signature.
func TestAShortMailWithAnAddressIsNoSignature(t *testing.T) {
	for _, words := range []string{"I am out of the office. Please write to office@acme.example, or to\nthe agency (jo@elsewhere.example).", "The new shop:\nwww.acme.example"} {
		if got := readText(Input{Mail: textMail(words + "\n")}).newText; got != words {
			t.Errorf("the client wrote %q, and %q is left", words, got)
		}
	}
}

// A greeting's comma does not make a name block of what follows.
func TestShortWordsBelowAGreetingAreNoSignature(t *testing.T) {
	for _, words := range []string{"we open at nine.", "the boat.", "All forty people from York."} {
		got := readText(Input{Mail: textMail("Hello Mara,\n\n" + words + "\n\nEllen\n")}).newText
		if want := "Hello Mara,\n\n" + words; got != want {
			t.Errorf("the client wrote %q, and %q is left", want, got)
		}
	}
}
