package compose

import (
	"fmt"
	"strings"
	"time"
	"unicode"

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
	tags := languagesOf(&d.Front, project)
	period, _ := ParsePeriod(d.Front.Period)
	doc, findings := readBody(d)
	parts, more := inLanguages(d, doc, tags, in.Now.Year())
	findings = append(findings, more...)

	out := &Rendered{
		Project: project.Key, Period: d.Front.Period, Status: d.Front.Status, Language: tags[0], Also: tags[1:],
		Subject: subjectOf(d, project, period, tags),
		To:      d.Front.To, Cc: d.Front.Cc, ReplyTo: in.ReplyTo,
	}
	if len(out.To) == 0 {
		out.To = project.Recipients()
	}
	answers, more := giveAnswers(d, parts, in, project)
	out.Answers, findings = answers, append(findings, more...)

	p := &pointer{}
	for _, part := range parts {
		p.words, p.asked = part.words, nil
		p.decisions, p.questions = lastLabels(in.Past.Reports) // a decision has one label in all languages
		p.blocks(part.blocks)
		part.asked = p.asked
	}
	out.Points = p.points

	files, more := readFiles(d, doc, in.ReadFile)
	findings = append(findings, more...)
	drawCharts(doc, files)
	out.Files = files.list()

	status, more := statusOf(d, doc)
	out.Status, findings = status, append(findings, more...)
	for i, part := range parts {
		furnish(part, in, project, period, out)
		if i > 0 { // nobody scrolls through what they cannot read
			if parts[0].furniture.signature == "" { // the manager signs by hand, and here perhaps in other letters
				part.furniture.signature = ""
			}
			parts[0].furniture.below = append(parts[0].furniture.below, part.words)
		}
	}

	page := func(parts []*part, reply string) string {
		h := &htmlWriter{files: files.pictures, reply: reply, key: project.Key}
		h.b.Grow(8<<10 + 3*len(d.Body))
		h.letter(parts)
		return h.b.String()
	}
	out.HTML = page(parts, in.ReplyTo)
	if len(out.HTML) > maxHTML {
		findings = append(findings, shorten(d, out, page, parts)...)
	}
	t := &textWriter{}
	t.b.Grow(2<<10 + len(d.Body))
	t.letter(parts)
	out.Text = t.b.String()
	return out, d.unsilenced(findings, readingCodes...)
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
func subjectOf(d *Draft, p *threads.Project, period Period, tags []string) string {
	s := d.Front.Subject
	if s == "" {
		var kinds []string
		for _, tag := range tags {
			kinds = append(kinds, languages()[tag].say(kindOf(p, period)))
		}
		s = languages()[tags[0]].say("subject", strings.Join(kinds, " · "), p.Name)
	}
	if tag := "[" + p.Key + "]"; !strings.Contains(s, tag) {
		blank := " "
		if cjk(firstRune(s)) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLower(r) || unicode.IsSpace(r) }) {
			blank = "" // spam filters take a key in capitals with a blank, and no small letters, for shouting
		}
		s = tag + blank + s
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
