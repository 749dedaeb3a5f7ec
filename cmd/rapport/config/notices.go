package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// Notices is the mail that Rapport sends by itself.
type Notices struct {
	Brakes Brakes `yaml:"brakes"`
	Daily  Daily  `yaml:"daily"`

	Remind       time.Duration `yaml:"remind"`        // before a report is due; 0 for no reminder
	AnswerWithin int           `yaml:"answer_within"` // working days of the client, as receipts say
}

// Daily is the mail that tells managers once a day how their projects stand.
type Daily struct {
	At        string    `yaml:"at"` // "" for no such mail
	Days      []Weekday `yaml:"days"`
	Zone      Zone      `yaml:"time_zone"`
	WhenEmpty bool      `yaml:"when_empty"`
	Pages     string    `yaml:"pages"`
}

// On is when the mail is due on the day of that moment, which is in the zone of
// d; zero if none is.
func (d Daily) On(day time.Time) time.Time {
	at, err := time.Parse("15:04", d.At)
	if err != nil || !slices.ContainsFunc(d.Days, func(w Weekday) bool { return w.Day == day.Weekday() }) {
		return time.Time{}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, day.Location())
}

// Before is when the mail before that one was due.
func (d Daily) Before(due time.Time) time.Time {
	for n := 1; n <= 7; n++ {
		if before := d.On(due.AddDate(0, 0, -n)); !before.IsZero() {
			return before
		}
	}
	return due.AddDate(0, 0, -1)
}

// Brakes are how much of it may go out.
type Brakes struct {
	PeerPerDay   int `yaml:"peer_per_day"`
	OwnPerDay    int `yaml:"own_per_day"`
	ThreadPerDay int `yaml:"thread_per_day"`
	PerHour      int `yaml:"per_hour"`
}

// Limits are the brakes in the words of the house.
func (b Brakes) Limits() threads.BrakeLimits {
	return threads.BrakeLimits{Peer: b.PeerPerDay, Own: b.OwnPerDay, Thread: b.ThreadPerDay, Total: b.PerHour}
}

func (c *Config) noticeDefaults() {
	or(&c.Notices.AnswerWithin, 2)
	b := &c.Notices.Brakes
	or(&b.PeerPerDay, 2)
	or(&b.OwnPerDay, 30)
	or(&b.ThreadPerDay, 2)
	or(&b.PerHour, 60)
	d := &c.Notices.Daily
	if d.At != "" && len(d.Days) == 0 {
		for day := time.Monday; day <= time.Friday; day++ {
			d.Days = append(d.Days, Weekday{true, day})
		}
	}
	if d.Zone.Location == nil {
		d.Zone.Location = time.UTC
	}
	or(&c.Agency.Language, "en")
	for i := range c.People {
		or(&c.People[i].Language, c.Agency.Language)
	}
}

// LanguageOf is the language in which Rapport writes to somebody.
func (c *Config) LanguageOf(login string) string {
	for _, p := range c.People {
		if strings.EqualFold(p.Login, login) {
			return p.Language
		}
	}
	return c.Agency.Language
}

func (k *checker) notices() {
	if k.c.Notices.Remind < 0 {
		k.problem("notices.remind", "is less than nothing", "write how long before a report is due its managers hear of it, such as 24h")
	}
	if k.c.Notices.AnswerWithin < 0 {
		k.problem("notices.answer_within", "is less than nothing", "write a number of working days such as 2")
	}
	for i, p := range k.c.Projects {
		if p.Receipts && k.c.SMTP.Server == "" {
			k.problem(fmt.Sprintf("projects[%d].receipts", i), "needs a mail server", "add the section smtp, or remove this")
		}
	}
	b := k.c.Notices.Brakes
	for key, n := range map[string]int{"peer_per_day": b.PeerPerDay, "own_per_day": b.OwnPerDay, "thread_per_day": b.ThreadPerDay, "per_hour": b.PerHour} {
		if n < 0 {
			k.problem("notices.brakes."+key, "is less than nothing", "write how many mails may be sent by themselves, 1 at least")
		}
	}
	d := k.c.Notices.Daily
	if _, err := time.Parse("15:04", d.At); err != nil && d.At != "" {
		k.problem("notices.daily.at", fmt.Sprintf("%q is no time of day", d.At), "write it as 07:30")
	}
	if d.At != "" && k.c.SMTP.Server == "" {
		k.problem("notices.daily.at", "wants mail to be sent, and nothing can be sent", "add the section smtp, or remove it")
	}
	if d.Pages != "" && !strings.HasPrefix(d.Pages, "https://") && !strings.HasPrefix(d.Pages, "http://") {
		k.problem("notices.daily.pages", fmt.Sprintf("%q is no address of pages", d.Pages), "write it as https://rapport.example.com")
	}
	k.oneOf("agency.language", k.c.Agency.Language, "en", "zh")
	for i, p := range k.c.People {
		k.oneOf(fmt.Sprintf("people[%d].language", i), p.Language, "en", "zh")
	}
}

// Pages is the address of the pages for links in mail to our own people, "" if
// it is not known.
func (c *Config) Pages() string { return cmp.Or(c.Notices.Daily.Pages, c.Web.URL) }
