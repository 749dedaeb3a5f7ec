package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	hanDate    = regexp.MustCompile(`(?:(20\d\d)年)?(明年)?(\d{1,2}|[一二三四五六七八九十]{1,3})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号號]?`)
	hanDay     = regexp.MustCompile(`(下个?月|本月|这个?月)?(\d{1,2}|[一二三四五六七八九十]{2,3})[号號日]`)
	hanWeekday = regexp.MustCompile(`(下下|下个?|下個|本|这个?|這個?|上个?|每个?|来)?(?:周|星期|礼拜|禮拜|週)([一二三四五六日天])`)
	jaWeekday  = regexp.MustCompile(`(来[週周]の?|今[週周]の?|次の)?([月火水木金土日])曜日?`)
	hanMonth   = regexp.MustCompile(`(下个?|本|这个?|(\d{1,2})|([一二三四五六七八九十]{1,3}))?月(?:底|末)`)
	hanIn      = regexp.MustCompile(`(\d{1,2}|[一二两三四五六七八九十]{1,2})(天|个?工作日|日|周|个?星期|週間)(?:之内|以内|内)`)
	hanISO     = regexp.MustCompile(`(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})`)
)

var hanWords = []struct {
	word string
	days int
}{
	{"大后天", 3}, {"后天", 2}, {"明天", 1}, {"明日", 1}, {"明早", 1}, {"明晚", 1}, {"今天", 0}, {"今日", 0}, {"今晚", 0}, {"本日", 0}, {"明后日", 2}, {"明晨", 1},
}

// deadlineAfter are the words behind a day that make it a deadline.
var deadlineAfter = []string{"前", "之前", "以前", "内", "之内", "以内", "下班前", "中午前", "晚上前", "上午前", "中", "必须", "必須", "务必", "截止", "为止", "止", "就要", "要用", "までに", "まで", "迄"}

// eastern reads Chinese and Japanese days.
func (d *dateReader) eastern() []dayFound {
	var out []dayFound
	add := func(t time.Time, ok bool, from, to int) {
		if ok && !covered8(out, from) {
			out = append(out, dayFound{day: t, at: from, deadline: d.before(to)})
		}
	}
	sub := func(m []int, k int) string {
		if m[2*k] < 0 {
			return ""
		}
		return d.text[m[2*k]:m[2*k+1]]
	}
	for _, m := range hanISO.FindAllStringSubmatchIndex(d.text, 4) {
		t, ok := d.date(hanNumber(sub(m, 1)), hanNumber(sub(m, 2)), hanNumber(sub(m, 3)))
		add(t, ok, m[0], m[1])
	}
	for _, m := range hanDate.FindAllStringSubmatchIndex(d.text, 4) {
		year := hanNumber(sub(m, 1))
		if sub(m, 2) != "" {
			year = d.now.Year() + 1
		}
		t, ok := d.date(year, hanNumber(sub(m, 3)), hanNumber(sub(m, 4)))
		add(t, ok, m[0], m[1])
	}
	for _, m := range hanMonth.FindAllStringSubmatchIndex(d.text, 4) {
		t := d.monthEnd(0)
		if month := max(hanNumber(sub(m, 2)), hanNumber(sub(m, 3))); month > 0 {
			if first, ok := d.date(0, month, 1); ok {
				t = first.AddDate(0, 1, -1)
			}
		} else if strings.HasPrefix(sub(m, 1), "下") {
			t = d.monthEnd(1)
		}
		add(t, true, m[0], m[1])
	}
	for _, m := range hanWeekday.FindAllStringSubmatchIndex(d.text, 4) {
		if p := sub(m, 1); !strings.HasPrefix(p, "上") && !strings.HasPrefix(p, "每") {
			add(d.hanWeekday(p, sub(m, 2)), true, m[0], m[1])
		}
	}
	for _, m := range jaWeekday.FindAllStringSubmatchIndex(d.text, 4) {
		w := time.Weekday(strings.Index("日月火水木金土", sub(m, 2)) / 3)
		t := d.weekday(w)
		if strings.HasPrefix(sub(m, 1), "来") {
			t = d.inWeek(w, 1)
		}
		add(t, d.language == "ja", m[0], m[1])
	}
	for _, m := range hanDay.FindAllStringSubmatchIndex(d.text, 4) {
		t, ok := d.dayOfMonth(hanNumber(sub(m, 2)))
		if strings.HasPrefix(sub(m, 1), "下") {
			t = time.Date(d.now.Year(), d.now.Month()+1, hanNumber(sub(m, 2)), 12, 0, 0, 0, time.UTC)
		}
		add(t, ok, m[0], m[1])
	}
	for _, m := range hanIn.FindAllStringSubmatchIndex(d.text, 4) {
		n := hanNumber(sub(m, 1))
		if u := sub(m, 2); strings.Contains(u, "周") || strings.Contains(u, "星期") || strings.Contains(u, "週") {
			n *= 7
		}
		out = append(out, dayFound{day: d.now.AddDate(0, 0, n), at: m[0], deadline: true})
	}
	for _, w := range hanWords {
		if i := strings.Index(d.text, w.word); i >= 0 {
			add(d.now.AddDate(0, 0, w.days), !strings.HasPrefix(d.text[i+len(w.word):], "早上") || w.days > 0, i, i+len(w.word))
		}
	}
	return append(out, d.relativeMonthEnds()...)
}

