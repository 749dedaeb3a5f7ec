package web

import (
	"testing"
	"time"

	"rapport/templates"
	"rapport/threads"
)

// reader is a visit by somebody who reads that language.
func reader(t *testing.T, tag string) *visit {
	t.Helper()
	languages, err := newLanguages(templates.Pages())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range languages {
		if l.tag == tag {
			return &visit{lang: l, now: today, dir: threads.NewDirectory(nil, nil, nil)}
		}
	}
	t.Fatalf("no language %s", tag)
	return nil
}

func TestMoments(t *testing.T) {
	en, zh := reader(t, "en"), reader(t, "zh")
	shanghai := zone(t, "Asia/Shanghai")
	for _, c := range []struct {
		at             time.Time
		en, enAgo      string
		zh, zhAgo, iso string
	}{
		{ago(0), "Wed 25 Nov, 17:30", "just now", "11月25日 周三 17:30", "刚刚", "2026-11-25T17:30:00+08:00"},
		{ago(time.Minute), "Wed 25 Nov, 17:29", "1 min ago", "11月25日 周三 17:29", "1 分钟前", "2026-11-25T17:29:00+08:00"},
		{ago(5 * time.Hour), "Wed 25 Nov, 12:30", "5 h ago", "11月25日 周三 12:30", "5 小时前", "2026-11-25T12:30:00+08:00"},
		{ago(24 * time.Hour), "Tue 24 Nov, 17:30", "1 day ago", "11月24日 周二 17:30", "1 天前", "2026-11-24T17:30:00+08:00"},
		{ago(8 * day), "Tue 17 Nov, 17:30", "", "11月17日 周二 17:30", "", "2026-11-17T17:30:00+08:00"},
		{time.Date(2025, 2, 1, 4, 5, 0, 0, time.UTC), "1 Feb 2025, 12:05", "", "2025年2月1日 12:05", "", "2025-02-01T12:05:00+08:00"},
		{today.Add(time.Hour), "Wed 25 Nov, 18:30", "", "11月25日 周三 18:30", "", "2026-11-25T18:30:00+08:00"},
		{time.Time{}, "", "", "", "", ""},
	} {
		if got := en.at(c.at, shanghai); got != (moment{c.iso, c.en, c.enAgo}) {
			t.Errorf("%v in English: %+v", c.at, got)
		}
		if got := zh.at(c.at, shanghai); got != (moment{c.iso, c.zh, c.zhAgo}) {
			t.Errorf("%v in Chinese: %+v", c.at, got)
		}
	}
}

func TestDueDates(t *testing.T) {
	en, zh := reader(t, "en"), reader(t, "zh")
	for iso, want := range map[string][3]string{
		"2026-11-22": {"3 days late", "已逾期 3 天", "late"},
		"2026-11-24": {"1 day late", "已逾期 1 天", "late"},
		"2026-11-25": {"today", "今天", "soon"},
		"2026-11-26": {"tomorrow", "明天", "soon"},
		"2026-11-27": {"Fri 27 Nov", "11月27日 周五", "soon"},
		"2026-12-24": {"Thu 24 Dec", "12月24日 周四", "later"},
		"2027-01-02": {"2 Jan 2027", "2027年1月2日", "later"},
		"soon":       {"soon", "soon", "later"},
		"":           {"", "", ""},
	} {
		for i, v := range []*visit{en, zh} {
			if got := v.due(iso, time.UTC); got.Text != want[i] || got.Kind != want[2] || got.ISO != iso {
				t.Errorf("due %q for %s: %+v", iso, v.lang.tag, got)
			}
		}
	}
	if got := en.due("2026-11-26", zone(t, "Pacific/Auckland")); got.Text != "tomorrow" { // 22:30 on the 25th there
		t.Errorf("due in Auckland: %+v", got)
	}
	if got := en.due("2026-11-25", zone(t, "Pacific/Kiritimati")); got.Kind != "soon" {
		t.Errorf("due in Kiritimati: %+v", got)
	}
}

func TestPeriods(t *testing.T) {
	en, zh := reader(t, "en").lang, reader(t, "zh").lang
	for s, want := range map[string][2]string{
		"2026-W48":               {"Week 48, 2026", "2026 年第 48 周"},
		"2026-11":                {"Nov 2026", "2026年11月"},
		"2026-11-16..2026-11-22": {"16 Nov 2026 to 22 Nov 2026", "2026年11月16日 至 2026年11月22日"},
		"sprint 4":               {"sprint 4", "sprint 4"},
	} {
		if en.period(s) != want[0] || zh.period(s) != want[1] {
			t.Errorf("period %q: %q, %q", s, en.period(s), zh.period(s))
		}
	}
}

func TestRhythmInWords(t *testing.T) {
	en, zh := reader(t, "en"), reader(t, "zh")
	for _, c := range []struct {
		rhythm threads.Rhythm
		en, zh string
	}{
		{threads.Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}, "Weekly, Fri 16:00", "每周五 16:00"},
		{threads.Rhythm{Every: "two-weeks", Weekday: time.Monday}, "Every two weeks, Mon", "每两周一次，周一"},
		{threads.Rhythm{Every: "month", At: "17:00"}, "Monthly, last day 17:00", "每月最后一天 17:00"},
		{threads.Rhythm{}, "No fixed rhythm", "不定期"},
	} {
		if en.rhythm(c.rhythm) != c.en || zh.rhythm(c.rhythm) != c.zh {
			t.Errorf("%+v: %q, %q", c.rhythm, en.rhythm(c.rhythm), zh.rhythm(c.rhythm))
		}
	}
}
