package compose

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// CheckInput is what a draft is checked against.
type CheckInput struct {
	Project   *threads.Project
	Past      Past
	Directory *threads.Directory // every project, to find what belongs to another client
	Now       time.Time
	Jargon    []string      // words of the project's own that a client does not know
	Hours     threads.Hours // the client's; the zero value is always
	// Dead asks which links lead nowhere, and why (LinkProbe.Dead); nil asks nobody.
	Dead func(links []string) map[string]string
}

// rule looks for one kind of trouble.
type rule struct {
	codes  []string
	silent bool // the draft may silence it with a reason
	look   func(*checker)
}

// rules are the checks before sending, each in a small function.
func rules() []rule {
	return []rule{
		{[]string{"section-empty"}, true, emptySections},
		{[]string{"answer-missing"}, true, missingAnswers},
		{[]string{"placeholder"}, true, placeholders},
		{[]string{"note-missing"}, true, missingNotes},
		{[]string{"picture-alt"}, false, picturesWithoutWords},
		{[]string{"picture-only"}, true, hardlyAnyText},
		{[]string{"link-scheme", "link-text", "link-long"}, true, links},
		{[]string{"link-dead"}, true, deadLinks},
		{[]string{"recipient-none", "recipient-foreign"}, false, recipients},
		{[]string{"other-client", "other-project"}, true, otherClients},
		{[]string{"period-sent"}, true, periodSent},
		{[]string{"punctuation"}, true, punctuation},
		{[]string{"long-sentence"}, true, longSentences},
		{[]string{"jargon"}, true, jargon},
		{[]string{"abbreviation"}, true, abbreviations},
		{[]string{"tone"}, true, tone},
		{[]string{"attachment-promised"}, true, promisedAttachment},
		{[]string{"promise-forgotten"}, true, forgottenPromises},
		{[]string{"status-reason"}, true, changedStatus},
		{[]string{"progress-back", "figure-differs"}, true, figuresAgainstLast},
		{[]string{"late-date"}, true, lateMilestones},
		{[]string{"risk-stale"}, true, staleRisks},
		{[]string{"nothing-asked"}, true, nothingAsked},
		{[]string{"outside-hours"}, true, outsideHours},
		{[]string{"language-differs"}, true, languagesAgree},
		{[]string{"language-mixed"}, true, wrongLanguage},
	}
}

// checker is one draft under examination.
type checker struct {
	CheckInput
	*words
	draft    *Draft
	doc      *document
	parts    []*part // of doc, by language
	rendered *Rendered
	passages []passage
	lines    [][]byte
	findings []Finding
}

// Check looks at a rendered draft before it is sent. Errors block, warnings
// tell; the front matter can silence most codes with a reason. It adds to what
// ReadDraft and Render have found.
func Check(d *Draft, r *Rendered, in CheckInput) []Finding {
	if in.Project == nil {
		in.Project = &threads.Project{Key: d.Front.Project}
	}
	doc, _ := readBody(d)
	parts, _ := inLanguages(d, doc, tagsOf(r), in.Now.Year())
	c := &checker{CheckInput: in, words: wordsOf(r.Language, in.Now.Year()), draft: d, doc: doc, parts: parts, rendered: r, passages: passages(doc), lines: bytes.Split(d.Source, []byte("\n"))}
	for _, rule := range rules() {
		before := len(c.findings)
		rule.look(c)
		if rule.silent {
			c.findings = d.unsilenced(c.findings, rule.codes...)
		}
		if len(c.findings)-before > maxPerRule {
			c.findings = c.findings[:before+maxPerRule]
		}
	}
	c.silenced()
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return a.Line - b.Line })
	return c.findings
}

// maxPerRule keeps a report readable: whoever mends twenty places finds the rest.
const maxPerRule = 20

// readingCodes are the warnings of ReadDraft and Render that may be silenced;
// what else those find would spoil the letter.
var readingCodes = []string{"block-unknown", "html-short"}

