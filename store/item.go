package store

import (
	"context"
	"fmt"
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
		about, report, point, sure, why, state, answer, said_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, $19)`,
		i.ID, i.Project, i.Number, i.Message, i.Thread, string(i.Kind), string(i.Facet), i.Text, i.Start, i.End, i.Urgent, i.Due,
		i.About, i.Report, i.Point, i.Sure, i.Why, string(i.State), ms(i.At))
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
	if i.State == "" {
		i.State = i.Kind.FirstState()
	}
	if unusable(i.At) {
		i.At = m.Date
	}
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
	only := func(column, value string) {
		if value != "" {
			args = append(args, value)
			where = append(where, fmt.Sprintf("i.%s = $%d", column, len(args)))
		}
	}
	only("project", q.Project)
	only("message", q.Message)
	only("thread", q.Thread)
	only("kind", string(q.Kind))
	if q.Open {
		only("state", string(threads.Open))
	}
	args = append(args, atMost(q.Limit))
	items, err := read(ctx, s, scanItem, `select `+itemColumns+itemTables+`where `+strings.Join(where, " and ")+
		fmt.Sprintf(` order by i.said_at desc, i.number desc limit $%d`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list items of %q: %w", q.Project, err)
	}
	return items, nil
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
