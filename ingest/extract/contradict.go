package extract

import (
	"slices"
	"strings"

	"rapport/threads"
)

// Words by which a point of ours says that something is done, those by which a
// client's answer denies it, and those that begin like a denial and are none.
var (
	doneWords = []string{" done", " ready", " fixed", " repaired", " works", " working", " finished", " complete", " completed", " live", " in place", " online", " resolved", " solved", " accepts ", " delivered", " tested",
		"完成", "修复", "解决", "上线", "已经", "正常", "修好", "做好", "可以使用", " erledigt", " fertig", " behoben", " funktioniert", " terminé", " corrigé", " prêt", " fonctionne", " listo", " terminado", " corregido", " funciona", "完了", "修正し", "できました"}
	denials = []string{"no", "not yet", "not really", "not on", "not for", "not here", "not quite", "still", "sadly not", "unfortunately not", "it is not", "it isn't", "it does not", "it doesn't", "doesn't", "does not",
		"没有", "还没", "还是不", "还不", "仍然", "仍", "不是", "并没有", "依然", "nein", "noch nicht", "leider nicht", "immer noch", "nicht", "pas encore", "toujours pas", "non", "todavía no", "aún no", "sigue sin", "まだ", "いいえ"}
	noWorries  = []string{"没有问题", "没有意见", "没有异议", "no problem", "no objection", "no issue", "no complaint", "keine einwände", "kein problem", "pas de problème", "sin problema", "問題ありません", "問題なし"}
	countWords = []string{"i count", "we count", "i see", "we see", "i find", "we find", "i only", "we only", "only", "just", "rather", "more like", "我数", "我们数", "只有", "只看到", "我们只", "应该是", "ich zähle", "wir zählen", "nur", "je compte", "seulement", "cuento", "solo"}
)

// contradicts reads a short answer against the state and the numbers of the
// point above it: "Not on my phone." under "The checkout works on phones." says
// that it does not, and "I count 8." under "10 of 12 are done" that our number
// is wrong. Both are unsure, since the words alone do not say so.
func contradicts(o *found, about string) {
	switch {
	case o.kind != none && o.kind != threads.Decision, asks(about), asks(o.text), len(tokens(o.text, nil)) > 9, o.has("solved"), o.has("delight"), content(o.text):
	case beginsWith(o.text, denials) && claimsDone(about), beginsWith(o.text, countWords) && otherNumber(o.text, about):
		o.kind = threads.Problem
		o.unsure("it contradicts what we said is done")
	}
}

// content reports whether a client says that nothing is wrong, in words that
// begin like a denial.
func content(s string) bool {
	return slices.ContainsFunc(noWorries, func(w string) bool { return strings.Contains(plain(s), w) })
}

// otherNumber reports whether s has a number, and about has numbers but not
// that one.
func otherNumber(s, about string) bool {
	ours := numbersIn(about)
	for n := range numbersIn(s) {
		if len(ours) > 0 && !ours[n] {
			return true
		}
	}
	return false
}

func numbersIn(s string) map[string]bool {
	out := map[string]bool{}
	for _, n := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		out[n] = true
	}
	return out
}

// claimsDone reports whether a point of ours states a result. What we only plan
// is decided about, not denied.
func claimsDone(about string) bool {
	text := " " + plain(about) + " "
	for _, w := range []string{" will ", " plan ", " planned ", " next week ", " next month ", " propose ", " shall ", " would ", "计划", "下周", "下月", "将", "建议", "准备", " nächste ", " prochaine ", " próxima ", "予定"} {
		if strings.Contains(text, w) {
			return false
		}
	}
	for _, w := range doneWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
