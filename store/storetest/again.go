package storetest

import (
	"testing"

	"rapport/threads"
)

// letterAdded: a report that went out gets a letter more, by whoever decides
// that; who let the report go stays who did so first.
func letterAdded(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	raw := []byte("To: cara\r\nMessage-ID: <again@us.example>\r\n\r\nWhat we did\r\n")
	l := threads.Letter{ID: "l0000000000000009", Report: r.ID, Recipient: threads.Address{Name: "Cara", Address: "cara@acme.example"},
		MessageID: "again@us.example", SHA: shaOf(raw), Raw: raw, By: "mara"}
	_, err := h.store.AddLetter(background, l, threads.Release{})
	h.wants(err, threads.ErrConflict) // the report itself waits still
	for _, by := range []string{"lin", "eve"} {
		r, err = h.store.Release(background, r.ID, threads.Release{ReleasedBy: by})
		h.must(err)
		same(t, "who let it go", r.ReleasedBy, "lin")
	}
	other := l
	other.Raw = []byte("other")
	_, err = h.store.AddLetter(background, other, threads.Release{})
	h.wants(err, threads.ErrNotApproved)
	r, err = h.store.AddLetter(background, l, threads.Release{})
	h.must(err)
	same(t, "with the letter", states(h, r.ID), "queued: queued queued queued")
	_, err = h.store.AddLetter(background, l, threads.Release{})
	h.wants(err, threads.ErrConflict) // it has one for that address
	var by []string
	for _, d := range r.Deliveries {
		l, err := h.store.LetterRaw(background, d.Letter)
		h.must(err)
		by = append(by, l.By)
	}
	same(t, "who approved the letters", by, []string{"lin", "lin", "mara"})
	checkTree(h)
}
