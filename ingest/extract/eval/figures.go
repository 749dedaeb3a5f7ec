package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tally counts what was found, what was read and is not there, and what was missed.
type Tally struct{ Found, Wrong, Missed int }

// Precision is the share of what was read that is there.
func (t Tally) Precision() float64 { return share(t.Found, t.Found+t.Wrong) }

// Recall is the share of what is there that was read.
func (t Tally) Recall() float64 { return share(t.Found, t.Found+t.Missed) }

// F1 is the harmonic mean of both.
func (t Tally) F1() float64 { return share(2*t.Found, 2*t.Found+t.Wrong+t.Missed) }

// Right counts how often a field of a found item was right.
type Right struct{ Right, Of int }

// Share is the share that was right.
func (r Right) Share() float64 { return share(r.Right, r.Of) }

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Miss is one thing that was read differently.
type Miss struct {
	Case      string
	What      string // "missed" or "false" with its kind, or the field
	Want, Got string
}

// String is the miss on one line.
func (m Miss) String() string {
	switch {
	case m.Got == "":
		return fmt.Sprintf("%s %s: %s", m.Case, m.What, m.Want)
	case m.Want == "":
		return fmt.Sprintf("%s %s: %s", m.Case, m.What, m.Got)
	}
	return fmt.Sprintf("%s %s: want %s, got %s", m.Case, m.What, m.Want, m.Got)
}

// Figures say how well a set of cases was read.
type Figures struct {
	Cases  int
	Items  map[string]*Tally // "all", each kind, and "lang:" with each language
	Fields map[string]*Right // facet, urgent, due, about
	Exact  Right             // new text
	Words  Tally             // of the new text
	Auto   Right
	Misses []Miss
}

// Score compares what answer reads in each case with its annotation.
func Score(cases []Case, answer func(Case) Answer) Figures {
	f := Figures{Items: map[string]*Tally{}, Fields: map[string]*Right{}}
	for _, c := range cases {
		f.add(c, answer(c))
	}
	return f
}

func (f *Figures) add(c Case, got Answer) {
	want := c.Want
	f.Cases++
	found, missed, wrong := match(want.Items, got.Items)
	for _, p := range found {
		f.count(want.Items[p[0]].Kind, want.Language, func(t *Tally) { t.Found++ })
		f.fields(c.Name, want.Items[p[0]], got.Items[p[1]])
	}
	for _, i := range missed {
		it := want.Items[i]
		f.count(it.Kind, want.Language, func(t *Tally) { t.Missed++ })
		f.miss(c.Name, "missed "+it.Kind, it.Text, "")
	}
	for _, j := range wrong {
		it := got.Items[j]
		f.count(it.Kind, want.Language, func(t *Tally) { t.Wrong++ })
		f.miss(c.Name, "false "+it.Kind, "", it.Text)
	}
	f.text(c.Name, want.NewText, got.NewText)
	f.Auto.Of++
	if want.Auto == got.Auto {
		f.Auto.Right++
	} else {
		f.miss(c.Name, "auto", want.Auto, got.Auto)
	}
}

func (f *Figures) count(kind, language string, add func(*Tally)) {
	for _, key := range []string{"all", kind, "lang:" + language} {
		if f.Items[key] == nil {
			f.Items[key] = &Tally{}
		}
		add(f.Items[key])
	}
}

func (f *Figures) fields(name string, want, got Item) {
	f.field(name, "facet", want.Facet == got.Facet, want.Facet, got.Facet+": "+want.Text)
	f.field(name, "urgent", want.Urgent == got.Urgent, fmt.Sprint(want.Urgent), fmt.Sprintf("%v: %s", got.Urgent, want.Text))
	if want, got := deref(want.Due), deref(got.Due); want != "" || got != "" {
		f.field(name, "due", want == got, "“"+want+"”", "“"+got+"”")
	}
	if want.About != nil && *want.About != "" {
		f.field(name, "about", overlap(*want.About, deref(got.About)) >= 0.5, *want.About, "“"+deref(got.About)+"”")
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (f *Figures) field(name, field string, right bool, want, got string) {
	if f.Fields[field] == nil {
		f.Fields[field] = &Right{}
	}
	f.Fields[field].Of++
	if right {
		f.Fields[field].Right++
		return
	}
	f.miss(name, field, want, got)
}

func (f *Figures) text(name, want, got string) {
	f.Exact.Of++
	if fold(want) == fold(got) {
		f.Exact.Right++
	} else {
		f.miss(name, "text", fmt.Sprintf("%q", fold(want)), fmt.Sprintf("%q", fold(got)))
	}
	w, g := words(want), words(got)
	both := shared(w, g)
	f.Words.Found += both
	f.Words.Wrong += total(g) - both
	f.Words.Missed += total(w) - both
}

func (f *Figures) miss(name, what, want, got string) {
	f.Misses = append(f.Misses, Miss{name, what, want, got})
}

// Tally is that of a kind, "all" or a language; empty where nothing of it was expected.
func (f *Figures) Tally(key string) Tally {
	if t := f.Items[key]; t != nil {
		return *t
	}
	return Tally{}
}

// Field is how often a field was right.
func (f *Figures) Field(key string) Right {
	if r := f.Fields[key]; r != nil {
		return *r
	}
	return Right{}
}

// String prints the figures, a line for each.
func (f Figures) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cases %d\n", f.Cases)
	for _, k := range slices.Sorted(maps.Keys(f.Items)) {
		t := f.Items[k]
		fmt.Fprintf(&b, "items %-12s n=%4d  precision %.3f  recall %.3f  f1 %.3f\n", k, t.Found+t.Missed, t.Precision(), t.Recall(), t.F1())
	}
	for _, k := range slices.Sorted(maps.Keys(f.Fields)) {
		fmt.Fprintf(&b, "field %-12s n=%4d  accuracy %.3f\n", k, f.Fields[k].Of, f.Fields[k].Share())
	}
	fmt.Fprintf(&b, "new_text exact %.3f  word precision %.3f  recall %.3f  f1 %.3f\n", f.Exact.Share(), f.Words.Precision(), f.Words.Recall(), f.Words.F1())
	fmt.Fprintf(&b, "auto accuracy %.3f\n", f.Auto.Share())
	return b.String()
}
