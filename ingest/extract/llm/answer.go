package llm

import (
	"encoding/json"
	"errors"
	"strings"

	"rapport/ingest/extract"
	"rapport/threads"
)

// item is one item as the model writes it.
type item struct {
	Kind   threads.Kind  `json:"kind"`
	Text   string        `json:"text"`
	Facet  threads.Facet `json:"facet"`
	Urgent bool          `json:"urgent"`
	Due    string        `json:"due"`
}

// answered takes the items out of an answer: those that are exact pieces of the
// text, each behind the one before if it stands there as well. Kinds, facets
// and dates are looked at by extract.Reread.
func answered(answer []byte, text string) ([]extract.Reading, error) {
	var envelope struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(answer, &envelope); err != nil || len(envelope.Choices) == 0 {
		return nil, errors.New("its answer is no chat completion")
	}
	items, ok := itemsIn(envelope.Choices[0].Message.Content)
	if !ok {
		return nil, errors.New("its answer is not the JSON that was asked for")
	}
	var out []extract.Reading
	folded, from := fold(text), 0
	for _, it := range items[:min(len(items), maxItems)] {
		start, end, next := folded.find(it.Text, from)
		if end > start {
			out = append(out, extract.Reading{Kind: it.Kind, Facet: it.Facet, Start: start, End: end, Urgent: it.Urgent, Due: it.Due})
			from = max(from, next)
		}
	}
	return out, nil
}

// itemsIn reads the JSON in what the model says. Some models think aloud
// before, or put a code fence around it.
func itemsIn(content string) ([]item, bool) {
	if i := strings.LastIndex(content, "</think>"); i >= 0 {
		content = content[i:]
	}
	start, end := strings.IndexByte(content, '{'), strings.LastIndexByte(content, '}')
	if start < 0 || end < start {
		return nil, false
	}
	var list struct {
		Items *[]item `json:"items"`
	}
	if err := json.Unmarshal([]byte(content[start:end+1]), &list); err != nil || list.Items == nil {
		return nil, false
	}
	return *list.Items, true
}
