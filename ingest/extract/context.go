package extract

import (
	"strings"

	"rapport/threads"
)

// context changes the reading of a sentence by what stands around it.
func (f *finder) context(o *found, before *found) {
	if before != nil && before.kind == threads.Decision && before.piece == o.piece && o.has("condition") && conditionFollows(o.text) {
		before.unsure("a condition follows: “" + clip(o.text, 200) + "”")
	}
	if o.bare && (closing(o.text) && width(o.text) < 50 && !asks(o.text) && !o.has("request") && !o.has("delight") && !o.has("fault") || salutation(o)) {
		o.kind = none
		return
	}
	if label, value, ok := labelled(o.text); ok {
		f.button(o, label, value)
		return
	}
	if about := f.about(o); about != "" {
		answer(o, about)
		contradicts(o, about)
	}
	if before != nil && before.piece == o.piece && o.kind == threads.Request && before.kind == threads.Problem && onlyFix(o.text) {
		o.kind, before.fix = none, o.head // a fault with "please fix it" is one problem
	}
	if o.kind == threads.Decision {
		f.decision(o)
	}
	o.rushes(before)
}

// decision guards the most delicate kind: what is bound to a condition, hedged,
// or not plainly a decision, is unsure.
func (f *finder) decision(o *found) {
	share := o.share[classOf(threads.Decision)]
	if f.about(o) == "" && (share < minDecision || o.has("request") && !o.has("decision")) {
		o.share[classOf(threads.Decision)] = 0
		o.kind = classes[best(o.share[:])]
		o.unsure("it may be a decision")
		return
	}
	o.guard(o.flags)
}

// guard makes a decision unsure that the flags bind to a condition or hedge.
func (o *found) guard(flags []string) {
	switch {
	case ruleHas(flags, "condition"):
		o.unsure("the decision has a condition")
	case ruleHas(flags, "hedge"):
		o.unsure("the decision is hedged")
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

// conditionFollows: the sentence binds what was said before it.
func conditionFollows(s string) bool {
	return beginsWith(s, []string{"but", "only", "provided", "as long as", "on condition", "under the condition", "subject to", "unless", "however", "first", "except", "one condition", "though",
		"但", "不过", "前提", "条件", "只要", "除非", "只是", "先", "aber", "nur", "sofern", "vorausgesetzt", "mais", "seulement", "à condition", "pero", "solo", "siempre que", "ただし", "ただ", "但し"})
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// about is what the sentence answers: what stands in the quotation above it.
// At the end of the mail only the first paragraph answers it.
func (f *finder) about(o *found) string {
	p := &f.pieces[o.piece]
	if p.last && o.paragraph > 0 {
		return ""
	}
	return p.about
}

// salutation: "Hi Tom," alone on its line.
func salutation(o *found) bool {
	switch lastRune(o.text) {
	case ',', '，', ':', '：':
		return width(o.text) < 40 && o.start == 0 || width(o.text) < 24 && !o.item
	}
	return false
}

// onlyFix: "please fix it", "麻烦处理一下" and nothing else.
func onlyFix(s string) bool {
	if width(s) > 60 {
		return false
	}
	text := " " + plain(s) + " "
	for _, w := range []string{" fix ", " repair ", " correct ", " look into ", " sort this ", " sort it ", " have a look ", " take a look ", " check ", " see to it ", " investigate ",
		"修复", "修一下", "处理一下", "看一下", "查一下", "排查", "解决", "修正", " beheben ", " korrigieren ", " reparieren ", " prüfen ", " corriger ", " réparer ", " arreglar ", " corregir "} {
		if strings.Contains(text, w) {
			return strings.Count(text, " ") < 9 || han(first(s))
		}
	}
	return false
}
