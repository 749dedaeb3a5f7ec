package main

import (
	"context"
	"fmt"
	"strings"

	"rapport/threads"
)

type itemsExamplesCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	TSV     bool   `name:"tsv" help:"Print training lines: kind, facet, urgent, language, sentence."`
	JSON    bool   `help:"Print JSON."`
}

// Run lists what managers have taught, the latest last. The sentences are the
// client's own words: look through them before they leave the house.
func (c *itemsExamplesCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	var keys []string
	if c.Project != "" {
		p, err := h.project(c.Project)
		if err != nil {
			return err
		}
		keys = append(keys, p.Key)
	}
	examples, err := h.store.Examples(e.ctx, keys...)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		if examples == nil {
			examples = []threads.Example{}
		}
		return printJSON(e.out, examples)
	case c.TSV:
		fmt.Fprintln(e.out, "kind\tfacet\turgent\tlanguage\tsentence")
		for _, x := range examples {
			fmt.Fprintln(e.out, trainingLine(x))
		}
		return nil
	}
	t := table{head: []string{"PROJECT", "KIND", "FACET", "WORDS"}}
	for _, x := range examples {
		t.add(x.Project, string(x.Kind), string(x.Facet), x.Text)
	}
	t.print(e.out)
	return nil
}

// trainingLine is an example as the tables have it from which the reader is
// trained: no project, no person, no number.
func trainingLine(x threads.Example) string {
	urgent := "0"
	if x.Urgent {
		urgent = "1"
	}
	facet := x.Facet
	if x.Kind == threads.NoItem {
		facet, urgent = threads.NoFacet, "0"
	}
	return strings.Join([]string{string(x.Kind), string(facet), urgent, x.Language, strings.Join(strings.Fields(x.Text), " ")}, "\t")
}

// corrections are the sentences that managers have corrected for a project's
// client, whichever of the client's projects they were in.
func (h *house) corrections(ctx context.Context, project string) ([]threads.Example, error) {
	keys := []string{project}
	d := h.projects()
	if own := d.Project(project); own != nil && own.Client != "" {
		for _, p := range d.Projects {
			if p.Key != own.Key && p.Client == own.Client {
				keys = append(keys, p.Key)
			}
		}
	}
	return h.store.Examples(ctx, keys...)
}
