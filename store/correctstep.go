package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// amendment is one correction at work on the items of its mail.
type amendment struct {
	threads.Correction
	message threads.Message
	items   []threads.Item // as they are to be, in the end
	touched []int          // indexes of those that a manager has now read
	taught  []int          // those of them whose words are examples
	told    string         // in words, for the list of changes
}

// run does the step.
func (a *amendment) run() error {
	if err := a.check(); err != nil {
		return err
	}
	if a.Step == threads.CorrectAdd {
		return a.add()
	}
	at := slices.IndexFunc(a.items, func(i threads.Item) bool { return i.ID == a.Item })
	if at < 0 {
		return fmt.Errorf("item %s: %w", a.Item, threads.ErrNotFound)
	}
	a.touched, a.taught = []int{at}, []int{at}
	a.told = string(a.Step) + " " + a.items[at].Label()
	switch a.Step {
	case threads.CorrectRead, threads.CorrectReturn:
		a.read(&a.items[at])
	case threads.CorrectDismiss:
		return a.dismiss(&a.items[at])
	case threads.CorrectSplit:
		return a.split(at)
	case threads.CorrectMerge:
		return a.merge(at)
	default:
		return fmt.Errorf("there is no correction %q", a.Step)
	}
	return nil
}

// check refuses values that no item has.
func (a *amendment) check() error {
	if a.Kind != "" && !slices.Contains(threads.Kinds, a.Kind) {
		return fmt.Errorf("there is no kind %q; use one of request, problem, question, decision, concern, praise, commitment", a.Kind)
	}
	switch a.Facet {
	case "", threads.Business, threads.Technical, threads.Schedule, threads.Budget, threads.NoFacet:
	default:
		return fmt.Errorf("there is no facet %q; use one of business, technical, schedule, budget, none", a.Facet)
	}
	if a.Due != nil && *a.Due != "" {
		if _, err := time.Parse(time.DateOnly, *a.Due); err != nil {
			return fmt.Errorf("the date %q is not of the form 2026-11-27", *a.Due)
		}
	}
	return nil
}

// read gives an item what the manager says of it. He is sure.
func (a *amendment) read(i *threads.Item) {
	if a.Kind != "" {
		i.Kind = a.Kind
	}
	if a.Facet != "" {
		i.Facet = a.Facet
	}
	if a.Urgent != nil {
		i.Urgent = *a.Urgent
	}
	if a.Due != nil {
		i.Due = *a.Due
	}
	i.Sure, i.Why = true, ""
	if i.State != threads.Answered {
		i.State = i.Kind.FirstState()
	}
}

func (a *amendment) dismiss(i *threads.Item) error {
	if err := unanswered(i, "cannot be dismissed"); err != nil {
		return err
	}
	i.State = threads.Dismissed
	return nil
}

// unanswered refuses what would take words away that the client has read an
// answer to.
func unanswered(i *threads.Item, what string) error {
	if i.Answer == nil {
		return nil
	}
	return fmt.Errorf("%w: %s was answered and %s", threads.ErrConflict, i.Label(), what)
}

// split makes two items of one: the second begins with Words.
func (a *amendment) split(at int) error {
	i := &a.items[at]
	if err := unanswered(i, "cannot be split"); err != nil {
		return err
	}
	if err := a.stands(i); err != nil {
		return err
	}
	cut := strings.Index(i.Text, a.Words)
	if a.Words == "" || cut <= 0 || strings.TrimSpace(i.Text[:cut]) == "" {
		return fmt.Errorf("the second part must begin with words inside of %s; %q are none", i.Label(), a.Words)
	}
	second := *i
	second.ID, second.Number = "", 0
	second.Start = i.Start + cut
	second.Text = i.Text[cut:]
	second.State = ""
	i.Text = strings.TrimRight(i.Text[:cut], " \t\n,;，；、")
	i.End = i.Start + len(i.Text)
	(&amendment{}).read(i)
	a.read(&second)
	a.items = append(a.items, second)
	a.touched = append(a.touched, len(a.items)-1)
	a.taught = a.touched
	return nil
}

// merge makes one item of two. It keeps the number of the first; what stands
// between them belongs to it.
func (a *amendment) merge(at int) error {
	other := slices.IndexFunc(a.items, func(i threads.Item) bool { return i.ID == a.Other })
	if other < 0 || other == at {
		return fmt.Errorf("%w: only two items of one mail can be merged", threads.ErrConflict)
	}
	i, j := &a.items[at], a.items[other]
	for _, one := range []*threads.Item{i, &j} {
		if err := unanswered(one, "cannot be merged"); err != nil {
			return err
		}
		if err := a.stands(one); err != nil {
			return err
		}
	}
	a.told += " and " + j.Label()
	i.Start, i.End = min(i.Start, j.Start), max(i.End, j.End)
	for n := range a.items {
		if o := &a.items[n]; n != at && n != other && o.Start < i.End && i.Start < o.End {
			return fmt.Errorf("%w: %s stands between them", threads.ErrConflict, o.Label())
		}
	}
	i.Text = a.message.NewText[i.Start:i.End]
	i.Urgent = i.Urgent || j.Urgent
	if i.Due == "" || j.Due != "" && j.Due < i.Due {
		i.Due = j.Due
	}
	a.read(i)
	a.items = slices.Delete(a.items, other, other+1)
	a.touched, a.taught = []int{slices.IndexFunc(a.items, func(i threads.Item) bool { return i.ID == a.Item })}, nil
	return nil
}

// stands reports whether an item's words are where it says.
func (a *amendment) stands(i *threads.Item) error {
	if text := a.message.NewText; i.Start < 0 || i.End > len(text) || i.Start >= i.End || cleanText(text[i.Start:i.End]) != i.Text {
		return fmt.Errorf("%w: the words of %s are not in the new text of its mail", threads.ErrConflict, i.Label())
	}
	return nil
}
