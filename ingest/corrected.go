package ingest

import (
	"context"
	"fmt"

	"rapport/ingest/extract"
)

// teach gives each mail the sentences that managers have corrected for its
// client, as they are at this moment.
func (f *flow) teach(ctx context.Context, mails []routed) error {
	if f.p.corrections == nil {
		return nil
	}
	read := map[string][]extract.Example{} // by project
	for i := range mails {
		project := mails[i].project
		if project == nil {
			continue
		}
		examples, ok := read[project.Key]
		if !ok {
			corrected, err := f.p.corrections(ctx, project.Key)
			if err != nil {
				return fmt.Errorf("corrections of %s: %w", project.Key, err)
			}
			for _, e := range corrected {
				examples = append(examples, extract.Example{Kind: e.Kind, Facet: e.Facet, Urgent: e.Urgent, Language: e.Language, Text: e.Text})
			}
			read[project.Key] = examples
		}
		mails[i].corrections = examples
	}
	return nil
}
