package main

import (
	"cmp"
	"fmt"
	"strings"

	"rapport/threads"
)

type itemsListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	Kind    string `placeholder:"KIND" help:"Only this kind: request, problem, question, decision, concern, praise or commitment."`
	Open    bool   `help:"Only those that wait for an answer."`
	Limit   most   `default:"200" help:"How many at most."`
	JSON    bool   `help:"Print JSON."`
}

func (c *itemsListCmd) Run(e *env) error {
	q := threads.ItemQuery{Kind: threads.Kind(strings.ToLower(c.Kind)), Open: c.Open, Limit: int(c.Limit)}
	if c.Kind != "" && !knownKind(q.Kind) {
		return usagef("there is no kind %q; use one of request, problem, question, decision, concern, praise, commitment", c.Kind)
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if q.Project, err = h.keyOf(c.Project); err != nil {
		return err
	}
	items, err := h.store.Items(e.ctx, q)
	if err != nil {
		return err
	}
	if c.JSON {
		if items == nil {
			items = []threads.Item{}
		}
		return printJSON(e.out, items)
	}
	t := table{empty: "No items.", head: []string{"ITEM", "PROJECT", "KIND", "STATE", "DUE", "WORDS"}}
	for _, it := range items {
		state := string(it.State)
		if it.Answer != nil {
			state = string(it.Answer.Word)
		}
		if !it.Sure {
			state += "?"
		}
		t.add(it.Label(), it.Project, string(it.Kind), state, it.Due, words(it))
	}
	t.print(e.out)
	return nil
}

// words are an item's words, after what they answer.
func words(it threads.Item) string {
	text := cmp.Or(it.Text, "(erased)")
	if it.Urgent {
		text = "URGENT " + text
	}
	if it.Point != "" {
		text = fmt.Sprintf("[%s] %s", it.Point, text)
	}
	return text
}

func knownKind(k threads.Kind) bool {
	for _, known := range threads.Kinds {
		if k == known {
			return true
		}
	}
	return false
}
