package web

import (
	"fmt"

	"rapport/threads"
)

// Bounds of what is told of ratings.
const (
	ratingsRead  = 100
	ratingsShown = 6
)

// satisfactionView is how satisfied a client says to be.
type satisfactionView struct {
	*threads.Satisfaction
	Mean   string // "4.3"
	Latest []ratingView
}

// ratingView is one rating with the mail that it stands in.
type ratingView struct {
	threads.Rating
	URL  string
	When moment
}

// satisfaction is that of a project, nil if nobody has rated our work.
func (v *visit) satisfaction(p *threads.Project) (*satisfactionView, error) {
	ratings, err := v.archive.Ratings(v.Context(), p.Key, ratingsRead)
	if err != nil {
		return nil, fmt.Errorf("read the ratings of %s: %w", p.Key, err)
	}
	s := threads.SatisfactionOf(ratings)
	if s == nil {
		return nil, nil
	}
	out := &satisfactionView{Satisfaction: s, Mean: fmt.Sprintf("%.1f", s.Average)}
	for _, r := range s.Ratings[:min(len(s.Ratings), ratingsShown)] {
		out.Latest = append(out.Latest, ratingView{r, "/m/" + r.Message, v.at(r.At, v.zone(p.Key))})
	}
	return out, nil
}
