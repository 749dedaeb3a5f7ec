package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"rapport/threads"
)

//go:embed drafts
var drafts embed.FS

// Reported are the projects that get a report in the demo.
var Reported = []string{Harbour, Yunshan}

// Draft is the manager's report of a project as Markdown. Every open item gets
// its answer: the one prepared for its words, else one that fits any words.
func Draft(project string, open []threads.Item) ([]byte, error) {
	text, err := drafts.ReadFile("drafts/" + strings.ToLower(project) + ".md")
	if err != nil {
		return nil, fmt.Errorf("sample draft of %s: %w", project, err)
	}
	prepared, err := preparedAnswers(project)
	if err != nil {
		return nil, err
	}
	items := append([]threads.Item(nil), open...)
	sort.Slice(items, func(i, j int) bool { return items[i].Number < items[j].Number })
	var b strings.Builder
	for i := range items {
		a := answerTo(&items[i], prepared)
		fmt.Fprintf(&b, "- item: %s\n  answer: %s\n  reason: %s\n", items[i].Label(), a.word, quoted(a.reason))
		if a.next != "" {
			fmt.Fprintf(&b, "  next: %s\n", quoted(a.next))
		}
		if a.date != "" {
			fmt.Fprintf(&b, "  date: %s\n", a.date)
		}
	}
	return []byte(strings.Replace(string(text), "{{answers}}\n", b.String(), 1)), nil
}

// prepared is a line of answers.tsv.
type prepared struct{ words, word, reason, next, date string }

func preparedAnswers(project string) ([]prepared, error) {
	table, err := drafts.ReadFile("drafts/answers.tsv")
	if err != nil {
		return nil, fmt.Errorf("sample answers: %w", err)
	}
	var out []prepared
	for i, line := range strings.Split(strings.TrimRight(string(table), "\n"), "\n") {
		c := strings.Split(line, "\t")
		if len(c) != 6 {
			return nil, fmt.Errorf("sample answers, line %d: %d columns, want 6", i+1, len(c))
		}
		if c[0] == project {
			out = append(out, prepared{c[1], c[2], c[3], c[4], c[5]})
		}
	}
	return out, nil
}

// answerTo finds the prepared answer with the most words in common: the
// longest fragment that stands in the item.
func answerTo(it *threads.Item, all []prepared) prepared {
	best := prepared{word: string(threads.Accepted), reason: "We have noted it and look into it.", next: "You hear from us in the next report."}
	if it.Project == Yunshan {
		best.reason, best.next = "已经记下，我们会处理。", "下一份周报答复您。"
	}
	length := 0
	said := strings.ToLower(strings.Join(strings.Fields(it.Text), " "))
	for _, p := range all {
		if strings.Contains(said, strings.ToLower(p.words)) && len(p.words) > length {
			best, length = p, len(p.words)
		}
	}
	return best
}

// quoted is a YAML text: JSON is YAML.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
