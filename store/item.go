package store

import (
	"context"
	"fmt"
	"math"
	"strings"

	"rapport/threads"
)

// putItems writes the items of a message and gives them their numbers. Mail in
// the tray has none: they would count in no project.
func (f *filing) putItems(p *prepared) error {
	if p.Message.Project == "" {
		return nil
	}
	for n := range p.Items {
		i := p.Items[n] // a copy: the transaction may be run again
		f.complete(&i, &p.Message)
		if err := f.insertItem(&i); err != nil {
			return err
		}
		if i.State == threads.Open {
			f.threads[i.Thread].Open++
		}
		f.record(itemEntry(&i, p.salt))
	}
	return nil
}

// insertItem writes the row of an item without answers.
func (t *tx) insertItem(i *threads.Item) error {
	_, err := t.exec(`insert into item (id, project, number, message, thread, kind, facet, words, first, past, urgent, due,
		about, report, point, sure, why, state, answer, said_at, evidence)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, $19, $20)`,
		i.ID, i.Project, i.Number, i.Message, i.Thread, string(i.Kind), string(i.Facet), i.Text, i.Start, i.End, i.Urgent, i.Due,
		i.About, i.Report, i.Point, i.Sure, i.Why, string(i.State), ms(i.At), itemForm)
	if err != nil {
		return fmt.Errorf("store item %s: %w", i.Label(), err)
	}
	return nil
}

// complete fills in what the store knows of an item.
func (f *filing) complete(i *threads.Item, m *threads.Message) {
	i.ID = f.ids.New(threads.ItemPrefix)
	i.Project, i.Message, i.Thread = m.Project, m.ID, m.Thread
	i.Number = f.counters[m.Project].nextItem()
	for _, s := range []*string{&i.Text, &i.Due, &i.About, &i.Report, &i.Point, &i.Why} {
		*s = cleanText(*s)
	}
	if i.Facet == "" {
		i.Facet = threads.NoFacet
	}
	i.State = stands(i, 0)
	if unusable(i.At) {
		i.At = m.Date
	}
}

// stands is the state of an item of which the n-th answer counts, 0 for none.
func stands(i *threads.Item, n int) threads.ItemState {
	switch {
	case n > 0:
		return threads.Answered
	case i.State == threads.Dismissed:
		return threads.Dismissed
	}
	return i.Kind.FirstState()
}

const itemColumns = `i.id, i.project, i.number, i.message, i.thread, i.kind, i.facet, i.words, i.first, i.past, i.urgent, i.due,
	i.about, i.report, i.point, i.sure, i.why, i.state, i.answer, i.said_at,
	coalesce(a.word, ''), coalesce(a.reason, ''), coalesce(a.next_step, ''), coalesce(a.day, ''), coalesce(a.login, ''),
	coalesce(a.given_at, 0), coalesce(a.report, '')`

const itemTables = ` from item i left join answer a on a.item = i.id and a.n = i.answer `

func scanItem(row scanner) (i threads.Item, err error) {
	var answer int
	var said, given int64
	var a threads.Answer
	err = row.Scan(&i.ID, &i.Project, &i.Number, &i.Message, &i.Thread, &i.Kind, &i.Facet, &i.Text, &i.Start, &i.End, &i.Urgent, &i.Due,
		&i.About, &i.Report, &i.Point, &i.Sure, &i.Why, &i.State, &answer, &said,
		&a.Word, &a.Reason, &a.Next, &a.Date, &a.By, &given, &a.Report)
	i.At = moment(said)
	if answer > 0 {
		a.Item, a.At = i.ID, moment(given)
		i.Answer = &a
	}
	return i, err
}

// Items returns items, the latest first.
func (s *Store) Items(ctx context.Context, q threads.ItemQuery) ([]threads.Item, error) {
	where, args := []string{"1 = 1"}, []any{}
	only := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			where = append(where, strings.ReplaceAll(condition, "$", fmt.Sprintf("$%d", len(args))))
		}
	}
	only("i.project = $", q.Project)
	only("i.message = $", q.Message)
	only("i.thread = $", q.Thread)
	only("(i.report = $ or i.answer > 0 and exists (select 1 from answer told where told.item = i.id and told.n = i.answer and told.report = $))", q.Report)
	only("i.kind = $", string(q.Kind))
	if q.Open || q.Needed != "" {
		where = append(where, isOpen)
	}
	order := "i.said_at desc, i.number desc"
	if q.Needed != "" {
		args = append(args, q.Needed)
		order = fmt.Sprintf(mostNeeded, len(args))
	}
	limit := q.Limit
	if limit <= 0 && (q.Message != "" || q.Thread != "" || q.Report != "") {
		limit = math.MaxInt32
	}
	args = append(args, atMost(limit))
	// the answers are joined to those that are returned only
	items, err := read(ctx, s, scanItem, `select `+itemColumns+itemTables+`where i.id in (select i.id from item i where `+strings.Join(where, " and ")+
		` order by `+order+fmt.Sprintf(` limit $%d`, len(args))+`) order by `+order, args...)
	if err != nil {
		return nil, fmt.Errorf("list items of %q: %w", q.Project, err)
	}
	return items, nil
}

// isOpen is written out, not an argument: only so does SQLite see that the index
// of open items serves.
const isOpen = "i.state = '" + string(threads.Open) + "'"

// mostNeeded is the order in which open items are needed on a day: what is late,
// what is urgent, what is due soon, what is old.
const mostNeeded = `case when i.due <> '' and i.due < $%[1]d then 0 when i.urgent then 1 else 2 end, case when i.due = '' then '9999' else i.due end, i.said_at, i.number`

// Waiting counts what a project's client waits for on a civil day.
func (s *Store) Waiting(ctx context.Context, project, day string) (threads.Waiting, error) {
	type row struct {
		kind               threads.Kind
		open, urgent, late int
	}
	rows, err := read(ctx, s, func(from scanner) (r row, err error) { return r, from.Scan(&r.kind, &r.open, &r.urgent, &r.late) },
		`select i.kind, count(*), sum(case when i.urgent then 1 else 0 end), sum(case when i.due <> '' and i.due < $2 then 1 else 0 end)
		from item i where i.project = $1 and `+isOpen+` group by i.kind`, project, day)
	if err != nil {
		return threads.Waiting{}, fmt.Errorf("count what waits in %q: %w", project, err)
	}
	w := threads.Waiting{Kinds: map[threads.Kind]int{}}
	for _, r := range rows {
		w.Open, w.Urgent, w.Late, w.Kinds[r.kind] = w.Open+r.open, w.Urgent+r.urgent, w.Late+r.late, r.open
	}
	return w, nil
}

// Item returns the item that people call F-number in a project.
func (s *Store) Item(ctx context.Context, project string, number int) (threads.Item, error) {
	found, err := read(ctx, s, scanItem, `select `+itemColumns+itemTables+`where i.project = $1 and i.number = $2`, project, number)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Item{}, fmt.Errorf("item F-%d of %s: %w", number, project, err)
	}
	return found[0], nil
}

// item reads an item by its id.
func (t *tx) item(id string) (threads.Item, error) {
	found, err := collect(t, scanItem, `select `+itemColumns+itemTables+`where i.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Item{}, fmt.Errorf("item %s: %w", id, err)
	}
	return found[0], nil
}
