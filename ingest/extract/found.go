package extract

import (
	"slices"

	"rapport/threads"
)

// found is what was read of one sentence.
type found struct {
	sentence
	text  string
	head  string // what is read of it
	flags []string

	language string     // the mail's, or its own
	share    [8]float64 // of each class
	kind     threads.Kind
	facet    threads.Facet // where the manager told it
	sure     bool
	why      string
	told     *Reading // where another reader has read it
	rushed   bool     // the next sentence says that it cannot wait
	fix      string   // the next sentence, which only asks to mend it
	label    string   // of the question of ours that it answers without naming it

	taught bool // the manager has told how to read it
}

// Mails hold more sentences that are no item than the labelled ones do, and a
// claimed decision must be right: what the model says is weighed by that.
const (
	noneBias    = 0.3 // added to the score of "none"
	plainBias   = 0.6 // added where the words hardly mean anything else
	minDecision = 0.5 // share below which a sentence by itself is no decision
	sureShare   = 0.6 // share from which a kind is sure
)

// plainWords are the flags whose words are hardly used for anything else. They
// weigh more than the few sentences that the model has seen them in.
var plainWords = []struct {
	flag string
	kind threads.Kind
}{{"fault", threads.Problem}, {"delight", threads.Praise}, {"unease", threads.Concern}}

// read classifies one sentence by itself.
func (f *finder) read(o *found) {
	o.head = o.text[:min(len(o.text), maxSentence)] // no rule has half a character
	o.language = sentenceLanguage(o.head, f.language)
	o.flags = ruleFlags(o.head, o.language)
	f.features.of(o.head, o.language, o.flags)
	f.model.Kinds.scores(&f.features, o.share[:])
	if !o.has("asks") || !o.has("question") { // what is asked in so many words is hardly nothing
		o.share[0] += noneBias
	}
	for _, w := range plainWords {
		if o.has(w.flag) && !o.has("solved") && !o.has("hypothetical") && !o.has("hearsay") {
			o.share[classOf(w.kind)] += plainBias
		}
	}
	softmax(o.share[:])
	top := best(o.share[:])
	o.become(classes[top])
	if o.share[top] < sureShare {
		o.unsure("the wording is not clear")
	}
}

func (o *found) has(flag string) bool { return slices.Contains(o.flags, flag) }

// become makes the sentence surely of a kind.
func (o *found) become(k threads.Kind) { o.kind, o.sure, o.why = k, true, "" }

func (o *found) unsure(why string) { o.sure, o.why = false, why }
