package mail

// The words of automatic replies, in lower case.
var (
	// exchangeReplies is what Exchange puts before the subject of its
	// out-of-office replies, by the language of the mailbox.
	exchangeReplies = []string{
		"automatic reply", "automatische antwort", "réponse automatique", "respuesta automática", "risposta automatica",
		"resposta automática", "automatisch antwoord", "automatiskt svar", "automatisk svar", "odpowiedź automatyczna",
		"automatická odpověď", "automaattinen vastaus", "автоматический ответ", "otomatik yanıt",
		"自动答复", "自动回复", "自動回覆", "自動応答", "자동 회신", "trả lời tự động",
	}

	// autoReplies mark an automatic reply of whatever kind.
	autoReplies = append([]string{
		"auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "automatic response", "automated reply",
		"automated response", "auto", "autom. antwort", "automatische antwort auf", "reponse automatique", "réponse auto",
		"respuesta automatica", "resposta automatica", "autosvar", "auto antwort", "automatikus válasz", "автоответ",
		"[auto-reply]", "[auto reply]", "自動回復", "自動返信", "自動回信", "자동 응답", "자동응답", "자동회신", "【自动回复】", "[自动回复]",
	}, exchangeReplies...)

	// awayReplies say that somebody is away, as a prefix.
	awayReplies = []string{
		"out of office", "out of the office", "out of office autoreply", "out of office reply", "out-of-office", "out-of-office reply",
		"out of office auto reply", "out of office: automatic reply", "out of office response", "ooo",
		"abwesenheitsnotiz", "abwesenheitsmeldung", "abwesenheitsnachricht", "abwesenheit", "abwesenheitsassistent", "nicht im büro",
		"absence du bureau", "absent du bureau", "message d'absence", "réponse d'absence", "notification d'absence", "en congé",
		"fuera de la oficina", "fuera de oficina", "ausente de la oficina", "ausencia de la oficina",
		"fuori ufficio", "fuori sede", "assenza dall'ufficio", "fora do escritório", "ausência do escritório", "ausência temporária",
		"afwezigheidsbericht", "afwezig", "niet aanwezig", "poza biurem", "nieobecność w biurze", "frånvarande", "frånvaromeddelande",
		"fravær", "ikke til stede", "poissa", "вне офиса", "отсутствую на рабочем месте", "ofis dışında",
		"不在办公室", "外出自动回复", "休假自动回复", "假期自动回复", "不在辦公室", "不在通知", "不在のお知らせ", "不在連絡", "부재중", "부재중 알림",
	}

	// awayWords say it anywhere in the subject of a mail that is known to be
	// automatic.
	awayWords = []string{
		"out of office", "out of the office", "out-of-office", "vacation", "holiday", "on leave", "annual leave", "maternity leave", "parental leave", "away",
		"abwesen", "urlaub", "nicht im büro", "elternzeit", "absence", "absent", "congé", "vacances", "fuera de", "ausen", "vacaciones",
		"fuori", "assen", "ferie", "férias", "ausên", "fora do", "afwezig", "vakantie", "semester", "frånvar", "fravær", "poissa",
		"poza biurem", "nieobecn", "urlop", "dovolen", "отпуск", "отсутств", "вне офиса", "ofis dışı",
		"不在办公室", "不在辦公室", "外出", "休假", "度假", "放假", "出差", "假期", "年假", "产假", "離職", "离职", "不在", "休暇", "休業", "부재", "휴가", "출장",
	}

	// awayOpenings say it in the first line of a mail that is known to be
	// automatic. Plain "vacation" may be what the mail is about.
	awayOpenings = []string{
		"out of office", "out of the office", "on vacation", "on holiday", "on leave", "nicht im büro", "im urlaub", "absent du bureau", "en congé",
		"不在办公室", "不在辦公室", "正在休假", "在休假", "休假中", "正在度假", "在度假", "度假中", "正在出差", "出差中", "外出中", "我休假", "假期自动回复", "休假自动回复", "不在のため",
	}

	// autoOpenings begin the text of automatic replies.
	autoOpenings = []string{
		"this is an automatic", "this is an automated", "this is an auto-", "this is an auto ", "this is an autoreply", "this message was generated automatically",
		"this email was sent automatically", "this e-mail was sent automatically", "*** automatic reply", "automatic reply:", "auto-reply:", "auto reply:",
		"dies ist eine automatische", "dies ist eine automatisch", "diese nachricht wurde automatisch", "diese e-mail wurde automatisch", "automatische antwort:",
		"ceci est une réponse automatique", "ceci est un message automatique", "ce message est une réponse automatique", "réponse automatique",
		"esta es una respuesta automática", "este es un mensaje automático", "respuesta automática",
		"questa è una risposta automatica", "questo è un messaggio automatico", "esta é uma resposta automática", "esta é uma mensagem automática",
		"dit is een automatisch", "detta är ett automatiskt", "dette er et automatisk", "to jest automatyczna", "это автоматическ", "данное письмо сформировано автоматически",
		"此邮件由系统自动", "本邮件由系统自动", "本邮件为系统自动", "本邮件为自动", "此邮件为自动", "此邮件为系统自动", "这是一封自动回复", "这是自动回复", "系统自动回复", "自动回复:", "自动回复：",
		"这是来自qq邮箱的假期自动回复", "这是来自qq邮箱的自动回复", "本郵件由系統自動", "此郵件由系統自動", "這是一封自動", "系統自動回覆",
		"このメールは自動", "本メールは自動", "これは自動", "自動返信", "自動応答", "이 메일은 자동", "본 메일은 자동",
	}
)
