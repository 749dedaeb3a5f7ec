package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// memory is an archive in memory: what the pages read, without a database.
type memory struct {
	threads   []threads.Thread
	messages  []threads.Message
	raw       map[string][]byte
	items     []threads.Item
	reports   []threads.Report
	letters   []threads.Letter
	mailboxes []threads.Cursor
	notices   []threads.Notice
	log       [][]byte
	holds     []threads.Hold
	failure   error // what every method answers, when set
}

func (m *memory) Threads(_ context.Context, q threads.ThreadQuery) ([]threads.Thread, error) {
	var out []threads.Thread
	for _, t := range m.threads {
		if t.Project == q.Project {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b threads.Thread) int { return b.Updated.Compare(a.Updated) })
	if i := slices.IndexFunc(out, func(t threads.Thread) bool { return t.ID == q.Before }); i >= 0 {
		out = out[i+1:]
	}
	return first(out, q.Limit), m.failure
}

func (m *memory) Thread(_ context.Context, id string) (threads.Thread, []threads.Message, error) {
	t, err := only(m.threads, func(t threads.Thread) string { return t.ID }, id)
	var mails []threads.Message
	for _, msg := range m.messages {
		if err == nil && msg.Thread == t.ID {
			mails = append(mails, msg)
		}
	}
	slices.SortStableFunc(mails, func(a, b threads.Message) int { return a.Received.Compare(b.Received) })
	return t, mails, err
}

func (m *memory) Message(_ context.Context, id string) (threads.Message, error) {
	if m.failure != nil {
		return threads.Message{}, m.failure
	}
	return only(m.messages, func(m threads.Message) string { return m.ID }, id)
}

func (m *memory) Raw(_ context.Context, id string) ([]byte, error) {
	raw, ok := m.raw[id]
	if !ok {
		return nil, threads.ErrNotFound
	}
	return raw, nil
}

func (m *memory) EarlierFrom(_ context.Context, project, address string, limit int) ([]threads.Message, error) {
	var out []threads.Message
	for _, msg := range m.messages {
		if msg.Project == project && msg.From.Address == address {
			out = append(out, msg)
		}
	}
	slices.SortStableFunc(out, func(a, b threads.Message) int { return b.Received.Compare(a.Received) })
	return first(out, limit), m.failure
}

func (m *memory) InTray(ctx context.Context) (n int, oldest time.Time, err error) {
	mails, err := m.Tray(ctx, len(m.messages))
	if n = len(mails); n > 0 {
		oldest = mails[n-1].Received
	}
	return n, oldest, err
}

func (m *memory) Tray(_ context.Context, limit int) ([]threads.Message, error) {
	var out []threads.Message
	for _, msg := range m.messages {
		if msg.Tray != nil {
			out = append(out, msg)
		}
	}
	slices.SortStableFunc(out, func(a, b threads.Message) int { return b.Received.Compare(a.Received) })
	return first(out, limit), m.failure
}

func (m *memory) Holds(context.Context) ([]threads.Hold, error) { return m.holds, m.failure }

func (m *memory) Items(_ context.Context, q threads.ItemQuery) ([]threads.Item, error) {
	var out []threads.Item
	for _, i := range m.items {
		if (q.Project == "" || q.Project == i.Project) && (q.Message == "" || q.Message == i.Message) &&
			(q.Thread == "" || q.Thread == i.Thread) && (q.Kind == "" || q.Kind == i.Kind) && (!q.Open && q.Needed == "" || i.State == threads.Open) &&
			(q.Report == "" || q.Report == i.Report || i.Answer != nil && q.Report == i.Answer.Report) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b threads.Item) int { return b.At.Compare(a.At) })
	if q.Needed != "" {
		need := func(i threads.Item) string {
			switch {
			case i.Due != "" && i.Due < q.Needed:
				return "0" + i.Due
			case i.Urgent:
				return "1" + cmp.Or(i.Due, "9999")
			}
			return "2" + cmp.Or(i.Due, "9999")
		}
		slices.SortFunc(out, func(a, b threads.Item) int {
			return cmp.Or(cmp.Compare(need(a), need(b)), a.At.Compare(b.At), cmp.Compare(a.Number, b.Number))
		})
	}
	return first(out, q.Limit), m.failure
}

func (m *memory) Waiting(ctx context.Context, project, day string) (threads.Waiting, error) {
	w := threads.Waiting{Kinds: map[threads.Kind]int{}}
	items, err := m.Items(ctx, threads.ItemQuery{Project: project, Open: true})
	for _, i := range items {
		w.Open++
		w.Kinds[i.Kind]++
		if i.Urgent {
			w.Urgent++
		}
		if i.Due != "" && i.Due < day {
			w.Late++
		}
	}
	return w, err
}

func (m *memory) Item(_ context.Context, project string, number int) (threads.Item, error) {
	for _, i := range m.items {
		if strings.EqualFold(i.Project, project) && i.Number == number {
			return i, nil
		}
	}
	return threads.Item{}, threads.ErrNotFound
}

func (m *memory) Report(_ context.Context, id string) (threads.Report, error) {
	return only(m.reports, func(r threads.Report) string { return r.ID }, id)
}

func (m *memory) Reports(_ context.Context, project string, limit int) ([]threads.Report, error) {
	var out []threads.Report
	for _, r := range m.reports {
		if r.Project == project {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b threads.Report) int { return b.ApprovedAt.Compare(a.ApprovedAt) })
	return first(out, limit), m.failure
}

