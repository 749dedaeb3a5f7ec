package store

import (
	"testing"
	"time"

	"rapport/threads"
)

// Between the reading of the list and the work on it a mail may be erased, or
// another process has done the work: then nothing is to be indexed any more.
func TestARepairLeavesAloneWhatIsNoLongerListed(t *testing.T) {
	s := openTemp(t)
	filed, err := s.File(t.Context(), nil, []threads.Filing{{
		Message: threads.Message{Project: "ACME-WEB", Subject: "Calendar", Received: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)},
		Raw:     []byte("Subject: Calendar\r\n\r\nplease\r\n"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	id := filed[0].Message
	indexed := func() int {
		n, err := read(t.Context(), s, scalar[int], `select count(*) from search`)
		if err != nil {
			t.Fatal(err)
		}
		return n[0]
	}
	if indexed() != 1 {
		t.Fatalf("%d mails are in the index, want 1", indexed())
	}
	list := []string{id} // as Repair has read it
	if err := s.Erase(t.Context(), list, threads.Erasure{Cause: threads.CauseRequest, Reason: "asked", By: "olga"}); err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func(t *tx) error { return t.repair(list) }); err != nil {
		t.Fatal(err)
	}
	if indexed() != 0 {
		t.Error("an erased mail is in the index again")
	}
}
