package compose

import (
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// RenderInput is what a draft is rendered with. Nothing else has a say: the
// same draft and input give the same bytes.
type RenderInput struct {
	Project *threads.Project
	Manager threads.Person // who signs, and who gives the answers
	Past    Past
	Now     time.Time // when the answers are given
	// ReadFile reads a file beside the draft. The path is as the draft has it:
	// relative, with slashes, never leaving the draft's folder.
	ReadFile func(path string) ([]byte, error)
	ReplyTo  string // our address behind the answer buttons; "" for a letter without buttons
}

// Render renders a draft: Markdown and report blocks become one tree, which is
// written as HTML and as plain text. There is always something to look at; an
// error among the findings means that it must not be sent.
func Render(d *Draft, in RenderInput) (*Rendered, []Finding) {
	project := in.Project
	if project == nil {
		project = &threads.Project{Key: d.Front.Project, Name: d.Front.Project}
	}
	w := wordsOf(primary(d.Front.Language, project.Language), in.Now.Year())
	period, _ := ParsePeriod(d.Front.Period)
	doc, findings := readBody(d)

	out := &Rendered{
		Project: project.Key, Period: d.Front.Period, Status: d.Front.Status, Language: w.language,
		Subject: subjectOf(d, project, period, w),
		To:      d.Front.To, Cc: d.Front.Cc, ReplyTo: in.ReplyTo,
	}
	if len(out.To) == 0 {
		out.To = project.Recipients()
	}
	answers, more := giveAnswers(d, doc, in, w, project)
	out.Answers, findings = answers, append(findings, more...)

	p := &pointer{words: w}
	p.decisions, p.questions = lastLabels(in.Past.Reports)
	p.blocks(doc.blocks)
	out.Points = p.points

	files, more := readFiles(d, doc, in.ReadFile)
	findings = append(findings, more...)
	drawCharts(doc, files)
	out.Files = files.list()

	status, more := statusOf(d, doc)
	out.Status, findings = status, append(findings, more...)
	f := furnish(d, doc, in, w, project, period, p, out)

	page := func(f *furniture, blocks []block) string {
		h := &htmlWriter{words: w, files: files.pictures, reply: in.ReplyTo, key: project.Key}
		h.b.Grow(8<<10 + 3*len(d.Body))
		h.letter(f, blocks)
		return h.b.String()
	}
	out.HTML = page(f, doc.blocks)
	if len(out.HTML) > maxHTML {
		findings = append(findings, shorten(d, out, page, f, doc, w)...)
	}
	t := &textWriter{words: w}
	t.b.Grow(2<<10 + len(d.Body))
	t.letter(f, doc.blocks)
	out.Text = t.b.String()
	return out, findings
}

// primary is the first language of the two that is named, without its region.
func primary(languages ...string) string {
	for _, l := range languages {
		if l != "" {
			tag, _, _ := strings.Cut(strings.ToLower(l), "-")
			return tag
		}
	}
	return "en"
}

// subjectOf keeps one subject for a project's whole series: mail programs
// group by it. The key in brackets is how a reply finds home without its
// references.
func subjectOf(d *Draft, p *threads.Project, period Period, w *words) string {
	s := d.Front.Subject
	if s == "" {
		s = w.say("subject", w.say(kindOf(p, period)), p.Name)
	}
	if tag := "[" + p.Key + "]"; !strings.Contains(s, tag) {
		s = tag + " " + s
	}
	return strings.Join(strings.Fields(s), " ")
}

// kindOf is the key of the word for this report: weekly, monthly or plain.
func kindOf(p *threads.Project, period Period) string {
	switch days := period.To.Sub(period.From).Hours() / 24; {
	case period.Month:
		return "report.month"
	case days == 6 && p.Rhythm.Every != "month":
		return "report.week"
	}
	return "report.other"
}

// statusOf is how the project stands: as the front matter says, or the status
// block; they must not contradict each other.
func statusOf(d *Draft, doc *document) (string, []Finding) {
	status := d.Front.Status
	for _, b := range doc.blocks {
		s, ok := b.(*statusBlock)
		switch {
		case !ok || s.state == "":
		case status == "":
			status = s.state
		case status != s.state:
			return status, []Finding{{Error, "status-differs", d.Path, s.line, fmt.Sprintf("the status is %s here and %s in the front matter", s.state, status), "make them the same, or leave one out"}}
		}
	}
	return status, nil
}
