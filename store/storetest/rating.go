package storetest

import (
	"testing"

	"rapport/threads"
)

// ratings are found by their project, the latest first, and gone with their mail.
func ratings(t *testing.T, h *house) {
	rates := func(score int) edit {
		return func(f *threads.Filing) { f.Message.Rating = &threads.Rated{Score: score, Report: "r1"} }
	}
	filed := h.file(h.mail("a@x", rates(4)), h.mail("b@x", rates(2)), h.mail("c@x"), h.mail("d@x", rates(1), project("TEA")))
	scores := func() (out []int) {
		list, err := h.store.Ratings(background, "ACME", 10)
		h.must(err)
		for _, r := range list {
			out = append(out, r.Score)
			same(t, "whose", []string{r.Report, r.From.Address}, []string{"r1", "anna@acme.example"})
		}
		return out
	}
	same(t, "ratings", scores(), []int{2, 4})
	m := h.message(filed[0].Message)
	same(t, "with its mail", *m.Rating, threads.Rated{Score: 4, Report: "r1"})
	m.Rating = nil
	c, err := h.store.Change(background, threads.Change{Kind: threads.ChangeReread, By: "mara"}, []threads.Filing{{Message: m}})
	h.must(err)
	same(t, "read otherwise", scores(), []int{2})
	_, err = h.store.Undo(background, c.ID, "mara")
	h.must(err)
	same(t, "and back", scores(), []int{2, 4})
	h.must(h.store.Erase(background, []string{filed[0].Message}, byMara))
	same(t, "erased", scores(), []int{2})
}
