package threads

// Record is a row of the archive as the log should have it: what whoever checks
// the archive compares with the lines of the log.
type Record struct {
	Entry Entry // At is zero where the row does not say when it was logged

	// N counts, from 1, among what the log has under one subject: the answers to
	// an item, the steps of a delivery. It is 0 for what happens once.
	N int

	Salt, Value []byte // what Entry.Commit opens to; nil where bundles have no need of it

	// Earlier is set for a row of a form in which an undone change brought back
	// what it was before without a line of its own.
	Earlier bool

	// Moved are further values that the row may have: an item's words, found again
	// by a later reading, may stand elsewhere in their mail.
	Moved [][]byte

	// Keeps is, of a hold on a thread, the one whose mail it keeps now: that into
	// which the thread was merged, if it was.
	Keeps string

	Covers []string // the messages of a change

	// Of an item or an answer, for bundles: what the row says. Past is what an
	// item was between two changes; nil Item and Answer elsewhere.
	Item   *Item
	Answer *Answer
	Past   bool

	To *Address // of a letter, for bundles: whom it is for

	// Erased are the mails with which what the row said was erased. Its
	// commitment in the log can then not be opened any more.
	Erased []string
	Says   bool // of what was erased, and yet says something: nothing in the log stands behind it
}
