package compose

import (
	"testing"
	"time"

	"rapport/threads"
)

func TestALetterWaitsForItsClientsHours(t *testing.T) {
	open := friday.Add(time.Hour)
	b := newBench(t, func(c *OutboxConfig) {
		c.When = func(l threads.Letter, now time.Time) time.Time {
			if l.ID == "a" && now.Before(open) {
				return open
			}
			return now
		}
	}, "a", "b")
	b.once(t)
	b.want(t, threads.Queued, threads.Taken)
	if !b.rows[0].Next.Equal(open) || len(b.sent) != 1 {
		t.Errorf("it waits until %v, and %d letters were sent", b.rows[0].Next, len(b.sent))
	}
	b.clock = open
	b.once(t)
	b.want(t, threads.Taken, threads.Taken)
}

func TestAMissedTimeAsksBeforeItIsSent(t *testing.T) {
	for _, c := range []struct {
		name  string
		late  time.Duration
		how   threads.Release
		state threads.DeliveryState
	}{
		{"in time", 0, threads.Release{SendAt: friday}, threads.Taken},
		{"a little late", time.Hour, threads.Release{SendAt: friday}, threads.Taken},
		{"missed", time.Hour + time.Second, threads.Release{SendAt: friday}, threads.Held},
		{"without a time it is never late", 48 * time.Hour, threads.Release{At: friday}, threads.Taken},
		{"released again after its time", 48 * time.Hour, threads.Release{SendAt: friday, At: friday.Add(time.Minute)}, threads.Taken},
	} {
		b := newBench(t, nil, "a")
		b.rows[0].Next, b.release, b.clock = friday, c.how, friday.Add(c.late)
		b.once(t)
		b.want(t, c.state)
		if held := c.state == threads.Held; held != (len(b.sent) == 0) || held && (b.rows[0].Attempts != 0 || b.rows[0].Words == "") {
			t.Errorf("%s: %d sent, %+v", c.name, len(b.sent), b.rows[0])
		}
	}
	// Nor does it go late because our own mail server did not work with us by then.
	b := newBench(t, nil, "a")
	b.release = threads.Release{SendAt: friday}
	b.answers["a@client.example"] = []Outcome{{State: threads.Deferring, Words: "535 wrong password", Down: true}}
	b.once(t)
	b.want(t, threads.Deferring)
	if !b.rows[0].Stuck() {
		t.Errorf("nobody sees what it waits for: %+v", b.rows[0])
	}
	b.clock = friday.Add(2 * time.Hour)
	b.once(t)
	b.want(t, threads.Held)
	// A time at which the client's hours are closed is missed when they were open.
	monday := friday.Add(64 * time.Hour)
	b = newBench(t, func(c *OutboxConfig) {
		c.When = func(_ threads.Letter, now time.Time) time.Time {
			if now.Before(monday) {
				return monday
			}
			return now
		}
	}, "a")
	b.rows[0].Next, b.release, b.clock = friday, threads.Release{SendAt: friday}, monday.Add(time.Hour)
	b.once(t)
	b.want(t, threads.Taken)
	b.rows[0].State, b.rows[0].Attempts, b.rows[0].Next, b.release, b.clock = threads.Queued, 0, friday, threads.Release{At: friday}, monday.Add(2*time.Hour)
	b.once(t)
	b.want(t, threads.Held)
	// Deferred by the client's server until long after its time, it was not missed.
	b = newBench(t, nil, "a")
	b.rows[0].Next, b.rows[0].Attempts, b.rows[0].State, b.release, b.clock = friday, 3, threads.Deferring, threads.Release{SendAt: friday}, friday.Add(9*time.Hour)
	b.once(t)
	b.want(t, threads.Taken)
}

func TestOurOwnTroubleCostsALetterNothing(t *testing.T) {
	b := newBench(t, func(c *OutboxConfig) { c.Attempts = 2 }, "a")
	for range 5 {
		b.answers["a@client.example"] = []Outcome{{State: threads.Deferring, Words: "535 wrong password", Down: true}}
		b.once(t)
		b.want(t, threads.Deferring)
		if b.rows[0].Attempts != 0 {
			t.Fatalf("it was counted: %+v", b.rows[0])
		}
		b.clock = b.rows[0].Next
	}
	// A letter at which the connection breaks each time may be the cause itself.
	for _, want := range []threads.DeliveryState{threads.Deferring, threads.Refused} {
		b.answers["a@client.example"] = []Outcome{{State: threads.Deferring, Words: "broke in the middle", Down: true, Tried: true}}
		b.once(t)
		b.want(t, want)
		b.clock = b.rows[0].Next
	}
}
