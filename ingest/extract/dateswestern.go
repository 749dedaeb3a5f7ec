package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var monthNames = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "dezember": 12,
	"janvier": 1, "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"gennaio": 1, "febbraio": 2, "aprile": 4, "maggio": 5, "giugno": 6, "luglio": 7, "settembre": 9, "ottobre": 10, "dicembre": 12,
}

var weekdayNames = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0,
	"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5,
	"montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5, "samstag": 6, "sonnabend": 6, "sonntag": 0,
	"lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6, "dimanche": 0,
	"lunes": 1, "martes": 2, "miércoles": 3, "jueves": 4, "viernes": 5, "sábado": 6, "domingo": 0,
	"lunedì": 1, "martedì": 2, "mercoledì": 3, "giovedì": 4, "venerdì": 5, "sabato": 6, "domenica": 0,
}

// wordDate is a word or phrase that names a day by itself.
var wordDates = []struct {
	words string
	day   func(d *dateReader) time.Time
}{
	{"day after tomorrow", days(2)}, {"übermorgen", days(2)}, {"après-demain", days(2)}, {"pasado mañana", days(2)},
	{"tomorrow", days(1)}, {"demain", days(1)}, {"mañana", days(1)},
	{"tonight", days(0)}, {"today", days(0)}, {"this afternoon", days(0)}, {"this evening", days(0)}, {"heute", days(0)}, {"aujourd'hui", days(0)}, {"hoy", days(0)},
	{"end of the month", monthEnd}, {"end of this month", monthEnd}, {"end of month", monthEnd}, {"month's end", monthEnd}, {"month end", monthEnd},
	{"ende des monats", monthEnd}, {"monatsende", monthEnd}, {"fin du mois", monthEnd}, {"fin de mes", monthEnd}, {"final de mes", monthEnd}, {"finales de mes", monthEnd},
	{"end of next month", nextMonthEnd}, {"fin du mois prochain", nextMonthEnd},
	{"end of the week", weekEnd(0)}, {"end of this week", weekEnd(0)}, {"end of next week", weekEnd(1)}, {"ende der woche", weekEnd(0)}, {"ende nächster woche", weekEnd(1)},
	{"fin de la semaine", weekEnd(0)}, {"fin de semana", weekEnd(0)}, {"end of the year", yearEnd}, {"year's end", yearEnd}, {"end of year", yearEnd}, {"jahresende", yearEnd},
}

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
	the17th  = regexp.MustCompile(`\b(?:the |le |el |am |bis zum |zum )(\d{1,2})(st|nd|rd|th|\.)?(?:[ ,.!?;)]|$)`)
	endOf    = regexp.MustCompile(`\b(?:end of|ende|fin|finales de|late) (?:de )?([\p{L}]{3,10})`)
	inDays   = regexp.MustCompile(`\b(?:within|in|innerhalb von|binnen|sous|dans|en) (?:the next )?(\d{1,2}|one|two|three|four|five|a|zwei|drei|deux|trois|dos|tres) (days?|weeks?|tage[n]?|wochen?|jours?|semaines?|días|semanas)\b`)
	isoDate  = regexp.MustCompile(`\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dotDate  = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d\b)?`)
	slash    = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?\b`)
)

// deadlineBefore are the words before a day that make it a deadline.
var deadlineBefore = []string{"deadline", "deadline is", "deadline ist", "frist ist", "due date is", "due date", "fecha límite", "date limite", "by", "before", "until", "till", "latest", "than", "due", "due on", "for", "bis", "bis zum", "vor", "vor dem", "spätestens", "spätestens am", "avant",
	"avant le", "d'ici", "d'ici le", "d'ici à", "jusqu'au", "pour", "pour le", "au plus tard", "au plus tard le", "antes del", "antes de", "antes", "para el", "para", "hasta el", "by the", "before the",
	"until the", "till the", "no later than", "by end of", "by the end of", "entro", "by this", "by next", "by coming", "by this coming", "bis zum ende", "bis", "bis ende", "by latest"}

// western reads weekdays, words and month names.
func (d *dateReader) western() []dayFound {
	var out []dayFound
	for _, w := range wordDates {
		if i := strings.Index(d.text, w.words); i >= 0 && wordAt(d.text, i, len(w.words)) && !d.covered(out, i) {
			deadline := d.deadline(i) || strings.HasPrefix(w.words, "to") && w.words != "tomorrow" || w.words == "heute" || strings.Contains(w.words, "end") && strings.Contains(d.text[:i], "by ")
			out = append(out, dayFound{day: w.day(d), at: i, deadline: deadline || w.words == "tomorrow"})
		}
	}
	if d.language == "de" {
		if i := strings.Index(d.text, "morgen"); i >= 0 && wordAt(d.text, i, 6) && !strings.HasSuffix(d.text[:i], "guten ") {
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
		case endsWithAny(before, "last ", "letzten ", "past ", "vergangenen ", "on last ", "since ", "seit ", "every ", "each ", "jeden ", "depuis ", "desde el ", "chaque "):
			continue
		case endsWithAny(before, "next ", "nächsten ", "nächste ", "kommenden nächsten ", "próximo "):
			day = d.inWeek(w, 1)
		}
		if next := strings.TrimLeft(d.text[pos:], " "); strings.HasPrefix(next, "next week") || strings.HasPrefix(next, "nächster woche") || strings.HasPrefix(next, "prochain") || strings.HasPrefix(next, "de la semana que viene") {
			day = d.inWeek(w, 1)
		} else if strings.HasPrefix(next, "last week") {
			continue
		}
		out = append(out, dayFound{day: day, at: at, deadline: d.deadline(at), weekday: true})
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
		if t, ok := d.dayOfMonth(d.number(m[2], m[3])); ok && suffix && !d.covered(out, m[0]) && !strings.HasPrefix(d.text[m[1]:], "floor") {
			out = append(out, dayFound{day: t, at: m[0], deadline: d.deadline(m[0]) || strings.HasPrefix(d.text[m[0]:], "bis")})
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
	for range 2 { // "by the end of Friday", "by Friday, 5 May"
		for _, w := range deadlineBefore {
			if strings.HasSuffix(before, w) && wordAt(before, len(before)-len(w), len(w)) {
				return true
			}
		}
		cut := strings.LastIndexAny(before, " ")
		if cut < 0 {
			return false
		}
		if word := strings.Trim(before[cut:], " ,"); weekdayNames[word] == 0 && word != "the" && word != "dem" && word != "noon" && word != "le" && word != "this" && word != "on" && word != "morning" && word != "evening" && word != "next" && word != "sunday" && word != "la" && word != "der" && word != "den" && word != "el" && word != "of" {
			return false
		}
		before = strings.TrimRight(before[:cut], " ,")
	}
	return false
}
