package mail

import (
	"strings"
	"time"
)

// date reads the Date field. The location of the result is the sender's offset.
func (p *parser) date(h Header) time.Time {
	if !h.has("Date") {
		p.faults.add("date-missing", "the mail has no date")
		return time.Time{}
	}
	raw := h.Get("Date")
	t, ok := parseDate(clean(raw), time.UTC)
	if !ok {
		p.faults.add("date-unreadable", "the date "+quoteLabel(raw)+" cannot be read")
		return time.Time{}
	}
	return t
}

// parseDate reads a date and time in whatever form: RFC 5322 with its obsolete
// zones and two-digit years, ISO 8601, asctime, and what mail programs write
// above quoted mails in many languages. Without a zone it is a time of local.
func parseDate(s string, local *time.Location) (time.Time, bool) {
	if len(s) > 300 {
		s = cutText(s, 300)
	}
	d := dateReader{offset: unset, second: unset, month: unset, half: unset}
	tokens := dateTokens(s)
	d.read(tokens)
	return d.time(local)
}

const unset = -1 << 30

// dateReader gathers the parts of a date as it meets them.
type dateReader struct {
	numbers              []dateToken // day, month, year not yet told apart
	seps                 []string    // what stood behind each of them
	year, month, day     int
	hour, minute, second int
	half                 int // 0 morning, 1 afternoon
	maybe                int // a month if no word says so more clearly
	offset               int // minutes
	timed                bool
	greenwich            bool // the offset so far is the word UTC or GMT
}

func (d *dateReader) read(tokens []dateToken) {
	at := func(i int) dateToken {
		if i >= 0 && i < len(tokens) {
			return tokens[i]
		}
		return dateToken{number: -1}
	}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		sep := at(i + 1).text
		switch {
		case t.text == "(":
			for i < len(tokens) && tokens[i].text != ")" {
				i++
			}
		case t.number >= 0 && !d.timed && hourMark(sep) && (at(i+2).number >= 0 || len(sep) == 3):
			i = d.clock(tokens, i)
		case (t.text == "+" || t.text == "-") && d.timed && (d.offset == unset || d.greenwich) && at(i+1).number >= 0 && (t.text == "+" || len(at(i+1).text) != 4 || at(i+1).number <= 1400):
			i = d.zone(tokens, i)
		case t.number >= 0:
			d.numbers = append(d.numbers, t)
			d.seps = append(d.seps, sep)
		default:
			d.word(t.text)
		}
	}
}

// hourMark reports whether a token may stand between hour and minute. Those of
// three bytes may also stand without a minute.
func hourMark(s string) bool {
	switch s {
	case ":", "：", "h", "时", "時", "点", "點", "시":
		return true
	}
	return false
}

// clock reads the time that begins at i and returns its last token.
func (d *dateReader) clock(tokens []dateToken, i int) int {
	d.timed = true
	d.hour = tokens[i].number
	d.minute, d.second = 0, 0
	n := i + 1
	if n+1 < len(tokens) && tokens[n+1].number >= 0 {
		d.minute = tokens[n+1].number
		n += 2
		if n+1 < len(tokens) && (tokens[n].text == ":" || tokens[n].text == "：" || tokens[n].text == "分" || tokens[n].text == "분") && tokens[n+1].number >= 0 {
			d.second = tokens[n+1].number
			n += 2
		}
		if n+1 < len(tokens) && tokens[n].text == "." && tokens[n+1].number >= 0 {
			n += 2 // fractions of a second
		}
	}
	return n - 1
}

// zone reads "+0800", "+08:00" and the "+8" of "GMT+8" and returns its last token.
func (d *dateReader) zone(tokens []dateToken, i int) int {
	west := tokens[i].text == "-"
	i++
	hours, minutes := tokens[i].number, 0
	if len(tokens[i].text) >= 3 {
		hours, minutes = tokens[i].number/100, tokens[i].number%100
	} else if i+2 < len(tokens) && tokens[i+1].text == ":" && tokens[i+2].number >= 0 {
		minutes = tokens[i+2].number
		i += 2
	}
	if hours > 14 || minutes > 59 {
		return i
	}
	d.greenwich = false
	d.offset = hours*60 + minutes
	if west {
		d.offset = -d.offset
	}
	return i
}

func (d *dateReader) word(word string) {
	lower := strings.ToLower(word)
	if later, ok := dayHalves[lower]; ok && d.half == unset && (d.timed || lower[0] >= 0x80) {
		d.half = 0 // German "am" stands before the time
		if later {
			d.half = 1
		}
		return
	}
	if offset, ok := zones[lower]; ok && d.timed && d.offset == unset {
		d.offset = offset
		if offset == 0 {
			d.greenwich = true // "GMT+0800" follows
		}
		return
	}
	m := monthOf(word)
	if strings.HasPrefix(lower, "mar") && (len(lower) == 3 || lower == "mardi" || strings.HasPrefix(lower, "marte")) {
		d.maybe = m // March, or Tuesday in French, Spanish, Italian
		return
	}
	if m > 0 && d.month == unset {
		d.month = m
	}
}

// settle tells day, month and year apart.
func (d *dateReader) settle() bool {
	n := d.numbers
	if d.month == unset && d.maybe > 0 {
		d.month = d.maybe
	}
	if d.month != unset { // the month was a word
		if len(n) < 2 {
			return false
		}
		d.day, d.year = n[0].number, n[1].number
		if len(n[0].text) == 4 {
			d.day, d.year = d.year, d.day
		}
		return d.fullYear()
	}
	if len(n) < 3 {
		return false
	}
	a, b, c := n[0].number, n[1].number, n[2].number
	switch {
	case len(n[0].text) == 4:
		d.year, d.month, d.day = a, b, c
	case d.seps[0] == "年" || d.seps[0] == "년":
		d.year, d.month, d.day = a, b, c
	case d.seps[0] == "/" && b > 12, d.seps[0] == "/" && d.half != unset && a <= 12:
		d.month, d.day, d.year = a, b, c
	default:
		d.day, d.month, d.year = a, b, c
	}
	return d.fullYear()
}

// fullYear completes years of two and three digits, RFC 5322 section 4.3.
func (d *dateReader) fullYear() bool {
	switch {
	case d.year < 50:
		d.year += 2000
	case d.year < 1000:
		d.year += 1900
	}
	return d.year >= 1970 && d.year < 2200 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31
}

func (d *dateReader) time(local *time.Location) (time.Time, bool) {
	if !d.settle() {
		return time.Time{}, false
	}
	if d.timed {
		switch {
		case d.half == 1 && d.hour < 12:
			d.hour += 12
		case d.half == 0 && d.hour == 12:
			d.hour = 0
		}
	}
	if d.hour > 24 || d.minute > 59 || d.second > 60 {
		d.hour, d.minute, d.second = 0, 0, 0
	}
	zone := local
	switch d.offset {
	case unset:
	case 0:
		zone = time.UTC
	default:
		zone = time.FixedZone("", d.offset*60)
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, max(0, min(d.second, 59)), 0, zone)
	if t.Day() != d.day && d.hour < 24 {
		return time.Time{}, false // 31 February
	}
	return t, true
}
