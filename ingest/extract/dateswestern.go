package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

func days(n int) func(*dateReader) time.Time {
	return func(d *dateReader) time.Time { return d.now.AddDate(0, 0, n) }
}
func monthEnd(d *dateReader) time.Time     { return d.monthEnd(0) }
func nextMonthEnd(d *dateReader) time.Time { return d.monthEnd(1) }
func yearEnd(d *dateReader) time.Time {
	return time.Date(d.now.Year(), 12, 31, 12, 0, 0, 0, time.UTC)
}
func weekEnd(weeks int) func(*dateReader) time.Time {
	return func(d *dateReader) time.Time { return d.inWeek(time.Friday, weeks) }
}

var (
	dayMonth = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|\.|º)? (?:of |de |du )?([\p{L}]{3,10})\.?(?:,? (?:de |del )?(20\d\d))?`)
	monthDay = regexp.MustCompile(`([\p{L}]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?`)
	the17th  = regexp.MustCompile(`(?:^|[ (])(?:the |le |el |del |am |bis zum |zum |de |il |dia |op |до |к )(\d{1,2})(st|nd|rd|th|e|\.| числа| числу)?(?:[ ,.!?;)]|$)`)
	endOf    = regexp.MustCompile(`\b(?:end of|ende|fin|finales de|late) (?:de )?([\p{L}]{3,10})`)
	inDays   = regexp.MustCompile(`\b(?:within|in|innerhalb von|binnen|sous|dans|en) (?:the next )?(\d{1,2}|one|two|three|four|five|a|zwei|drei|deux|trois|dos|tres) (days?|weeks?|tage[n]?|wochen?|jours?|semaines?|días|semanas)\b`)
	isoDate  = regexp.MustCompile(`\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dotDate  = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d\b)?`)
	slash    = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?\b`)
)

// western reads weekdays, words and month names.
func (d *dateReader) western() []dayFound {
	var out []dayFound
	for _, w := range wordDates {
		if i := strings.Index(d.text, w.words); i >= 0 && wordAt(d.text, i, len(w.words)) && !d.covered(out, i) {
			deadline := d.deadline(i) || strings.HasPrefix(w.words, "to") && w.words != "tomorrow" || w.words == "heute" || strings.Contains(w.words, "end") && strings.Contains(d.text[:i], "by ")
			out = append(out, dayFound{day: w.day(d), at: i, deadline: deadline || w.words == "tomorrow"})
		}
	}
	if d.language == "de" || d.language == "nl" {
		if i := strings.Index(d.text, "morgen"); i >= 0 && wordAt(d.text, i, 6) && !endsWithAny(d.text[:i], "guten ", "goede ") {
			out = append(out, dayFound{day: d.now.AddDate(0, 0, 1), at: i, deadline: d.deadline(i)})
		}
	}
	out = append(out, d.weekdays()...)
	return append(out, d.months()...)
}

func (d *dateReader) covered(found []dayFound, at int) bool {
	width := 20
	if d.loose {
		width = 6 // "1/12 to 5/12" are two days
	}
	for _, f := range found {
		if at >= f.at && at < f.at+width {
			return true
		}
	}
	return false
}

func (d *dateReader) weekdays() []dayFound {
	var out []dayFound
	pos := 0
	for word := range strings.FieldsFuncSeq(d.text, func(r rune) bool { return r == ' ' || strings.ContainsRune(",.;:!?()\"\n/", r) }) {
		at := pos + strings.Index(d.text[pos:], word)
		pos = at + len(word)
		w, ok := weekdayNames[strings.TrimSuffix(word, "s")]
		if !ok || strings.HasSuffix(word, "'s") {
			if w, ok = weekdayNames[word]; !ok {
				continue
			}
		} else if strings.HasSuffix(word, "days") {
			continue // "on Mondays"
		}
		before := d.text[:at]
		day := d.weekday(w)
		switch {
		case endsWithAny(before, "last ", "letzten ", "past ", "vergangenen ", "on last ", "since ", "seit ", "every ", "each ", "jeden ", "depuis ", "desde el ", "chaque ", "sinds ", "elke ", "afgelopen ", "scorso ", "ogni ", "desde ", "passada ", "toda ", "прошлый ", "прошлую ", "каждый ", "каждую "):
			continue
		case endsWithAny(before, "next ", "nächsten ", "nächste ", "kommenden nächsten ", "próximo ", "próxima ", "volgende ", "prossimo ", "следующий ", "следующую ", "следующего ", "следующей "):
			day = d.inWeek(w, 1)
		}
		if next := strings.TrimLeft(d.text[pos:], " "); strings.HasPrefix(next, "next week") || strings.HasPrefix(next, "nächster woche") || strings.HasPrefix(next, "prochain") || strings.HasPrefix(next, "de la semana que viene") {
			day = d.inWeek(w, 1)
		} else if strings.HasPrefix(next, "last week") {
			continue
		}
		last := endsWithAny(before, "on ", "am ", "op ", "le ", "el ", "na ", "em ", "di ", "в ", "во ") && strings.Trim(d.text[pos:], " .!?)") == ""
		out = append(out, dayFound{day: day, at: at, deadline: d.deadline(at), weekday: true, last: last})
	}
	return out
}

