package threads

import "time"

// Away is when the writer of an out-of-office reply is away, as far as it says
// so. The days are civil dates, "2026-12-05", "" where none is named.
type Away struct {
	From  string `json:"from,omitempty"`  // the first day
	Until string `json:"until,omitempty"` // the last day
	Back  string `json:"back,omitempty"`  // the first day after it, where that is what is named
}

// Last is the last day away, "" if it is not known.
func (a *Away) Last() string {
	if a.Until != "" || a.Back == "" {
		return a.Until
	}
	back, err := time.Parse(time.DateOnly, a.Back)
	if err != nil {
		return ""
	}
	return back.AddDate(0, 0, -1).Format(time.DateOnly)
}

// On reports whether the writer is away on a day: not before the first day, if
// one is named, and not after the last.
func (a *Away) On(day string) bool {
	last := a.Last()
	return last != "" && a.From <= day && day <= last
}
