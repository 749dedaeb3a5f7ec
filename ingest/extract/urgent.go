package extract

import (
	"slices"

	"rapport/threads"
)

// urgent reports whether a sentence itself says that it cannot wait: one of
// the urgent phrases, and none that takes it back ("no rush", "不急").
func urgent(flags []string) bool {
	return slices.Contains(flags, "urgent") && !slices.Contains(flags, "calm")
}

// rushes takes a sentence that says no more than whether what stands before it
// can wait ("That is urgent!", "It is not urgent.") for what it is: nothing by
// itself, and haste for that or none.
func (o *found) rushes(before *found) {
	if before == nil || before.piece != o.piece || before.paragraph != o.paragraph || !o.has("urgent") && !o.has("calm") {
		return
	}
	switch before.kind {
	case threads.Request, threads.Problem, threads.Concern, threads.Question:
	default:
		return
	}
	short := width(o.text) <= 24 || !o.sure && width(o.text) <= 40
	if o.kind == threads.Praise || short && !asks(o.text) && !o.has("request") && !o.has("fault") {
		o.kind = none
	}
	if o.kind == none {
		before.rushed = urgent(o.flags)
	}
}
