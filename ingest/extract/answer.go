package extract

import (
	"strings"
	"unicode"

	"rapport/threads"
)

// The first words of a bare answer.
var (
	yesWords = []string{"yes", "yep", "yeah", "ok", "okay", "agreed", "agree", "sure", "fine", "approved", "approve", "accepted", "accept", "go ahead", "correct", "confirmed", "confirm", "do it", "please do", "of course",
		"同意", "可以", "好", "行", "没问题", "是", "要", "对", "做", "做吧", "批准", "通过", "确认", "采纳", "ja", "einverstanden", "passt", "genehmigt", "oui", "d'accord", "sí", "si", "vale", "de acuerdo", "はい", "承認", "了承", "結構", "お願いします"}
	noWords = []string{"no", "nope", "not needed", "rejected", "reject", "declined", "decline", "never", "don't", "不", "不要", "不用", "不需要", "不同意", "不做", "不行", "取消", "否", "不必", "算了", "nein", "abgelehnt", "non", "refusé", "rechazado",
		"いいえ", "不要", "見送り", "later", "yes but", "maybe"}
)

// beginsWith reports whether s begins with one of the words as a whole word.
func beginsWith(s string, list []string) bool {
	s = plain(s)
	for _, w := range list {
		if rest, ok := strings.CutPrefix(s, w); ok && (rest == "" || rest[0] == ' ' || han(first(w))) {
			return true
		}
	}
	return false
}

// labelled reads a line that one of our answer buttons has written, however
// the client went on: "F-13 Gift vouchers: yes", "D-4: no, too dear", "评分：5".
func labelled(s string) (label, value string, ok bool) {
	i := strings.IndexAny(s, ":：")
	if i <= 0 || i > 120 {
		return "", "", false
	}
	head := strings.TrimSpace(s[:i])
	value = strings.TrimSpace(strings.TrimLeft(s[i:], ":："))
	word, _, _ := strings.Cut(head, " ")
	switch {
	case pointLabel(word):
		return word, value, true
	case strings.EqualFold(head, "rating") || head == "评分" || head == "評分" || head == "评价" || strings.EqualFold(head, "bewertung") || strings.EqualFold(head, "note") || strings.EqualFold(head, "score"):
		if value != "" && isDigit(value[0]) {
			return "rating", value, true
		}
	}
	return "", "", false
}

// pointLabel: one to three capitals, a dash and a number: "F-13", "D-4", "P3".
func pointLabel(s string) bool {
	n := 0
	for n < len(s) && s[n] >= 'A' && s[n] <= 'Z' {
		n++
	}
	digits := strings.TrimPrefix(s[n:], "-")
	return n > 0 && n <= 3 && allDigits(digits) && len(digits) <= 5
}

// button reads the answer of a button line exactly. A rating is no item; a
// line without an answer is none either.
func (f *finder) button(o *found, label, value string) {
	if label == "rating" || letters(value) == "" {
		o.kind = none
		return
	}
	yes, no := beginsWith(value, yesWords), beginsWith(value, noWords)
	if asks(value) && !yes && !no {
		return
	}
	o.kind, o.sure, o.why = threads.Decision, true, ""
	switch {
	case ruleHas(ruleFlags(value, f.language), "condition"):
		o.unsure("the decision has a condition")
	case !yes && !no:
		o.unsure("the answer is neither yes nor no")
	}
}

func ruleHas(flags []string, flag string) bool {
	for _, f := range flags {
		if f == flag {
			return true
		}
	}
	return false
}

// named ties an item to the point of our letter whose label it names.
func (f *finder) named(it *threads.Item) {
	if it.Point != "" {
		return
	}
	label, _, ok := labelled(it.Text)
	if !ok {
		return
	}
	for i := range f.in.Sent {
		for _, p := range f.in.Sent[i].Points {
			if strings.EqualFold(p.ID, label) {
				it.Point, it.Report = p.ID, f.in.Sent[i].Report
				return
			}
		}
	}
}

// answer reads a sentence as the answer to what stands above it.
func answer(o *found, about string) {
	yes, no := beginsWith(o.text, yesWords), beginsWith(o.text, noWords)
	short := len(tokens(o.text, nil)) <= 5
	switch {
	case o.kind == none && short && (yes || no) && proposes(about):
		o.kind, o.sure, o.why = threads.Decision, true, ""
	case o.kind == none && short && option(o.text):
		o.kind = threads.Decision
		o.unsure("a bare option, read as the choice")
	}
}

// proposes reports whether a point of ours asks for a decision or states what
// we are going to do; a question for information is answered by a fact.
func proposes(about string) bool {
	if !asks(about) {
		return true
	}
	text := " " + plain(about)
	for _, w := range []string{" how ", " what ", " which day", " when ", " who ", " where ", "多少", "什么", "哪", "几", "谁", " wann ", " wie ", " was ", " wer ", " quand ", " combien ", " cuándo ", " cuánt", "いつ", "どこ", "いくら"} {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// option: "B", "B, please", "Option 2", "方案二", "第二个".
func option(s string) bool {
	t := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(t) == 1 && t[0] >= 'A' && t[0] <= 'F' {
		return true
	}
	low := plain(s)
	for _, p := range []string{"option ", "version ", "variant ", "variante ", "方案", "第一", "第二", "第三", "选"} {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return len(t) > 2 && t[0] >= 'A' && t[0] <= 'F' && (t[1] == ',' || t[1] == ' ' && strings.HasPrefix(strings.ToLower(t[2:]), "please"))
}
