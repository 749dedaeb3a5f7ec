package main

import (
	"testing"
	"time"

	"rapport/threads"
)

// All times of one list are of one zone: the client's, if there is one client.
func TestAListOfReportsHasOneZone(t *testing.T) {
	bath, xian := time.FixedZone("GMT", 0), time.FixedZone("CST", 8*3600)
	h := &house{}
	h.directory.Store(threads.NewDirectory([]threads.Project{{Key: "BATH", Zone: bath}, {Key: "XIAN", Zone: xian}}, nil, nil))
	for _, c := range []struct {
		keys []string
		want *time.Location
	}{{nil, time.Local}, {[]string{"XIAN", "XIAN"}, xian}, {[]string{"BATH"}, bath}, {[]string{"BATH", "XIAN"}, time.Local}} {
		var all []threads.Report
		for _, k := range c.keys {
			all = append(all, threads.Report{Project: k})
		}
		if got := h.listZone(all); got != c.want {
			t.Errorf("%v: %s, want %s", c.keys, got, c.want)
		}
	}
}
