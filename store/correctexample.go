package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

// putExamples writes down which items a manager has read, and the sentences
// that teach something for later mail.
func (t *tx) putExamples(change string, a *amendment) error {
	for n, at := range a.touched {
		i := &a.items[at]
		kind, words := i.Kind, ""
		if i.State == threads.Dismissed {
			kind = threads.NoItem
		}
		if slices.Contains(a.taught, at) {
			words = i.Text
		}
		_, err := t.exec(`insert into correction (change, n, project, message, item, kind, facet, urgent, language, words)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			change, n, i.Project, i.Message, i.ID, string(kind), string(i.Facet), i.Urgent, a.message.Language, words)
		if err != nil {
			return fmt.Errorf("keep the example %s: %w", i.Label(), err)
		}
	}
	return nil
}

// mostExamples is how many examples of a client are read.
const mostExamples = 2000

// Examples returns the sentences that managers have corrected in these
// projects, the latest last; without a project, those of all.
func (s *Store) Examples(ctx context.Context, projects ...string) ([]threads.Example, error) {
	where, args := "", []any{}
	if len(projects) > 0 {
		var places []string
		for _, p := range projects {
			args = append(args, p)
			places = append(places, fmt.Sprintf("$%d", len(args)))
		}
		where = ` and e.project in (` + strings.Join(places, ", ") + `)`
	}
	args = append(args, mostExamples)
	out, err := read(ctx, s, scanExample, `select e.project, e.kind, e.facet, e.urgent, e.language, e.words
		from correction e join change c on c.id = e.change where c.undone_at = 0 and e.words <> ''`+where+
		fmt.Sprintf(` order by c.n desc, e.n desc limit $%d`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("read the corrected sentences: %w", err)
	}
	slices.Reverse(out)
	return out, nil
}

func scanExample(row scanner) (e threads.Example, err error) {
	err = row.Scan(&e.Project, &e.Kind, &e.Facet, &e.Urgent, &e.Language, &e.Text)
	return e, err
}

// byHand parts the items of a mail that stays in its project: those that a
// manager has read stay what they are, unless their words are gone.
func (r *refiling) byHand(p *prepared, old []threads.Item) (rest, stay []threads.Item, err error) {
	ids, err := collect(r.tx, scalar[string], byHandQuery, p.Message.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("look for corrected items: %w", err)
	}
	for _, i := range old {
		at := -1
		if i.Project == p.Message.Project && slices.Contains(ids, i.ID) {
			at = placeOf(p.Message.NewText, &i)
		}
		if at < 0 {
			rest = append(rest, i)
			continue
		}
		if err := r.moveItem(p, i, at, at+len(i.Text)); err != nil {
			return nil, nil, err
		}
		i.Start, i.End = at, at+len(i.Text)
		stay = append(stay, i)
	}
	return rest, stay, nil
}

// ByHand returns the ids of those items of a mail that a manager has corrected.
func (s *Store) ByHand(ctx context.Context, message string) ([]string, error) {
	ids, err := read(ctx, s, scalar[string], byHandQuery, message)
	if err != nil {
		return nil, fmt.Errorf("look for corrected items of %s: %w", message, err)
	}
	return ids, nil
}

const byHandQuery = `select e.item from correction e join change c on c.id = e.change where e.message = $1 and c.undone_at = 0`

// placeOf is where an item's words stand in a text: where they stood, or the
// first place that has them, -1 if there is none.
func placeOf(text string, i *threads.Item) int {
	text = cleanText(text)
	if i.Start >= 0 && i.Start < i.End && i.End <= len(text) && text[i.Start:i.End] == i.Text {
		return i.Start
	}
	return strings.Index(text, i.Text)
}

// overlaps reports whether an item's words are among those of others.
func overlaps(item threads.Item, others []threads.Item) bool {
	return slices.ContainsFunc(others, func(o threads.Item) bool { return item.Start < o.End && o.Start < item.End })
}
