package threads

import (
	"testing"
	"time"
)

func TestALetterGoesWithAnOldDate(t *testing.T) {
	now := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return now.AddDate(0, 0, n) }
	for name, c := range map[string]struct {
		approved time.Time
		d        Delivery
		want     bool
	}{
		"held since yesterday":     {days(-1), Delivery{State: Held}, false},
		"held for a week":          {days(-7), Delivery{State: Held}, true},
		"approved early, for then": {days(-1), Delivery{State: Queued, Next: days(6)}, true},
		"waits for the morning":    {days(0), Delivery{State: Queued, Next: days(1)}, false},
		"went out":                 {days(-7), Delivery{State: Taken, Attempts: 1}, false},
		"tried since":              {days(-7), Delivery{State: Deferring, Attempts: 3}, false},
		"withdrawn":                {days(-7), Delivery{State: Cancelled}, false},
	} {
		r := Report{ApprovedAt: c.approved, Deliveries: []Delivery{c.d}}
		if got := r.Old(now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