// Ratings are the same as the store's: of the messages that have one.
func (m *memory) Ratings(_ context.Context, project string, limit int) ([]threads.Rating, error) {
	var out []threads.Rating
	for _, mail := range m.messages {
		if mail.Project == project && mail.Rating != nil {
			out = append(out, threads.Rating{Rated: *mail.Rating, Message: mail.ID, Thread: mail.Thread, From: mail.From, At: mail.Received})
		}
	}
	slices.SortFunc(out, func(a, b threads.Rating) int { return b.At.Compare(a.At) })
	return first(out, limit), m.failure
}

func (m *memory) LetterRaw(_ context.Context, id string) (threads.Letter, error) {
	return only(m.letters, func(l threads.Letter) string { return l.ID }, id)
}

func (m *memory) Found(ctx context.Context, q threads.SearchQuery) (int, bool, error) {
	q.Limit = 0
	hits, err := m.Search(ctx, q)
	return len(hits), false, err
}

func (m *memory) Search(_ context.Context, q threads.SearchQuery) ([]threads.Hit, error) {
	var out []threads.Hit
	for _, msg := range m.messages {
		at := strings.Index(strings.ToLower(msg.Text), strings.ToLower(q.Text))
		if at < 0 || q.Project != "" && q.Project != msg.Project || msg.Received.Before(q.From) || !q.To.IsZero() && !msg.Received.Before(q.To) {
			continue
		}
		from, to := boundary(msg.Text, at-80), boundary(msg.Text, at+160)
		out = append(out, threads.Hit{Message: msg, Snippet: msg.Text[from:to], Marks: [][2]int{{at - from, at - from + len(q.Text)}}})
	}
	slices.SortStableFunc(out, func(a, b threads.Hit) int { return b.Message.Received.Compare(a.Message.Received) })
	return first(out, q.Limit), m.failure
}

func (m *memory) Mailboxes(context.Context) ([]threads.Cursor, error) { return m.mailboxes, m.failure }

func (m *memory) Notices(context.Context, time.Time, int) ([]threads.Notice, error) {
	return m.notices, m.failure
}

func (m *memory) Coverage(context.Context, string) (threads.Coverage, error) {
	return threads.Coverage{First: 1, Last: uint32(len(m.messages)), Filed: len(m.messages), Tray: 1, Vanished: 2, Signed: today,
		Owed: []threads.Owed{{UID: 9, Size: 62 << 20, Why: threads.WhyTooLarge, Words: "it has 62.0 MB, and the limit is 50.0 MB", From: anna, Subject: "Photos <b>of</b> the shop", Since: today}}}, m.failure
}

func (m *memory) Log(_ context.Context, from int64, limit int) ([]threads.LogRow, error) {
	var out []threads.LogRow
	for i := from; i < int64(len(m.log)) && len(out) < limit; i++ {
		out = append(out, threads.LogRow{Index: i, Line: m.log[i]})
	}
	return out, m.failure
}

func (m *memory) LogTile(context.Context, int, int64) ([]byte, error) {
	return nil, threads.ErrNotFound
}

func (m *memory) LatestCheckpoint(context.Context) ([]byte, error) { return nil, m.failure }

func (m *memory) LogHead(context.Context) (int64, []byte, error) {
	root := sha256.Sum256([]byte("a root"))
	return int64(len(m.log)), root[:], m.failure
}

func (m *memory) LogBefore(_ context.Context, before int64, limit int) ([]threads.LogRow, error) {
	var out []threads.LogRow
	for i := min(before, int64(len(m.log))) - 1; i >= 0 && len(out) < limit; i-- {
		out = append(out, threads.LogRow{Index: i, Line: m.log[i]})
	}
	return out, m.failure
}

func (m *memory) LogAt(context.Context, time.Time) (int64, error) { return 0, m.failure }

func (m *memory) ChangesOf(context.Context, []string) ([]threads.Change, error) {
	return nil, m.failure
}

func (m *memory) History(_ context.Context, id string) (threads.History, error) {
	return threads.History{Source: "samples", Filed: today}, m.failure
}

func (m *memory) ItemHistory(_ context.Context, id string) (h threads.ItemHistory, err error) {
	for _, i := range m.items {
		if i.ID == id && i.Answer != nil {
			h.Answers = []threads.Answer{*i.Answer}
		}
	}
	return h, m.failure
}

func (m *memory) Accesses(context.Context, threads.AccessQuery) ([]threads.Access, error) {
	return nil, m.failure
}

func (m *memory) ChangeOf(context.Context, string) (threads.Change, error) {
	return threads.Change{}, threads.ErrNotFound
}

// first is at most limit of all, and all for 0.
func first[T any](all []T, limit int) []T {
	if limit > 0 && len(all) > limit {
		return all[:limit]
	}
	return all
}

// only is the one thing whose id begins with the given one.
func only[T any](all []T, id func(T) string, want string) (T, error) {
	var found []T
	for _, one := range all {
		if id(one) == want {
			return one, nil
		}
		if want != "" && strings.HasPrefix(id(one), want) {
			found = append(found, one)
		}
	}
	var none T
	switch len(found) {
	case 0:
		return none, threads.ErrNotFound
	case 1:
		return found[0], nil
	}
	return none, threads.ErrAmbiguous
}

func sha(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