func endsWithAny(s string, list ...string) bool {
	for _, p := range list {
		if strings.HasSuffix(s, p) {
			return true
		}
	}
	return false
}

// found adds a day that stands at a place of the text, unless there is no such
// day or the place has one already.
func (d *dateReader) found(out []dayFound, at, year, month, day int) []dayFound {
	if t, ok := d.date(year, month, day); ok && !d.covered(out, at) {
		out = append(out, dayFound{day: t, at: at, deadline: d.deadline(at)})
	}
	return out
}

func (d *dateReader) months() []dayFound {
	var out []dayFound
	add := func(at, year, month, day int) { out = d.found(out, at, year, month, day) }
	for _, m := range dayMonth.FindAllStringSubmatchIndex(d.text, 4) {
		if month := monthNames[d.text[m[4]:m[5]]]; month > 0 {
			add(m[0], d.number(m[6], m[7]), month, d.number(m[2], m[3]))
		}
	}
	for _, m := range monthDay.FindAllStringSubmatchIndex(d.text, 4) {
		if month := monthNames[d.text[m[2]:m[3]]]; month > 0 {
			add(m[0], d.number(m[6], m[7]), month, d.number(m[4], m[5]))
		}
	}
	for _, m := range the17th.FindAllStringSubmatchIndex(d.text, 4) {
		suffix := m[4] >= 0
		if t, ok := d.dayOfMonth(d.number(m[2], m[3])); ok && (suffix || d.text[m[1]-1] != ' ' && d.deadline(m[2])) && !d.covered(out, m[2]) && !strings.HasPrefix(d.text[m[1]:], "floor") {
			out = append(out, dayFound{day: t, at: m[2], deadline: d.deadline(m[2]) || strings.HasPrefix(d.text[m[0]:], "bis")})
		}
	}
	for _, m := range endOf.FindAllStringSubmatchIndex(d.text, 4) {
		if month := monthNames[d.text[m[2]:m[3]]]; month > 0 {
			if t, ok := d.date(0, month, 1); ok {
				out = append(out, dayFound{day: t.AddDate(0, 1, -1), at: m[0], deadline: d.deadline(m[0])})
			}
		}
	}
	for _, m := range inDays.FindAllStringSubmatchIndex(d.text, 2) {
		n := smallNumber(d.text[m[2]:m[3]])
		if strings.HasPrefix(d.text[m[4]:m[5]], "w") || strings.HasPrefix(d.text[m[4]:m[5]], "sem") {
			n *= 7
		}
		out = append(out, dayFound{day: d.now.AddDate(0, 0, n), at: m[0], deadline: strings.HasPrefix(d.text[m[0]:], "within")})
	}
	return out
}

func smallNumber(s string) int {
	switch s {
	case "a", "one":
		return 1
	case "two", "zwei", "deux", "dos":
		return 2
	case "three", "drei", "trois", "tres":
		return 3
	case "four":
		return 4
	case "five":
		return 5
	}
	n, _ := strconv.Atoi(s)
	return n
}

// numeric reads 2026-11-27, 27.11. and 27/11, the last one by the habit of the
// sender's country: month first in American time zones.
func (d *dateReader) numeric() []dayFound {
	var out []dayFound
	add := func(at, year, month, day int) { out = d.found(out, at, year, month, day) }
	for _, m := range isoDate.FindAllStringSubmatchIndex(d.text, 4) {
		add(m[0], d.number(m[2], m[3]), d.number(m[4], m[5]), d.number(m[6], m[7]))
	}
	if d.language != "en" || d.loose {
		for _, m := range dotDate.FindAllStringSubmatchIndex(d.text, 4) {
			add(m[0], d.number(m[6], m[7]), d.number(m[4], m[5]), d.number(m[2], m[3]))
		}
	}
	_, offset := d.now.Zone()
	american := d.language == "en" && offset <= -4*3600 && offset >= -10*3600
	for _, m := range slash.FindAllStringSubmatchIndex(d.text, 4) {
		day, month := d.number(m[2], m[3]), d.number(m[4], m[5])
		if american && month <= 31 && day <= 12 || month > 12 {
			day, month = month, day
		}
		if d.loose || m[6] >= 0 || d.deadline(m[0]) || endsWithAny(d.text[:m[0]], "on ", "am ", "le ", "el ") { // "1/2" alone is a half
			add(m[0], d.number(m[6], m[7]), month, day)
		}
	}
	return out
}

func (d *dateReader) number(from, to int) int {
	if from < 0 {
		return 0
	}
	n, _ := strconv.Atoi(d.text[from:to])
	return n
}

// deadline reports whether the words before a day make it one.
func (d *dateReader) deadline(at int) bool {
	before := strings.TrimRight(d.text[:at], " ")
	for range 5 { // "by the end of Friday", "by Friday, 5 May", "by close of business on Friday"
		for _, w := range deadlineBefore {
			if strings.HasSuffix(before, w) && wordAt(before, len(before)-len(w), len(w)) {
				return true
			}
		}
		cut := strings.LastIndexByte(before, ' ')
		if cut < 0 {
			return false
		}
		word := strings.Trim(before[cut:], " ,")
		if _, weekday := weekdayNames[word]; !weekday && !beforeDeadline[word] {
			return false
		}
		before = strings.TrimRight(before[:cut], " ,")
	}
	return false
}
