package threads

import (
	"testing"
	"time"
)

func TestWhenAReportIsDue(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		when, err := time.ParseInLocation("Mon 2006-01-02 15:04", s, london)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	week := Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}
	twoWeeks := Rhythm{Every: "two-weeks", Weekday: time.Friday, At: "16:00"}
	month := Rhythm{Every: "month", At: "16:00"}
	now := at("Wed 2026-11-25 09:00")
	for _, c := range []struct {
		name       string
		rhythm     Rhythm
		last, want string
	}{
		{"no rhythm", Rhythm{}, "", ""},
		{"the first", week, "", "Fri 2026-11-27 16:00"},
		{"after one on time", week, "Fri 2026-11-20 16:00", "Fri 2026-11-27 16:00"},
		{"after one a day early", week, "Thu 2026-11-26 10:00", "Fri 2026-12-04 16:00"},
		{"after one two days late", week, "Sun 2026-11-22 10:00", "Fri 2026-11-27 16:00"},
		{"late", week, "Fri 2026-11-06 15:00", "Fri 2026-11-13 16:00"},
		{"every second week", twoWeeks, "Fri 2026-11-20 16:00", "Fri 2026-12-04 16:00"},
		{"every second week, a day early", twoWeeks, "Thu 2026-11-19 16:00", "Fri 2026-12-04 16:00"},
		{"at the end of the month", month, "Mon 2026-11-02 16:00", "Mon 2026-11-30 16:00"},
		{"over the change of the clocks", week, "Fri 2026-10-23 16:00", "Fri 2026-10-30 16:00"},
		{"without a time", Rhythm{Every: "week", Weekday: time.Monday}, "", "Mon 2026-11-30 17:00"},
		{"an unknown rhythm", Rhythm{Every: "decade"}, "", ""},
	} {
		if got := c.rhythm.Due(at(c.last), now, Hours{Zone: london}); !got.Equal(at(c.want)) {
			t.Errorf("%s: due %s, want %s", c.name, got, c.want)
		}
	}
}

func TestADueDayOnWhichNobodyWorks(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	office := Hours{Zone: newYork, Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		Holidays: []string{"2026-11-26", "2026-11-27", "2026-12-24", "2026-12-25", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01"}}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("Mon 2006-01-02 15:04", s, newYork)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	week := Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}
	for _, c := range []struct {
		name      string
		rhythm    Rhythm
		last, now string
		want      string
	}{
		{"on the working day before", week, "Fri 2026-11-20 15:00", "Mon 2026-11-23 09:00", "Wed 2026-11-25 16:00"},
		{"and after one on that day a week later", week, "Wed 2026-11-25 15:00", "Wed 2026-11-25 16:00", "Fri 2026-12-04 16:00"},
		{"the first is not late from the beginning", week, "", "Thu 2026-11-26 09:00", "Fri 2026-12-04 16:00"},
		{"before the holidays", week, "Fri 2026-12-18 15:00", "Mon 2026-12-21 09:00", "Wed 2026-12-23 16:00"},
		{"a week without a working day has none", week, "Wed 2026-12-23 15:00", "Mon 2026-12-28 09:00", "Fri 2027-01-08 16:00"},
		{"the last working day of the month", Rhythm{Every: "month", At: "16:00"}, "Mon 2026-11-30 15:00", "Tue 2026-12-01 09:00", "Wed 2026-12-23 16:00"},
		{"at the weekend", Rhythm{Every: "week", Weekday: time.Sunday, At: "16:00"}, "Fri 2026-12-04 15:00", "Mon 2026-12-07 09:00", "Fri 2026-12-11 16:00"},
		{"an hour that the clocks leave out", Rhythm{Every: "week", Weekday: time.Sunday, At: "02:30"}, "", "Thu 2027-03-11 09:00", "Fri 2027-03-12 02:30"},
	} {
		var last time.Time
		if c.last != "" {
			last = at(c.last)
		}
		if got := c.rhythm.Due(last, at(c.now), office); !got.Equal(at(c.want)) {
			t.Errorf("%s: due %s, want %s", c.name, got, c.want)
		}
	}
	for _, clock := range []string{"2027-03-14 02:30", "2026-11-01 01:30"} { // left out, and twice there
		day := clock[:10]
		from, err := time.ParseInLocation(time.DateOnly, day, newYork)
		if err != nil {
			t.Fatal(err)
		}
		r := Rhythm{Every: "week", Weekday: time.Sunday, At: clock[11:]}
		if got := r.Due(time.Time{}, from, Hours{Zone: newYork}); got.In(newYork).Format(time.DateOnly) != day {
			t.Errorf("%s: due %s", clock, got)
		}
	}
}

func TestWhatCountsAsAReport(t *testing.T) {
	at := func(s string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	p := &Project{Rhythm: Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}}
	monday := at("2026-11-23 10:00")
	missed := []Delivery{{State: Held, Words: TimeMissed}}
	for _, c := range []struct {
		name string
		last Report
		want string
	}{
		{"sent", Report{State: ReportSent, ApprovedAt: at("2026-11-27 10:00")}, "2026-12-04 16:00"},
		{"approved early, for its day", Report{State: ReportQueued, ApprovedAt: monday, Release: Release{SendAt: at("2026-11-27 16:00")}}, "2026-12-04 16:00"},
		{"approved early, released on its day", Report{State: ReportSent, ApprovedAt: monday, ReleasedAt: at("2026-11-27 11:00")}, "2026-12-04 16:00"},
		{"missed", Report{State: ReportApproved, ApprovedAt: monday, Deliveries: missed, Release: Release{SendAt: at("2026-11-27 16:00")}}, "2026-12-04 16:00"},
		{"approved and never released", Report{State: ReportApproved, ApprovedAt: at("2026-11-27 10:00")}, "2026-11-27 16:00"},
		{"withdrawn", Report{State: ReportCancelled, ApprovedAt: at("2026-11-27 10:00")}, "2026-11-27 16:00"},
	} {
		before := Report{State: ReportSent, ApprovedAt: at("2026-11-20 15:00")}
		if got := p.Due([]Report{c.last, before}, at("2026-11-27 18:00")); !got.Equal(at(c.want)) {
			t.Errorf("%s: due %v, want %s", c.name, got, c.want)
		}
	}
}

func TestWhatAReportWaitsFor(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	r := Report{Deliveries: []Delivery{
		{State: Queued, Next: now.Add(2 * time.Hour)}, {State: Queued, Next: now.Add(time.Hour)}, {State: Deferring, Attempts: 2, Next: now.Add(time.Minute)},
		{State: Held},
	}}
	if got := r.Goes(now); !got.Equal(now.Add(time.Hour)) || r.Missed() || r.Stuck() {
		t.Errorf("goes %v, missed %v, stuck %v", got, r.Missed(), r.Stuck())
	}
	if got := r.Goes(now.Add(3 * time.Hour)); !got.IsZero() {
		t.Errorf("what could go at once goes at %v", got)
	}
}
