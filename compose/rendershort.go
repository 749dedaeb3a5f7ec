package compose

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// maxHTML is where Gmail cuts a letter off (102 KB), with room for a longer
// reply address in each button.
const maxHTML = 100 << 10

// shorten makes a short letter of one whose HTML is too large: its beginning,
// our answers and what the client is asked, with the full report attached as a
// page of its own. The text part stays complete.
func shorten(d *Draft, out *Rendered, page func(parts []*part, reply string) string, parts []*part) []Finding {
	full := page(parts, "") // its buttons stand in the letter, with the recipient's own address
	for _, keep := range []func(block, bool) bool{essential, asking} {
		var short []*part
		for _, p := range parts {
			short = append(short, p.short(keep))
		}
		if out.HTML = page(short, out.ReplyTo); len(out.HTML) <= maxHTML {
			break
		}
	}
	for _, p := range parts { // the text part says it too, so that a quoted line is known
		p.furniture.attached = p.say("short")
	}
	for _, file := range out.Files {
		if file.ContentID != "" { // a page outside of the mail has no Content-IDs
			full = strings.ReplaceAll(full, "cid:"+file.ContentID, "data:"+file.Type+";base64,"+base64.StdEncoding.EncodeToString(file.Body))
		}
	}
	out.Files = append(usedFiles(out), File{Name: out.Project + "-" + strings.ReplaceAll(d.Front.Period, "..", "-") + ".html", Type: "text/html", Body: []byte(full)})
	if len(out.HTML) > maxHTML {
		return []Finding{{Error, "html-size", d.Path, 0, fmt.Sprintf("the letter's HTML has %d KB; Gmail cuts off behind 100 KB", len(out.HTML)>>10), "ask for less in one letter, or send two"}}
	}
	return []Finding{{Warning, "html-short", d.Path, 0, fmt.Sprintf("the report's HTML has %d KB, and Gmail cuts off behind 100 KB: the letter is shortened, the full report attached", len(full)>>10), "shorten the report if it should be read in the mail itself"}}
}

// short is a part with those of its blocks that are kept, and a word about the
// others.
func (p *part) short(keep func(b block, begun bool) bool) *part {
	out, f := *p, *p.furniture
	f.notes = nil
	out.furniture, out.blocks = &f, nil
	begun := false
	for _, b := range p.blocks {
		_, head := b.(*heading)
		begun = begun || head
		if keep(b, begun) {
			out.blocks = append(out.blocks, b)
		}
	}
	out.blocks = append(out.blocks, &paragraph{text: plainInline(p.say("short"))})
	return &out
}

// essential is what a short letter keeps: what stands before the first
// heading, how the project stands, our answers, and what we ask.
func essential(b block, begun bool) bool {
	switch b.(type) {
	case *statusBlock, *answersBlock:
		return true
	case *paragraph:
		return !begun
	}
	return asking(b, begun)
}

// asking keeps only what the client has to answer.
func asking(b block, _ bool) bool {
	switch b.(type) {
	case *asksBlock, *ratingBlock:
		return true
	}
	return false
}

// usedFiles are the attachments and those pictures that the HTML still shows.
func usedFiles(out *Rendered) []File {
	var files []File
	for _, f := range out.Files {
		if f.ContentID == "" || strings.Contains(out.HTML, "cid:"+f.ContentID) {
			files = append(files, f)
		}
	}
	return files
}
