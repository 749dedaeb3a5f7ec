// Package eval measures how well clients' mails are read: in goes a folder of
// annotated mails (NNN.eml with NNN.json), out come the share that was read
// right, what was missed, and the speed.
//
// A case's JSON has what a careful project manager takes from the mail: auto,
// language, new_text and items; Answer is the same for what was read. An
// expected item is found when one of its kind was read whose words overlap at
// least half; facet, urgency, date and point are compared on found items only.
package eval

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

// Answer is what a mail says, as annotations have it.
type Answer struct {
	Auto     string `json:"auto"` // none, reply, bounce, list or receipt
	Language string `json:"language"`
	NewText  string `json:"new_text"`
	Items    []Item `json:"items"`
}

// Item is one thing the client said.
type Item struct {
	Kind   string  `json:"kind"`
	Text   string  `json:"text"`
	Facet  string  `json:"facet"`
	Urgent bool    `json:"urgent"`
	Due    *string `json:"due"`
	About  *string `json:"about"`
}

// Case is one annotated mail.
type Case struct {
	Name string
	Raw  []byte
	Want Answer
}

// Report puts what was read in the form of an annotation.
func Report(r extract.Result, class threads.Class) Answer {
	a := Answer{Auto: auto(class), Language: r.Language, NewText: r.NewText, Items: []Item{}}
	for _, it := range r.Items {
		a.Items = append(a.Items, Item{string(it.Kind), it.Text, string(it.Facet), it.Urgent, optional(it.Due), optional(it.About)})
	}
	return a
}

func auto(c threads.Class) string {
	switch c {
	case threads.ClassAutoReply, threads.ClassOutOfOffice:
		return "reply"
	case threads.ClassBounce, threads.ClassDelay:
		return "bounce"
	case threads.ClassReceipt:
		return "receipt"
	case threads.ClassList:
		return "list"
	}
	return "none"
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Read reads a raw mail of which nothing else is known: no letter it may
// answer, no project. Days are those of the sender's offset.
func Read(raw []byte) (extract.Result, threads.Class) {
	m := mail.Parse(raw, mail.Limits{})
	class := threads.Class(mail.Classify(m).Class)
	return extract.Read(extract.Input{Mail: m, Class: class}), class
}

// Load reads the cases of a folder, in the order of their names.
func Load(folder string) ([]Case, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("load cases: no mails (*.eml) in %s", folder)
	}
	var cases []Case
	for _, p := range paths {
		c := Case{Name: strings.TrimSuffix(filepath.Base(p), ".eml")}
		if c.Raw, err = os.ReadFile(p); err != nil {
			return nil, fmt.Errorf("load case %s: %w", c.Name, err)
		}
		data, err := os.ReadFile(strings.TrimSuffix(p, ".eml") + ".json")
		if err != nil {
			return nil, fmt.Errorf("load case %s: its annotation: %w", c.Name, err)
		}
		if err := json.Unmarshal(data, &c.Want); err != nil {
			return nil, fmt.Errorf("load case %s: its annotation: %w", c.Name, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// Evaluate reads every mail of a folder and compares.
func Evaluate(folder string) (Figures, error) {
	cases, err := Load(folder)
	if err != nil {
		return Figures{}, err
	}
	return Score(cases, func(c Case) Answer { return Report(Read(c.Raw)) }), nil
}

// Speed is how fast mails are read on one core.
type Speed struct {
	Mails     int
	Sentences int
	PerMail   time.Duration // parse, class, text and items
	PerSecond float64       // sentences, in whole mails
}

// Measure reads the cases again and again for about the given time.
func Measure(cases []Case, long time.Duration, now func() time.Time) Speed {
	var s Speed
	if len(cases) == 0 {
		return s
	}
	start := now()
	for spent := time.Duration(0); spent < long; spent = now().Sub(start) {
		for _, c := range cases {
			r, _ := Read(c.Raw)
			s.Sentences += len(extract.Sentences(r.NewText))
			s.Mails++
		}
	}
	spent := now().Sub(start)
	s.PerMail = spent / time.Duration(s.Mails)
	s.PerSecond = float64(s.Sentences) / spent.Seconds()
	return s
}

// String is the speed in words.
func (s Speed) String() string {
	return fmt.Sprintf("speed %v a mail, %.0f sentences a second (%d mails)", s.PerMail.Round(time.Microsecond), s.PerSecond, s.Mails)
}
