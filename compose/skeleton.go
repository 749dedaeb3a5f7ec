package compose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"time"

	"rapport/templates"
	"rapport/threads"
)

// SkeletonInput is what a new draft begins with.
type SkeletonInput struct {
	Project  *threads.Project
	Manager  threads.Person
	Past     Past
	Said     []threads.Item   // decisions and promises of the client's since the last report
	Ratings  []threads.Rating // the latest first
	Now      time.Time
	Period   string // "" for the one that is running
	Template string // the project's own skeleton; "" for ours in the project's languages
	Path     string // of the template, for errors
}

// skeleton is what a skeleton template may name.
type skeleton struct {
	Key, Name, Client, Manager string
	Period, PeriodWords        string
	Status, Greeting           string
	Today, NextWeek            string
	Owed                       []owed
	Said                       []owed
	Satisfaction               string // of the latest rating, "" if there is none
	Promises                   []string
	Progress                   []carriedWork
	Milestones                 []carriedMilestone
	Risks                      []carriedRisk
}

// owed is an item of the client's: one that waits for our answer, or that tells
// what the manager has to know.
type owed struct {
	Label, Kind, Day string
	Point            string // of ours that it is about, "" for none
	Due              string // for people, "" if the client named no day
	Urgent           bool
	Lines            []string // the client's words, safe to stand in a comment
}

// NewDraft writes the draft that `report new` begins with: the answers owed
// with the client's words above them, what the last report promised, and its
// figures to compare with. What the manager has to fill in stands in [[ ]] or
// is empty, and the check finds it.
func NewDraft(in SkeletonInput) ([]byte, error) {
	now := in.Now
	if in.Project.Zone != nil {
		now = now.In(in.Project.Zone)
	}
	if in.Period == "" {
		in.Period = CurrentPeriod(in.Project.Rhythm, now)
	}
	period, err := ParsePeriod(in.Period)
	if err != nil {
		return nil, fmt.Errorf("begin a report: %w", err)
	}
	if in.Template != "" {
		return in.fill(in.Template, wordsOf(in.Project.Language, now.Year()), period, now)
	}
	var draft []byte
	for i, tag := range languagesOf(&Front{}, in.Project) {
		own, err := fs.ReadFile(templates.Skeletons(), "report."+tag+".md")
		if err != nil {
			return nil, fmt.Errorf("begin a report: %w", err)
		}
		text, err := in.fill(string(own), wordsOf(tag, now.Year()), period, now)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			_, body, _, _ := splitFront(text)
			text = fmt.Appendf(nil, "\n```language\n%s\n```\n%s", tag, body)
		}
		draft = append(draft, text...)
	}
	return draft, nil
}

// fill writes a skeleton in one language.
func (in *SkeletonInput) fill(text string, w *words, period Period, now time.Time) ([]byte, error) {
	s := skeleton{
		Key: in.Project.Key, Name: in.Project.Name, Client: in.Project.Client, Manager: in.Manager.Name,
		Period: in.Period, PeriodWords: period.words(w), Status: "green",
		Greeting: greeting(in.Project, w), Today: now.Format(time.DateOnly), NextWeek: now.AddDate(0, 0, 7).Format(time.DateOnly),
	}
	for _, item := range in.Past.Open {
		if item.State == threads.Open && item.Answer == nil {
			s.Owed = append(s.Owed, owedItem(&item, in.Project, w))
		}
	}
	for _, item := range in.Said {
		s.Said = append(s.Said, owedItem(&item, in.Project, w))
	}
	s.Satisfaction = in.satisfaction(w)
	if len(in.Past.Reports) > 0 {
		s.carry(&in.Past.Reports[0], period.To.Format(time.DateOnly), w)
	}
	t, err := template.New(in.Path).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read the skeleton of %s: %w", in.Project.Key, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("fill in the skeleton of %s: %w", in.Project.Key, err)
	}
	return out.Bytes(), nil
}

// satisfaction is how content the client is, in one line that is safe in a comment.
func (in *SkeletonInput) satisfaction(w *words) string {
	s := threads.SatisfactionOf(in.Ratings)
	if s == nil {
		return ""
	}
	last := s.Ratings[0]
	words := w.say("skeleton.rated", w.day(civil(last.At, in.Project)), w.say("daily.rated", last.From.String(), fmt.Sprint(last.Score), fmt.Sprintf("%.1f", s.Average)))
	if s.Worry {
		words = w.say("skeleton.asks", words, w.say("daily.ask"))
	}
	return othersWords(words)
}

// CheckSkeleton tries a project's own skeleton on a report that has something
// of everything, so that no mistake in it waits for the Friday on which a
// client first promises something.
func CheckSkeleton(p *threads.Project, path, text string) error {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	last := threads.Report{ApprovedAt: now, Language: p.Language, Draft: "---\nproject: X\nperiod: 2026-W47\n---\n\n## Next\n\n- A promise\n\n" +
		"```progress\n- work: Work\n  done: 1\n  of: 2\n```\n\n```milestones\n- milestone: One\n  date: 2026-12-01\n```\n\n" +
		"```risks\n- risk: One\n  level: low\n  effect: Some\n  action: Some\n```\n"}
	full := SkeletonInput{
		Past:    Past{Reports: []threads.Report{last}, Open: []threads.Item{{Number: 1, Kind: threads.Request, State: threads.Open, Text: "Please.", At: now, Urgent: true}}},
		Said:    []threads.Item{{Number: 2, Kind: threads.Decision, State: threads.Noted, Text: "D-1: yes", Point: "D-1", At: now}},
		Ratings: []threads.Rating{{Rated: threads.Rated{Score: 2}, At: now}},
	}
	for _, in := range []SkeletonInput{{}, full} {
		in.Project, in.Now, in.Template, in.Path = p, now, text, path
		draft, err := NewDraft(in)
		if err != nil {
			return err
		}
		if _, findings := ReadDraft(path, draft); Blocked(findings) {
			return fmt.Errorf("the draft that it makes is wrong: %s", findings[0].Words)
		}
	}
	return nil
}

// greeting names the contacts who get the report.
func greeting(p *threads.Project, w *words) string {
	var names []string
	for _, a := range p.Recipients() {
		name := a.Name
		if w.language != "zh" {
			name, _, _ = strings.Cut(name, " ")
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, w.say("asked.and"))
}

func owedItem(item *threads.Item, p *threads.Project, w *words) owed {
	o := owed{Label: item.Label(), Kind: w.say("kind." + string(item.Kind)), Day: w.day(civil(item.At, p)), Point: item.Point, Urgent: item.Urgent}
	if item.Due != "" {
		o.Due = w.day(item.Due)
	}
	o.Lines = wrap(othersWords(item.Text), textColumns-4)
	return o
}

// civil is the day of a moment in the project's zone.
func civil(at time.Time, p *threads.Project) string {
	if p.Zone != nil {
		at = at.In(p.Zone)
	}
	return at.Format(time.DateOnly)
}

// quoted is a string as YAML reads it back, whatever is in it.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSpace(b.String())
}
