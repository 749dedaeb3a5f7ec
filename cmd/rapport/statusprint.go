package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"rapport/threads"
)

// print writes the status for people: what needs somebody comes with a mark.
func (s *status) print(w io.Writer) {
	fmt.Fprintln(w, "Mailboxes")
	for _, m := range s.Mailboxes {
		at := ""
		if m.Server != "" {
			at = fmt.Sprintf("(%s at %s)", m.Folder, m.Server)
		}
		fmt.Fprintf(w, "  %s: %s filed", line(m.Mailbox+" "+at), count(m.Filed, "mail"))
		if m.UIDValidity != 0 {
			fmt.Fprintf(w, " of UIDs %d..%d (UIDVALIDITY %d), %d of them in the tray, %d vanished, %d owed",
				m.First, m.Last, m.UIDValidity, m.Tray, m.Vanished, len(m.Owed))
			fmt.Fprintf(w, "; filed last: %s, account signed: %s", moment(m.Latest, "no time yet"), moment(m.Signed, "no time yet"))
		}
		fmt.Fprintln(w)
		marked(w, m.Trouble)
	}
	if len(s.Mailboxes) == 0 {
		fmt.Fprintln(w, "  The configuration names none.")
	}
	fmt.Fprintf(w, "\nMail\n  filed last: %s\n", moment(s.Mail.LastFiled, "never"))
	if s.Mail.Tray > 0 {
		marked(w, []string{fmt.Sprintf("in the tray: %s, the oldest since %s; \"rapport tray\" tells why", count(s.Mail.Tray, "mail"), moment(s.Mail.Oldest, ""))})
	}
	if !s.Mail.Remnants.IsZero() {
		marked(w, []string{fmt.Sprintf("the files of the database may still have bytes of mail that was erased on %s; run \"rapport erase --as LOGIN\"", moment(s.Mail.Remnants, ""))})
	}
	fmt.Fprintln(w, "\nLetters")
	if s.Sending == nil {
		fmt.Fprintln(w, "  The configuration has no smtp.server, so nothing can be sent.")
	} else {
		marked(w, s.Sending.told())
	}
	marked(w, toldStuck(s.Stuck))
	s.Outbox.print(w)
	s.Notices.print(w)
	s.Log.print(w)
	fmt.Fprintln(w, "\nReports")
	for _, r := range s.Reports {
		due := "  " + r.Project + ": the next is due " + r.Due.Format("Mon 2006-01-02 15:04 MST")
		if r.Late {
			due = "! " + r.Project + ": late, it was due " + r.Due.Format("Mon 2006-01-02 15:04 MST")
		}
		if r.LastPeriod != "" {
			due += "; the last was for " + r.LastPeriod
		}
		fmt.Fprintln(w, due)
	}
	if len(s.Reports) == 0 {
		fmt.Fprintln(w, "  No project has a rhythm.")
	}
	for n, key := range slices.Sorted(maps.Keys(s.Satisfaction)) {
		if n == 0 {
			fmt.Fprintln(w, "\nSatisfaction")
		}
		of := s.Satisfaction[key]
		last := of.Ratings[0]
		average := fmt.Sprintf("%s: %.1f of 5", key, of.Average)
		if of.Trend != "" {
			average += ", " + string(of.Trend)
		}
		words := fmt.Sprintf("%s; %s gave %d on %s", average, last.From, last.Score, moment(last.At, ""))
		if of.Worry {
			marked(w, []string{words + "; ask the client what is wrong"})
		} else {
			fmt.Fprintln(w, "  "+line(words))
		}
	}
}

// printStates prints how many deliveries stand in each state.
func printStates(w io.Writer, states map[threads.DeliveryState]int) {
	order := []threads.DeliveryState{threads.Held, threads.Queued, threads.Sending, threads.Deferring, threads.Unknown, threads.Refused, threads.Bounced, threads.Taken, threads.Cancelled}
	for _, state := range order {
		if n := states[state]; n > 0 {
			fmt.Fprintf(w, "  %s: %d\n", state, n)
		}
	}
}

func (o *outboxStatus) print(w io.Writer) {
	printStates(w, o.States)
	if len(o.States) == 0 {
		fmt.Fprintln(w, "  There are none yet.")
	}
	for _, r := range o.Waiting {
		fmt.Fprintf(w, "  %s, %s goes out on %s\n", r.Project, r.Period, r.Goes.Format(momentForm))
	}
	for _, l := range o.Letters {
		words := l.Next
		switch {
		case l.State == threads.Held && l.Words != "":
			words = l.Words + "; " + words
		case (&threads.Delivery{State: l.State, Words: l.Words}).ServerSaid():
			words = "the server said " + fmt.Sprintf("%q", plain(l.Words)) + "; " + words
		case l.Words != "":
			words = plain(l.Words) + "; " + words
		}
		marked(w, []string{fmt.Sprintf("%s, %s to %s is %s: %s", l.Project, l.Period, l.Recipient, l.State, words)})
	}
}

// toldStuck says that our own mail server does not work with us, which no alarm
// can say: it would wait for the same server.
func toldStuck(s threads.Stuck) []string {
	if !s.Any() {
		return nil
	}
	return []string{fmt.Sprintf("our own mail server does not work with us, so nothing goes out, no alarm either: %s and %s wait for it. At %s: %s. Nothing is lost; \"rapport doctor\" tells what to mend",
		count(s.Letters, "letter"), count(s.Notices, "automatic mail"), moment(s.Tried, ""), plain(s.Words))}
}

// marked prints what needs somebody.
func marked(w io.Writer, words []string) {
	for _, s := range slices.Compact(words) {
		fmt.Fprintln(w, "! "+line(s))
	}
}

func moment(t time.Time, never string) string {
	if t.IsZero() {
		return never
	}
	return t.Local().Format("2006-01-02 15:04 MST")
}
