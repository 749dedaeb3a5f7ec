package store

import (
	"fmt"
	"strings"
)

// Time has words in PostgreSQL's index, so that it can be asked for the mail of
// some time only: each mail has one for the hour or so in which it came, one for
// eight times as long, and so on up to some years.
const (
	timeLevels = 6
	timeShift  = ordShift + 22 // of the shortest: 2^22 ms are 70 minutes
	timeStep   = 3             // the next one is 2^3 times as long
	mostTimes  = 16            // words of one stretch
)

func timeWord(level int, n int64) string { return fmt.Sprintf("time:%d:%d", level, n) }

// times are the words for a place in time.
func times(ord int64) (words []string) {
	for level := range timeLevels {
		words = append(words, timeWord(level, ord>>(timeShift+level*timeStep)))
	}
	return words
}

// stretch is a stretch of places in time.
type stretch struct{ from, past int64 }

// tsquery covers the stretch and something more around it; it is empty for one of
// decades.
func (s stretch) tsquery() string {
	for level := range timeLevels {
		shift := timeShift + level*timeStep
		first, last := s.from>>shift, (s.past-1)>>shift
		if last-first >= mostTimes {
			continue
		}
		var words []string
		for n := first; n <= last; n++ {
			words = append(words, "'"+timeWord(level, n)+"'")
		}
		return strings.Join(words, " | ")
	}
	return ""
}

// Of the windows of a search the first has about as many mails as a page shows,
// and each that follows is longer: what fits nearly all mail is found in the
// first, what fits few is soon looked for in all that is left. Counts go through
// many mails anyway, and lose more by a window that is longer than needed.
const (
	firstWindow = 100 // mails
	mostShown   = 1000
	nextShown   = 4 // times as long
	nextCounted = 2
)

// windows cut the reach into stretches of time, the latest first.
func (t *tx) windows(r reach, limit int) (all []stretch, err error) {
	latest, err := collect(t, scalar[int64], `select ord from search where ord >= $1 and ord < $2 order by ord desc limit $3`, r.from, r.past, firstWindow)
	if err != nil || len(latest) == 0 {
		return nil, err
	}
	oldest, err := collect(t, scalar[int64], `select ord from search where ord >= $1 order by ord limit 1`, r.from)
	if err != nil {
		return nil, err
	}
	next := int64(nextShown)
	if limit > mostShown {
		next = nextCounted
	}
	past, from := latest[0]+1, latest[len(latest)-1]
	for length := past - from; ; length *= next {
		from = max(oldest[0], past-length)
		all = append(all, stretch{from, past})
		if from == oldest[0] {
			return all, nil
		}
		past = from
	}
}
