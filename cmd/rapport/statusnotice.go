package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"rapport/store"
	"rapport/threads"
)

// noticeStatus is how the mail that is sent by itself fares.
type noticeStatus struct {
	Days                int              `json:"days"` // what is counted was made in so many days
	store.NoticeFigures                  // by state and by brake
	Trouble             []threads.Notice `json:"trouble"` // the latest that did not arrive, or were held back
}

const (
	noticeDays    = 7
	latestNotices = 200
	noticesShown  = 20
)

func (h *house) noticeStatus(ctx context.Context, now time.Time) (s noticeStatus, err error) {
	since := now.AddDate(0, 0, -noticeDays)
	s.Days, s.Trouble = noticeDays, []threads.Notice{}
	if s.NoticeFigures, err = h.store.NoticeFigures(ctx, since); err != nil {
		return s, err
	}
	latest, err := h.store.Notices(ctx, since, latestNotices)
	for _, n := range latest {
		if noticeNext(&n) != "" && len(s.Trouble) < noticesShown {
			s.Trouble = append(s.Trouble, n)
		}
	}
	return s, err
}

func (s *noticeStatus) print(w io.Writer) {
	if len(s.States) == 0 {
		return
	}
	fmt.Fprintf(w, "\nAutomatic mail of %d days\n", s.Days)
	printStates(w, s.States)
	for _, n := range s.Trouble {
		words := noticeNext(&n)
		if n.Words != "" {
			words = plain(n.Words) + "; " + words
		}
		marked(w, []string{fmt.Sprintf("%s to %s at %s is %s: %s", n.Kind, n.To.Address, moment(n.Made, ""), n.State, words)})
	}
}

// noticeNext says what there is to know or to do about a notice, "" if nothing.
func noticeNext(n *threads.Notice) string {
	switch n.State {
	case threads.Held:
		return map[threads.Brake]string{
			threads.BrakeMachine:  "machines are not answered",
			threads.BrakeStranger: "only people of the project, who are proven to have written, are answered by themselves",
			threads.BrakeOurs:     "we do not answer ourselves",
			threads.BrakePeer:     "this address had enough of them in a day. See whether a machine answers there; notices.brakes in the configuration sets the limit",
			threads.BrakeThread:   "this conversation had enough of them in a day. See whether a machine answers there; notices.brakes in the configuration sets the limit",
			threads.BrakeTotal:    "there were too many in an hour. See why; notices.brakes in the configuration sets the limit",
		}[n.Brake]
	case threads.Refused:
		return "the server did not take it; mend what it complains of, mostly the address in the configuration"
	case threads.Unknown:
		return "the connection ended before the server said whether it took it; it is not sent again"
	}
	return ""
}
