package threads

import (
	"strings"
	"time"
)

// Rated is what a client's mail says of our work.
type Rated struct {
	Score  int    `json:"score"`            // 1 to 5, 5 is best
	Report string `json:"report,omitempty"` // id of the report that it is about, "" if that is not known
}

// Rating is one of a project, with whose it is.
type Rating struct {
	Rated
	Message string    `json:"message"`
	Thread  string    `json:"thread"`
	From    Address   `json:"from"`
	At      time.Time `json:"at"` // when the mail was received
}

// Trend is where satisfaction goes, "" while one report only was rated.
type Trend string

// The trends.
const (
	Rising  Trend = "rising"
	Steady  Trend = "steady"
	Falling Trend = "falling"
)

// Satisfaction is what the ratings of a project say together.
type Satisfaction struct {
	Ratings []Rating `json:"ratings"` // those that count, the latest first: of each person the last word on each report
	Average float64  `json:"average"` // of those
	Latest  float64  `json:"latest"`  // average of the latest report's
	Trend   Trend    `json:"trend,omitempty"`
	Low     bool     `json:"low"`   // somebody rated the latest report with 2 or less
	Worry   bool     `json:"worry"` // it is low or fell twice: somebody should ask the client what is wrong
}

// worrying is the rating from which on, downwards, the client is not content.
const worrying = 2

// trendOf is how many reports before the latest the trend compares it with, and
// by how much it must differ.
const (
	trendOf = 3
	trendBy = 0.5
)

// SatisfactionOf counts ratings, which come the latest first; nil if there are
// none. A person's earlier word on the same report is replaced by the later one.
func SatisfactionOf(ratings []Rating) *Satisfaction {
	s := &Satisfaction{}
	counted := map[[2]string]bool{}
	var rounds []round // the latest first
	for _, r := range ratings {
		about := r.Report
		if about == "" {
			about = r.Message
		}
		if by := [2]string{about, strings.ToLower(r.From.Address)}; counted[by] {
			continue
		} else {
			counted[by] = true
		}
		s.Ratings = append(s.Ratings, r)
		s.Average += float64(r.Score)
		if len(rounds) == 0 || rounds[len(rounds)-1].about != about {
			rounds = append(rounds, round{about: about})
		}
		rounds[len(rounds)-1].add(r.Score)
	}
	if len(rounds) == 0 {
		return nil
	}
	s.Average /= float64(len(s.Ratings))
	s.Latest = rounds[0].mean()
	s.Trend = trend(rounds)
	fell := len(rounds) > 2 && rounds[0].mean() < rounds[1].mean() && rounds[1].mean() < rounds[2].mean()
	s.Low = rounds[0].least <= worrying
	s.Worry = s.Low || fell
	return s
}

// round are the ratings of one report.
type round struct {
	about          string
	sum, of, least int
}

func (r *round) add(score int) {
	r.sum, r.of = r.sum+score, r.of+1
	if r.least == 0 || score < r.least {
		r.least = score
	}
}

func (r *round) mean() float64 { return float64(r.sum) / float64(r.of) }

// trend compares the latest with the mean of those before it.
func trend(rounds []round) Trend {
	before := rounds[1:min(len(rounds), 1+trendOf)]
	if len(before) == 0 {
		return ""
	}
	mean := 0.0
	for _, r := range before {
		mean += r.mean() / float64(len(before))
	}
	switch by := rounds[0].mean() - mean; {
	case by >= trendBy:
		return Rising
	case by <= -trendBy:
		return Falling
	}
	return Steady
}
