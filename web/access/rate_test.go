package access

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func TestABurstThenOnceAnInterval(t *testing.T) {
	l := newLimit(time.Minute, 3, 100)
	tries := func(at time.Time, n int) (allowed int) {
		for range n {
			if l.allow("mara", at) {
				allowed++
			}
		}
		return allowed
	}
	if got := tries(noon, 10); got != 3 {
		t.Errorf("%d tries at once", got)
	}
	if got := tries(noon.Add(2*time.Minute), 10); got != 2 {
		t.Errorf("%d tries two minutes later", got)
	}
	if !l.allow("chen", noon) {
		t.Error("one's tries count for another")
	}
}

func TestKeysAreBounded(t *testing.T) {
	l := newLimit(time.Minute, 3, 100)
	allowed := 0
	for i := range 10000 {
		if l.allow(fmt.Sprint(i), noon) {
			allowed++
		}
	}
	if len(l.buckets) != 100 || allowed != 103 {
		t.Errorf("%d keys are known, %d tries were allowed", len(l.buckets), allowed)
	}
	if !l.allow("mara", noon.Add(time.Hour)) || len(l.buckets) != 1 {
		t.Errorf("after an hour %d keys are known", len(l.buckets))
	}
}

func TestOneCustomerIsOneKey(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "": "", "pipe": "pipe",
	} {
		if got := network(address); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}