// relativeMonthEnds reads 年底 and 周末前.
func (d *dateReader) relativeMonthEnds() []dayFound {
	var out []dayFound
	if i := strings.Index(d.text, "年底前"); i >= 0 {
		out = append(out, dayFound{day: yearEnd(d), at: i, deadline: true})
	}
	for _, w := range []string{"本周内", "这周内", "本周之内"} {
		if i := strings.Index(d.text, w); i >= 0 {
			out = append(out, dayFound{day: d.inWeek(time.Friday, 0), at: i, deadline: true})
		}
	}
	return out
}

func covered8(found []dayFound, at int) bool {
	for _, f := range found {
		if at >= f.at && at < f.at+8 {
			return true
		}
	}
	return false
}

func (d *dateReader) hanWeekday(prefix, day string) time.Time {
	w := time.Weekday(strings.Index("日一二三四五六", strings.Replace(day, "天", "日", 1)) / 3)
	switch {
	case strings.HasPrefix(prefix, "下下"):
		return d.inWeek(w, 2)
	case strings.HasPrefix(prefix, "下"), prefix == "来":
		return d.inWeek(w, 1)
	case prefix != "":
		return d.inWeek(w, 0)
	}
	return d.weekday(w)
}

// before reports whether the words behind a day make it a deadline, with a
// time of day or a weekday in brackets between them.
func (d *dateReader) before(to int) bool {
	rest := d.text[to:min(len(d.text), to+60)]
	if strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "（") {
		if i := strings.IndexAny(rest, ")）"); i > 0 {
			rest = strings.TrimLeft(rest[i:], ")）")
		}
	}
	for _, w := range []string{"上午", "下午", "中午", "晚上", "早上", "下班", "晚", "午"} {
		rest = strings.TrimPrefix(rest, w)
	}
	rest = strings.TrimLeft(rest, "0123456789:点：半時 ")
	for _, w := range deadlineAfter {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// hanNumber reads 15 and 十五, 0 if it is neither.
func hanNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, tens := 0, false
	for _, r := range s {
		switch i := strings.IndexRune("一二三四五六七八九", r); {
		case r == '十':
			n, tens = max(n, 1)*10, true
		case r == '两':
			n = 2
		case i >= 0 && tens:
			n += i/3 + 1
		case i >= 0:
			n = n*10 + i/3 + 1
		}
	}
	return n
}
