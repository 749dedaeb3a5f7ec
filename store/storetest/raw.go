package storetest

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"rapport/store"
	"rapport/threads"
)

// bytesLong gives a mail n bytes that cannot be made shorter.
func bytesLong(n int) edit {
	return func(f *threads.Filing) {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		f.Raw = []byte("Message-ID: <" + f.Message.MessageID + ">\r\n\r\n")
		for len(f.Raw) < n {
			f.Raw = append(f.Raw, byte(random.Uint32()))
		}
	}
}

// largeMails: whatever the size of a mail, all its bytes come back.
func largeMails(t *testing.T, h *house) {
	const piece = 1 << 20
	for _, n := range []int{100, piece - 1, piece, piece + 1, 2 * piece, 8 * piece, 8*piece + 1, 11*piece + 17} {
		f := h.mail("large@x", bytesLong(n))
		id := h.file(f)[0].Message
		raw, err := h.store.Within(threads.Scope{Projects: []string{"ACME"}}).Raw(background, id)
		h.must(err)
		if !bytes.Equal(raw, f.Raw) {
			t.Errorf("of %d bytes %d came back, or others", len(f.Raw), len(raw))
		}
		if again := h.file(f)[0]; !again.Known || again.Message != id {
			t.Errorf("%d bytes, filed again: %+v", n, again)
		}
	}
	damaged := h.damaged
	same(t, "damage", len(damaged()), 0)
	db := h.direct()
	drop := "drop trigger raw_no_delete"
	if strings.HasPrefix(h.url, "postgres") {
		drop = "alter table raw disable trigger raw_kept"
	}
	_, err := db.Exec(drop)
	h.must(err)
	f := h.mail("large@x", bytesLong(11*piece+17))
	_, err = db.Exec("delete from raw where sha = '" + shaOf(f.Raw[9*piece:10*piece]) + "'")
	h.must(err)
	found := damaged()
	if len(found) != 1 || !strings.Contains(found[0], "its piece") {
		t.Errorf("without a piece: %q", found)
	}
	if _, err := h.store.Raw(background, h.file(f)[0].Message); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a mail without a piece is given: %v", err)
	}
}

// damaged are the raw mails that are not what they should be, in words.
func (h *house) damaged() (found []string) {
	h.t.Helper()
	h.must(h.store.Snapshot(background, func(s *store.Snapshot) error {
		return s.Raws(func(_ string, check func() error) error {
			if err := check(); err != nil {
				found = append(found, err.Error())
			}
			return nil
		})
	}))
	return found
}