// silenceable tells for the codes of all checks whether they may be silenced.
func silenceable() map[string]bool {
	known := map[string]bool{}
	for _, rule := range rules() {
		for _, code := range rule.codes {
			known[code] = rule.silent
		}
	}
	for _, code := range readingCodes {
		known[code] = true
	}
	return known
}

// unsilenced are the findings without those of the codes that the front matter
// silences.
func (d *Draft) unsilenced(findings []Finding, codes ...string) []Finding {
	return slices.DeleteFunc(findings, func(f Finding) bool {
		return slices.Contains(codes, f.Code) && d.Front.Silence[f.Code] != ""
	})
}

// silenced finds codes in the front matter that silence nothing.
func (c *checker) silenced() {
	known := silenceable()
	for code := range c.draft.Front.Silence {
		if can, is := known[code]; !is || !can {
			words := "there is no finding " + clip(code, 40)
			if is {
				words = code + " cannot be silenced: the letter would be wrong"
			}
			c.find(Warning, "silence-unknown", c.locate(1, code), words, "remove it from silence:")
		}
	}
}

func (c *checker) find(severity Severity, code string, line int, words, proposal string) {
	c.findings = append(c.findings, Finding{severity, code, c.draft.Path, line, words, proposal})
}

// locate is the line on which words stand, at or a few lines below line.
func (c *checker) locate(line int, words string) int {
	want := bytes.ToLower([]byte(words))
	for i := max(line, 1); i <= len(c.lines) && i < line+20; i++ {
		if bytes.Contains(bytes.ToLower(c.lines[i-1]), want) {
			return i
		}
	}
	return line
}

// emptySections: a heading with nothing below it promises what is not there.
func emptySections(c *checker) {
	for i, b := range c.doc.blocks {
		h, ok := b.(*heading)
		if !ok {
			continue
		}
		empty := i+1 == len(c.doc.blocks)
		if !empty {
			switch next := c.doc.blocks[i+1].(type) {
			case *heading:
				empty = next.level <= h.level
			case *languageBlock:
				empty = true
			}
		}
		if empty {
			c.find(Error, "section-empty", h.line, fmt.Sprintf("the section %q is empty", clip(c.plain(h.text), 60)), "write what there is to say, or remove the heading")
		}
	}
}

// missingAnswers: a client who is owed an answer gets it, or is told when.
func missingAnswers(c *checker) {
	given := map[int]bool{}
	line := 0
	for _, b := range answersOf(c.doc.blocks) {
		line = b.line
		for _, a := range b.rows {
			given[a.number] = true
		}
	}
	for i := range c.Past.Open {
		item := &c.Past.Open[i]
		if item.State != threads.Open || item.Answer != nil || !item.Kind.Owed() || given[item.Number] {
			continue
		}
		c.find(Error, "answer-missing", line, fmt.Sprintf("%s waits for an answer: “%s”", item.Label(), clip(strings.Join(strings.Fields(item.Text), " "), 80)),
			"add to an answers block:  - item: "+item.Label()+"  with answer: and reason:")
	}
}

// periodSent: two reports for one time confuse everybody.
func periodSent(c *checker) {
	for _, r := range c.Past.Reports {
		if r.Period == c.draft.Front.Period && r.State != threads.ReportCancelled && r.Period != "" {
			c.find(Error, "period-sent", c.locate(1, "period:"), fmt.Sprintf("there is a report for %s already: %s", r.Period, clip(r.Subject, 60)),
				"correct period:, or cancel the other report while it waits")
			return
		}
	}
}

// recipients: reports go to people of the project, and to us.
func recipients(c *checker) {
	if len(c.rendered.To) == 0 {
		c.find(Error, "recipient-none", c.locate(1, "project:"), "nobody would get this letter", "name recipients in to:, or mark contacts of the project with gets_reports: true")
	}
	for _, a := range append(slices.Clone(c.rendered.To), c.rendered.Cc...) {
		if c.Project.Belongs(a.Address) || c.Directory != nil && c.Directory.IsOurs(a.Address) {
			continue
		}
		c.find(Error, "recipient-foreign", c.locate(1, a.Address), a.Address+" is not of this project", "add the contact to the project in the configuration, or remove the address")
	}
}
