package config

import (
	"fmt"
	"time"
)

// Day is a civil day such as 2026-12-31; the zero Day is none.
type Day struct{ time.Time }

// Set reports whether there is a day.
func (d Day) Set() bool { return !d.IsZero() }

// after is when the day is over in UTC; zero for no day.
func (d Day) after() time.Time {
	if !d.Set() {
		return time.Time{}
	}
	return d.AddDate(0, 0, 1)
}

// UnmarshalText reads "2026-12-31".
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return nil // as the settings are shown when there is none
	}
	day, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is no day such as 2026-12-31", b)
	}
	d.Time = day
	return nil
}

// MarshalText writes the day as it is read.
func (d Day) MarshalText() ([]byte, error) {
	if !d.Set() {
		return nil, nil
	}
	return []byte(d.Format(time.DateOnly)), nil
}
