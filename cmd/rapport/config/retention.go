package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// Retention is how long the mail of a project is kept.
type Retention struct {
	AtLeast   Span `yaml:"at_least"`
	AtMost    Span `yaml:"at_most"`
	Automatic bool `yaml:"automatic"`
}

// Span is a length of time by the calendar, written as "7y", "18m" or "90d".
type Span struct{ threads.Span }

var spanForm = regexp.MustCompile(`^([1-9][0-9]{0,3})([ymd])$`)

// UnmarshalText reads "7y".
func (s *Span) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return nil // as the settings are shown when there is none
	}
	part := spanForm.FindStringSubmatch(strings.ToLower(strings.TrimSpace(string(b))))
	if part == nil {
		return fmt.Errorf("%q is no length of time such as 7y, 18m or 90d", b)
	}
	n, _ := strconv.Atoi(part[1]) // four digits at most
	*s = map[string]Span{"y": {threads.Span{Years: n}}, "m": {threads.Span{Months: n}}, "d": {threads.Span{Days: n}}}[part[2]]
	return nil
}

// MarshalText writes the span as it is read.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// leastAutomatic is how many days mail is kept at least where a server erases it
// by itself: a slip of the finger must not erase what is being answered.
const leastAutomatic = 30

// retention reports rules that cannot be kept together.
func (k *checker) retention(r Retention) {
	day := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC) // a year and twelve months are the same from here
	least, most := r.AtLeast.After(day), r.AtMost.After(day)
	switch {
	case r.AtMost == (Span{}) && r.Automatic:
		k.problem(".retention.automatic", "has nothing to do: without at_most no mail is ever due", "write at_most: 7y, or remove automatic")
	case r.Automatic && most.Before(day.AddDate(0, 0, leastAutomatic)):
		k.problem(".retention.at_most", fmt.Sprintf("is less than %d days: too short to be erased without being asked for", leastAutomatic), "mend the length, such as 7y, or remove automatic and use: rapport retention erase")
	case r.AtMost != (Span{}) && most.Before(least):
		k.problem(".retention.at_most", "is shorter than at_least: mail would be due while it has to be kept", "make it as long as at_least, or longer")
	}
}
