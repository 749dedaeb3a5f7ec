package extract

import (
	"strings"
	"time"
)

// dueDate finds the date by which something must be done and resolves it
// against the day the mail was written: a weekday is the next one after it,
// "end of month" the last day, "下周五" Friday of the next week; weeks begin on
// Monday. It returns "" where no day is named that is accepted.
func dueDate(s, language string, written time.Time, accept func(dayFound) bool) string {
	if written.IsZero() {
		return ""
	}
	d := dateReader{text: strings.Map(ruleForm, s), language: language, now: written}
	var found []dayFound
	switch language {
	case "zh", "ja":
		found = d.eastern()
	default:
		found = append(d.western(), d.numeric()...)
	}
	best := -1
	for i, f := range found {
		if !accept(f) {
			continue
		}
		if best < 0 || f.deadline && !found[best].deadline || f.deadline == found[best].deadline && f.at < found[best].at {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	if found[best].weekday { // "Friday, 4 December": the date says more
		for i, f := range found {
			if !f.weekday && f.at > found[best].at && f.at <= found[best].at+16 {
				best = i
				break
			}
		}
	}
	return found[best].day.Format(time.DateOnly)
}

// anyDay takes every day, as in a promise: "You get it on Friday."
func anyDay(dayFound) bool { return true }

// deadlineDay takes only what the words make a deadline: "by Friday".
func deadlineDay(f dayFound) bool { return f.deadline }

// agreedDay takes also the day on which a request shall be done, where the
// sentence ends with it: "Please send somebody on Monday."
func agreedDay(f dayFound) bool { return f.deadline || f.last }

// dayFound is a day named in a sentence.
type dayFound struct {
	day      time.Time
	at       int
	deadline bool
	weekday  bool
	last     bool // the sentence ends with "on" and this weekday
}

type dateReader struct {
	text     string
	language string
	now      time.Time
	loose    bool // every date is one: "1/12" is no half, "5.12." no number
}

// weekday is the next such day after the mail's.
func (d *dateReader) weekday(w time.Weekday) time.Time {
	n := (int(w) - int(d.now.Weekday()) + 7) % 7
	if n == 0 {
		n = 7
	}
	return d.now.AddDate(0, 0, n)
}

// inWeek is that day of the week which is weeks away from this one.
func (d *dateReader) inWeek(w time.Weekday, weeks int) time.Time {
	monday := d.now.AddDate(0, 0, -((int(d.now.Weekday()) + 6) % 7))
	return monday.AddDate(0, 0, (int(w)+6)%7+7*weeks)
}

// monthEnd is the last day of the month that is months away.
func (d *dateReader) monthEnd(months int) time.Time {
	return time.Date(d.now.Year(), d.now.Month()+time.Month(months)+1, 0, 12, 0, 0, 0, time.UTC)
}

// date is the day in the year that makes it lie ahead; a date less than two
// months back stays where it is, people also write of what is overdue.
func (d *dateReader) date(year, month, day int) (time.Time, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	guess := year == 0
	if guess {
		year = d.now.Year()
	} else if year < 100 {
		year += 2000
	}
	t := time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return time.Time{}, false
	}
	if guess && t.Before(d.now.AddDate(0, -2, 0)) {
		t = t.AddDate(1, 0, 0)
	}
	return t, true
}

// dayOfMonth is that day of this month, or of the next if it has passed.
func (d *dateReader) dayOfMonth(day int) (time.Time, bool) {
	if day < 1 || day > 31 {
		return time.Time{}, false
	}
	month := d.now.Month()
	if day < d.now.Day() {
		month++
	}
	t := time.Date(d.now.Year(), month, day, 12, 0, 0, 0, time.UTC)
	return t, t.Day() == day
}
