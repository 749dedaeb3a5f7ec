package web

import (
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func TestSatisfactionOfAProject(t *testing.T) {
	w := newWorld(t)
	if page := body(t, serve(t, w), "/p/HARBOUR-WEB?lang=en"); strings.Contains(page, "Satisfaction") {
		t.Error("nobody has rated, and the page tells of satisfaction")
	}
	for i, score := range []int{5, 4, 2} {
		m := &w.memory.messages[i]
		m.Project, m.From, m.Rating = "HARBOUR-WEB", anna, &threads.Rated{Score: score, Report: "r" + string(rune('1'+i))}
		m.Received = ago(time.Duration(9-i) * day)
	}
	s := serve(t, w)
	says(t, s, "/p/HARBOUR-WEB?lang=en", "Satisfaction", "3.7 of 5, on average", "falling", "Ask what is wrong", "2 of 5", "Anna Lindqvist", "4 of 5", "5 of 5")
	says(t, s, "/p/HARBOUR-WEB?lang=zh", "满意度", "下降", "请在下次报告前主动询问原因")
	if page := body(t, s, "/p/HARBOUR-WEB"); !strings.Contains(page, `<a href="/m/`+w.memory.messages[2].ID+`"><meter`) {
		t.Error("a rating does not lead to its mail")
	}
}
