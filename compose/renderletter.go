package compose

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

// preheaderLength is how much of it mail lists show behind the subject.
const preheaderLength = 90

// furnish makes what stands around the manager's words in one language.
func furnish(part *part, in RenderInput, p *threads.Project, period Period, out *Rendered) {
	w := part.words
	f := &furniture{
		subject: out.Subject,
		over:    strings.Join(notEmpty(p.Client, p.Name), " · "),
		title:   part.title,
		asked:   askedFor(part.asked, w),
		reply:   w.say("reply"),
		foot:    strings.Join(notEmpty("["+p.Key+"]", period.words(w)), " · "),
		notes:   part.notes,
	}
	if len(f.title) == 0 {
		f.title = plainInline(w.say("title", w.say(kindOf(p, period)), period.words(w)))
	} else {
		f.over = strings.Join(notEmpty(p.Client, p.Name, period.words(w)), " · ")
	}
	if !hasStatus(part.blocks) {
		f.status = out.Status
	}
	if !signed(part.blocks, in.Manager.Name, w) {
		f.signature = in.Manager.Name
	}
	f.preheader = preheader(f, part)
	part.furniture = f
}

func notEmpty(parts ...string) []string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func hasStatus(blocks []block) bool {
	for _, b := range blocks {
		if s, ok := b.(*statusBlock); ok && s.state != "" {
			return true
		}
	}
	return false
}

// signed reports whether the draft already ends with the manager's name.
func signed(blocks []block, name string, w *words) bool {
	if len(blocks) == 0 || name == "" {
		return false
	}
	p, ok := blocks[len(blocks)-1].(*paragraph)
	first, _, _ := strings.Cut(name, " ")
	return ok && (strings.Contains(w.plain(p.text), name) || strings.HasSuffix(strings.TrimSpace(w.plain(p.text)), first))
}

// askedFor says in one sentence what the client is asked for.
func askedFor(asked []*asked, w *words) string {
	var parts []string
	for _, a := range asked {
		s := a.label
		if a.by != "" {
			s += w.say("asked.by", w.day(a.by))
		}
		parts = append(parts, s)
	}
	list := strings.Join(parts, w.say("asked.and"))
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return w.say("asked.one", list)
	}
	return w.say("asked.many", strconv.Itoa(len(parts)), list)
}

// preheader is what is asked, else the first thing that is said. It repeats
// words that the letter shows, so that a reply that quotes it is still
// recognised.
func preheader(f *furniture, p *part) string {
	if f.asked != "" {
		return clipWords(f.asked, preheaderLength)
	}
	for _, b := range p.blocks {
		switch b := b.(type) {
		case *statusBlock:
			if len(b.summary) > 0 {
				return clipWords(p.plain(b.summary), preheaderLength)
			}
		case *paragraph:
			if text := p.plain(b.text); b.point != "" && !greets(text) {
				return clipWords(text, preheaderLength)
			}
		}
	}
	return ""
}

// greets reports whether a paragraph only greets the reader: "Dear Ellen,",
// 王总，您好！ It would tell nothing in a list of mails.
func greets(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return displayWidth(text) <= 40 && strings.ContainsRune(",，:：!！", last)
}

// clipWords shortens s to at most n columns, at the end of a word. Of signs that
// take no room, and of one address, there is a bounded number too.
func clipWords(s string, n int) string {
	s = strings.ReplaceAll(s, "\n", " ")
	most := 16 * n // bytes
	if displayWidth(s) <= n && len(s) <= most {
		return s
	}
	return wrap(strings.ToValidUTF8(s[:min(len(s), most)], ""), n-1)[0] + "…"
}
