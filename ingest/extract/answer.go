package extract

import (
	"slices"
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
	s = plain(s[:min(len(s), 200)])
	for _, w := range list {
		if rest, ok := strings.CutPrefix(s, w); ok && (rest == "" || rest[0] == ' ' || han(first(w))) {
			return true
		}
	}
	return false
}

const ratingLabel = "rating"

// ratingWords stand before the number of a rating, in lower case.
var ratingWords = []string{"rating", "score", "my rating", "our rating", "评分", "評分", "评价", "打分", "满意度", "bewertung", "note", "puntuación", "valoración", "評価"}

// labelled reads a line that one of our answer buttons has written, however
// the client went on: "F-13 Gift vouchers: yes", "D-4: no, too dear", "评分：5".
func labelled(s string) (label, value string, ok bool) {
	i := strings.IndexAny(s[:min(len(s), 160)], ":：")
	if i <= 0 {
		return "", "", false
	}
	head := strings.Trim(s[:i], " *_>\t\u00a0")
	value = strings.TrimSpace(strings.TrimLeft(s[i:], ":：*_"))
	word, _, _ := strings.Cut(head, " ")
	if pointLabel(word) {
		return word, value, true
	}
	low := strings.ToLower(head)
	for _, w := range ratingWords {
		if low == w && ratingOf(value) > 0 {
			return ratingLabel, value, true
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

// ratingOf reads "4", "4/5", "5分", "★★★★"; 0 if it is none from 1 to 5.
func ratingOf(s string) int {
	if n := strings.Count(s, "★"); n > 0 && n <= 5 {
		return n
	}
	if s == "" || s[0] < '1' || s[0] > '5' || len(s) > 1 && (isDigit(s[1]) || (s[1] == '.' || s[1] == ',') && len(s) > 2 && isDigit(s[2])) {
		return 0
	}
	return int(s[0] - '0')
}

// button reads the answer of a button line exactly. A rating is no item; a
// line without an answer is none either. An answer to a question of ours
// ("Q-2: forty") is read by its words; facts remembers what is none by them.
func (f *finder) button(o *found, label, value string) {
	if label == ratingLabel {
		f.rating = &threads.Rated{Score: ratingOf(value), Report: f.ratedReport(o)}
		o.kind = none
		return
	}
	if wordless(value) {
		o.kind = none
		return
	}
	yes, no := beginsWith(value, yesWords), beginsWith(value, noWords)
	if !yes && !no && !option(value) {
		if label[0] == 'Q' || asks(value) {
			f.reread(o, value)
			return
		}
		o.become(threads.Decision)
		o.unsure("the answer is neither yes nor no")
		return
	}
	o.become(threads.Decision)
	o.guard(ruleFlags(value, f.language))
}

// ratedReport is the report that a rating is about: the one that it stands
// beside or that the mail answers, else the likeliest that has asked for one.
func (f *finder) ratedReport(o *found) string {
	if p := &f.pieces[o.piece]; p.sent != nil {
		return p.sent.Report
	}
	if report := f.repliedTo(); report != "" {
		return report
	}
	for _, s := range f.in.Sent {
		if slices.ContainsFunc(s.Points, func(p threads.Point) bool { return p.ID == ratingLabel }) {
			return s.Report
		}
	}
	return ""
}

// reread reads a sentence by its last part only.
func (f *finder) reread(o *found, value string) {
	part := &found{sentence: o.sentence, text: value}
	f.read(part)
	o.kind, o.sure, o.why, o.share = part.kind, part.sure, part.why, part.share
}

// answer reads a sentence as the answer to what stands above it.
func answer(o *found, about string) {
	yes, no := beginsWith(o.text, yesWords), beginsWith(o.text, noWords)
	long := len(tokens(o.head, nil))
	short := long <= 5
	switch {
	case (yes || no) && asks(about) && proposes(about) && !asks(o.text) && long <= 14 && (o.kind == none || o.kind == threads.Praise):
		o.become(threads.Decision)
	case o.kind == none && short && (yes || no) && proposes(about) && !o.has("solved"):
		o.become(threads.Decision)
	case o.kind == none && long <= 12 && content(o.text) && (wantsConsent(about) || !claimsDone(about)) && proposes(about) && !asks(o.text):
		o.become(threads.Decision)
	case o.kind == none && short && option(o.text):
		o.become(threads.Decision)
		o.unsure("a bare option, read as the choice")
	case o.kind != threads.Decision && o.kind != threads.Problem && long <= 6 && offersChoice(about) && !asks(o.text):
		o.become(threads.Decision)
		o.unsure("a short answer, read as the choice")
	}
}

// offersChoice: the point asks which of several it shall be.
func offersChoice(about string) bool {
	if !asks(about) {
		return false
	}
	text := " " + plain(about[max(0, len(about)-300):]) + " "
	for _, w := range []string{" or ", " oder ", " ou ", " o ", "还是", "或", "哪个", "哪一", "哪种", "选", " which of ", " do you prefer ", " would you prefer ", " you like better ", "それとも", "どちら"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
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

// wantsConsent reports whether a point of ours asks to confirm or to approve.
func wantsConsent(about string) bool {
	text := plain(about)
	for _, w := range []string{"confirm", "approv", "agree", "consent", "确认", "批准", "同意", "验收", "bestätig", "freigabe", "genehmig", "valider", "aprob", "承認", "確認"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// option: "B", "B, please", "Option 2", "方案二", "第二个".
func option(s string) bool {
	t := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(t) == 1 && t[0] >= 'A' && t[0] <= 'Z' {
		return true
	}
	low := plain(s[:min(len(s), 200)])
	for _, p := range []string{"option ", "version ", "variant ", "variante ", "方案", "第一", "第二", "第三", "选"} {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return len(t) > 2 && t[0] >= 'A' && t[0] <= 'F' && (t[1] == ',' || t[1] == ' ' && strings.HasPrefix(strings.ToLower(t[2:]), "please"))
}
