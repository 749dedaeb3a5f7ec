package storetest

import (
	"testing"

	"rapport/threads"
)

// A hold keeps mail where it is, whether it would be filed elsewhere or what
// brought it there is undone: elsewhere its time may be over.
func undoneUnderHold(t *testing.T, h *house) {
	f := h.file(h.mail("a@x", subject("Offer")))[0]
	m := h.message(f.Message)
	m.Project, m.Thread = "TEA", ""
	moved, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, []threads.Filing{{Message: m}})
	h.must(err)
	hold, err := h.store.Hold(background, threads.Hold{Project: "TEA", Reason: "a lawsuit", By: "lin"})
	h.must(err)

	before := h.world()
	_, err = h.store.Undo(background, moved.ID, "mara")
	h.wants(err, threads.ErrConflict)
	same(t, "the archive", h.world(), before)

	_, err = h.store.Lift(background, hold.ID, "lin")
	h.must(err)
	_, err = h.store.Undo(background, moved.ID, "mara")
	h.must(err)
	same(t, "its project", h.message(f.Message).Project, "ACME")
}
