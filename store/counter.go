package store

import (
	"fmt"
	"maps"
	"slices"
)

// counter gives out the numbers of a project's items and reports.
type counter struct {
	items, reports int
	dirty          bool
}

// counter reads a project's counter and holds its row until the end of the
// transaction: writers of one project take turns.
func (t *tx) counter(project string) (*counter, error) {
	c := &counter{}
	err := t.one(`insert into counter (project, items, reports) values ($1, 0, 0)
		on conflict (project) do update set project = excluded.project returning items, reports`,
		[]any{project}, &c.items, &c.reports)
	if err != nil {
		return nil, fmt.Errorf("lock project %s: %w", project, err)
	}
	return c, nil
}

func (c *counter) nextItem() int   { c.items++; c.dirty = true; return c.items }
func (c *counter) nextReport() int { c.reports++; c.dirty = true; return c.reports }

func (t *tx) putCounter(project string, c *counter) error {
	if !c.dirty {
		return nil
	}
	_, err := t.exec(`update counter set items = $2, reports = $3 where project = $1`, project, c.items, c.reports)
	if err != nil {
		return fmt.Errorf("count up in project %s: %w", project, err)
	}
	return nil
}

// sortedKeys makes every transaction write in the same order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
