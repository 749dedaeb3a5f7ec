package mail

// Phrases of non-delivery, of delivery not yet done and of receipts, in lower
// case, as mail systems write them.
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

// unreadTexts say in a receipt that the mail was not read.
var unreadTexts = []string{
	"not read:", "without being read", "ungelesen gelöscht", "ungelesen:", "nicht gelesen:", "supprimé sans avoir été lu", "supprimé sans être lu", "non lu :", "non lu:",
	"eliminado sin leer", "eliminado sin haber sido leído", "no leído:", "eliminato senza essere", "não lida:", "未读:", "未读：", "未阅读", "未经阅读", "未讀", "未開封", "읽지 않",
}

// copyMarks begin the copy of the returned letter.
var copyMarks = []string{
	"------ this is a copy of", "this is a copy of the message", "--- below this line is a copy of the message", "below this line is a copy", "----- original message -----", "----- message header follows", "----- returned message",
	"-----original message-----", "--- original message", "----- the original message", "--- the header of the original", "----- unsent message", "---- 原邮件 ----", "---- 原邮件", "原邮件内容", "----- forwarded message", "original message headers:", "original message details", "message headers follow",
	"the body of the message is", "return-path: <",
}
