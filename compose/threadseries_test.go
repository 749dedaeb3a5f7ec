package compose

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func TestASeriesIsWhatWentOutBefore(t *testing.T) {
	id := func(daysAgo int) string {
		return threads.IDs{Now: func() time.Time { return friday.AddDate(0, 0, -daysAgo) }}.New(threads.ReportPrefix)
	}
	reports := []threads.Report{ // latest first, as the archive gives them
		{ID: id(-7), MessageID: "later@a.example", State: threads.ReportSent},
		{ID: id(0), MessageID: "itself@a.example", State: threads.ReportApproved},
		{ID: id(7), MessageID: "two@a.example", State: threads.ReportTrouble},
		{ID: id(14), MessageID: "never@a.example", State: threads.ReportCancelled},
		{ID: "imported", MessageID: "one@a.example", State: threads.ReportSent, ApprovedAt: friday.AddDate(0, 0, -21)},
	}
	s := SeriesOf(reports, friday)
	if len(s) != 2 || s[0].MessageID != "one@a.example" || s[1].MessageID != "two@a.example" {
		t.Errorf("series %v", s)
	}
	if !s[1].At.Equal(friday.AddDate(0, 0, -7)) {
		t.Errorf("its last letter is of %v", s[1].At)
	}
}

func TestReportsOfOneSecondFollowEachOther(t *testing.T) {
	written := func(at time.Time) threads.Report {
		id := threads.IDs{Now: func() time.Time { return at }}.New(threads.ReportPrefix)
		return threads.Report{ID: id, MessageID: id + "@a.example", State: threads.ReportSent}
	}
	now := friday.Add(300 * time.Millisecond)
	past := []threads.Report{written(friday.Add(time.Second)), written(friday), written(friday.AddDate(0, 0, -7))}
	at := afterAll(past, now)
	if want := friday.Add(2 * time.Second); !at.Equal(want) {
		t.Fatalf("the next is dated %v, want %v", at, want)
	}
	if s := SeriesOf(past, at); len(s) != 3 || s[2].MessageID != past[0].MessageID {
		t.Errorf("it follows %v", s)
	}
	if at := afterAll(past[2:], now); !at.Equal(friday) {
		t.Errorf("with nothing written just now it is dated %v", at)
	}
}

func TestReferencesAreTheRootAndTheLastTen(t *testing.T) {
	var s Series
	if s.references() != nil {
		t.Errorf("references of a first letter: %v", s.references())
	}
	for i := range 15 {
		s = append(s, Sent{fmt.Sprintf("%d@a.example", i), friday})
		got := s.references()
		if want := min(i+1, keptReferences+1); len(got) != want || got[0] != "0@a.example" || got[len(got)-1] != fmt.Sprintf("%d@a.example", i) {
			t.Errorf("after %d letters: %v", i+1, got)
		}
	}
}

func TestOutlookSeesOneConversation(t *testing.T) {
	var s Series
	var before []byte
	root := friday
	for i := range 150 { // three years of weekly reports
		at := root.AddDate(0, 0, 7*i)
		id := fmt.Sprintf("%d@a.example", i)
		text := s.index(id, at)
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if want := 22 + 5*min(i, deepest); len(b) != want {
			t.Fatalf("letter %d has an index of %d bytes, want %d", i, len(b), want)
		}
		if i > 0 && string(b[:22]) != string(before[:22]) {
			t.Fatalf("letter %d is in another conversation", i)
		}
		if i > 0 && i <= deepest && !strings.HasPrefix(string(b), string(before)) {
			t.Errorf("letter %d does not hang below the one before", i)
		}
		if len(text) > 900 {
			t.Errorf("the header has %d characters", len(text))
		}
		s, before = append(s, Sent{id, at}), b
	}
}

func TestAThreadIndexTellsTheTimes(t *testing.T) {
	s := Series{{"root@a.example", friday}}
	b, err := base64.StdEncoding.DecodeString(s.index("second@a.example", friday.AddDate(0, 0, 7)))
	if err != nil {
		t.Fatal(err)
	}
	ticks := binary.BigEndian.Uint64(append(b[:6:6], 0, 0))
	at := time.Unix(int64(ticks/1e7)-11644473600, 0)
	if d := at.Sub(friday).Abs(); d > time.Second {
		t.Errorf("the root is of %v, want %v", at, friday)
	}
	passed := time.Duration(uint64(binary.BigEndian.Uint32(b[22:26]))<<18) * 100
	if d := (passed - 7*24*time.Hour).Abs(); d > time.Second {
		t.Errorf("the second letter is %v later, want a week", passed)
	}
}
