package threads

// ChangeCorrect is a change of what a mail's items are, by hand.
const ChangeCorrect ChangeKind = "correct"

// NoItem stands for a kind where words are no item.
const NoItem Kind = "none"

// CorrectionStep names what is done to an item.
type CorrectionStep string

// The steps by which a manager corrects what was read.
const (
	CorrectRead    CorrectionStep = "read"    // another kind, facet, urgency or due date
	CorrectDismiss CorrectionStep = "dismiss" // it is no item
	CorrectReturn  CorrectionStep = "return"  // it is one all the same
	CorrectSplit   CorrectionStep = "split"   // it is two
	CorrectMerge   CorrectionStep = "merge"   // two are one
	CorrectAdd     CorrectionStep = "add"     // words that are an item were not found
)

// Correction is one step. An empty Kind or Facet and a nil Urgent or Due leave
// what is there.
type Correction struct {
	Step CorrectionStep
	By   string // login

	Item  string // id of the item; "" to add one
	Other string // merge: id of the item that goes into it

	Message    string // add: the mail's id
	Words      string // add: its exact words; split: those with which the second part begins
	Start, End int    // add: byte offsets in the new text, where Words is ""

	Kind   Kind // split: this and what follows are of the second part
	Facet  Facet
	Urgent *bool
	Due    *string // "2026-11-27", "" for none
}

// Example is a sentence as a manager has read it.
type Example struct {
	Project  string `json:"project"`
	Kind     Kind   `json:"kind"` // NoItem where it is none
	Facet    Facet  `json:"facet"`
	Urgent   bool   `json:"urgent"`
	Language string `json:"language"`
	Text     string `json:"text"`
}
