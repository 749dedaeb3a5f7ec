package mail

import "strings"

// How much a line says that a forwarded mail follows.
const (
	noMark     = iota
	weakMark   // "Original Message": also above the quotation of a reply
	strongMark // "Forwarded message"
)

var strongMarks = words2(
	"forwarded message", "begin forwarded message", "forwarded mail", "forwarded by", "forwarded email",
	"weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "weitergeleitete e-mail", "weitergeleitet",
	"message transféré", "début du message transféré", "début du message réexpédié", "message transmis", "message réexpédié", "courriel transféré",
	"mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato", "inizio del messaggio inoltrato",
	"mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada",
	"doorgestuurd bericht", "begin doorgestuurd bericht", "vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt meddelelse", "videresendt melding",
	"przekazana wiadomość", "wiadomość przekazana", "przesłana dalej wiadomość", "treść przekazanej wiadomości", "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения",
	"iletilen mesaj", "yönlendirilen mesaj", "přeposlaná zpráva", "edelleenlähetetty viesti",
	"已转发邮件", "转发的邮件", "转发邮件", "转发邮件信息", "转发的消息", "转发的原邮件", "下面是被转发的邮件", "下面是转发的邮件", "以下是转发的邮件", "开始转发的邮件", "已转发的邮件", "转发消息", "被转发邮件信息",
	"轉寄的郵件", "轉寄郵件", "已轉寄的郵件", "開始轉寄的郵件", "開始轉寄郵件", "轉寄訊息", "轉寄的訊息", "以下是轉寄的郵件", "轉寄者",
	"転送されたメッセージ", "転送メッセージ", "転送メール", "転送元のメッセージ", "以下転送", "転送メッセージ開始", "전달된 메시지", "전달된 메일", "전달한 메시지",
)

var weakMarks = words2(
	"original message", "original email", "original mail", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "message d'origine", "message original", "mensaje original",
	"messaggio originale", "mensagem original", "oorspronkelijk bericht", "originalmeddelande", "ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding", "wiadomość oryginalna", "oryginalna wiadomość", "исходное сообщение", "orijinal mesaj", "původní zpráva",
	"原始邮件", "邮件原件", "原邮件", "原始信息", "邮件原文", "original", "原始郵件", "原始訊息", "元のメッセージ", "オリジナルメッセージ", "원본 메시지", "원본메시지",
)

func words2(list ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range list {
		m[w] = true
	}
	return m
}

// forwardMark reads a line such as "---------- Forwarded message ---------" or
// "Begin forwarded message:".
func forwardMark(line string) int {
	if len(line) > 200 {
		return noMark
	}
	_, line = quoteDepth(line)
	dashed := strings.Contains(line, "--") || strings.Contains(line, "__") || strings.Contains(line, "==")
	if !dashed && !strings.ContainsAny(line, ":：") {
		return noMark
	}
	core := strings.ToLower(fold(strings.Trim(line, "-_=*#|> \t\u00a0\u3000")))
	colon := strings.HasSuffix(core, ":") || strings.HasSuffix(core, "：")
	core = strings.TrimRight(core, ":： ")
	if !dashed && !colon {
		return noMark
	}
	switch {
	case strongMarks[core]:
		return strongMark
	case weakMarks[core] && dashed:
		return weakMark
	case dashed && strings.HasPrefix(core, "forwarded by "): // Lotus Notes
		return strongMark
	}
	return noMark
}

// blockKeys are the field names of header blocks, without blanks, in lower case.
var blockKeys = func() map[string]string {
	m := map[string]string{}
	for kind, names := range map[string]string{
		"from": `from von de da van från fra od от откого kimden gönderen lähettäjä 发件人 寄件者 寄件人 发信人 發件人 差出人 送信者 보낸사람 发件者 absender expéditeur remitente mittente remetente afzender`,
		"date": `date sent datum gesendet gesendetam envoyé envoyéle fecha enviado enviadoel data inviato dataora enviadaem enviada verzonden verzondenop skickat dato sendt
			дата отправлено wysłano wysłane tarih gönderilmetarihi gönderilen päivämäärä lähetetty 发送时间 时间 日期 发送日期 發送時間 寄件日期 傳送日期 寄件時間 时间日期 送信日時 日付 日時 送信日 보낸날짜 날짜 보낸시간`,
		"to":      `to an à a pour para aan till til kime кому do komu vastaanottaja 收件人 收件者 收信人 宛先 받는사람 destinataire empfänger destinatario`,
		"cc":      `cc kopie copie copia kopia ccopia копия dw kopi bilgi kopio 抄送 抄送人 副本 参照 참조 bcc 密送 密件副本 reply-to antwortan répondreà 回复 回复至`,
		"subject": `subject betreff objet sujet asunto oggetto assunto onderwerp ämne emne тема temat konu předmět aihe 主题 主旨 标题 主題 件名 제목 主题词`,
	} {
		for _, n := range strings.Fields(names) {
			m[n] = kind
		}
	}
	return m
}()

// blockKey is the kind of header field that a line of a block is, "" if none.
// Names may be bold in plain text, spread with blanks, or in a table cell.
func blockKey(line string) string {
	name, _ := splitBlock(line)
	return blockKeys[name]
}

func blockValue(line string) string {
	_, value := splitBlock(line)
	return value
}

func splitBlock(line string) (name, value string) {
	_, line = quoteDepth(line[:min(len(line), 4000)])
	line = strings.Trim(line, " \t\u00a0\u3000")
	if cells := strings.Split(strings.Trim(line, "|"), "|"); strings.HasPrefix(line, "|") && len(cells) >= 2 {
		name, value = cells[0], strings.Join(cells[1:], " ")
	} else {
		at, width := strings.IndexByte(line, ':'), 1
		if i := strings.Index(line, "："); i >= 0 && (at < 0 || i < at) {
			at, width = i, len("：")
		}
		if at < 0 || at > 60 {
			return "", ""
		}
		name, value = line[:at], line[at+width:]
	}
	name = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '*', '\u00a0', '\u3000', '\t', ':', '：', '_':
			return -1
		}
		return r
	}, strings.ToLower(name))
	return name, strings.Trim(value, " \t*;；\u00a0\u3000")
}
