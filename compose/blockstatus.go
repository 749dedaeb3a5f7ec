package compose

import "github.com/goccy/go-yaml/ast"

// statusBlock says how the project stands: as a whole, and by area.
//
//	overall: green
//	summary: The shop opens on 7 December as planned.
//	areas:
//	  - area: Budget
//	    state: yellow
//	    note: Four hours over; we take them from the reserve.
type statusBlock struct {
	line    int
	state   string
	summary []inline
	areas   []statusArea
}

type statusArea struct {
	line       int
	state      string
	name, note []inline
}

func (b *statusBlock) at() int { return b.line }

func (b *statusBlock) passages() []passage {
	out := passagesAt(b.line, b.summary)
	for _, a := range b.areas {
		out = append(out, passagesAt(a.line, a.name, a.note)...)
	}
	return out
}

func readStatus(r *blockReader, root ast.Node) block {
	b := &statusBlock{line: r.line}
	if root == nil {
		r.rows(nil, "status", nil)
		return b
	}
	r.yaml.mapping(root, fields{
		"overall": r.yaml.oneOf(&b.state, statuses...),
		"summary": r.running(&b.summary),
		"areas": func(n ast.Node) {
			r.yaml.list(n, func(n ast.Node) {
				a := statusArea{line: r.yaml.lineOf(n)}
				ok := r.yaml.mapping(n, fields{"area": r.running(&a.name), "state": r.yaml.oneOf(&a.state, statuses...), "note": r.running(&a.note)})
				if !ok {
					return
				}
				r.need(len(a.name) > 0, r.yaml.lineOf(n), "area")
				r.need(a.state != "", r.yaml.lineOf(n), "state")
				b.areas = append(b.areas, a)
			})
		},
	})
	r.need(b.state != "", r.line, "overall")
	return b
}

func (b *statusBlock) setPoints(p *pointer) {
	if len(b.summary) > 0 {
		p.add(p.plain(b.summary))
	}
	for _, a := range b.areas {
		p.add(joined(p.say("status."+a.state), p.plain(a.name), p.plain(a.note)))
	}
}

func (b *statusBlock) writeText(t *textWriter) {
	t.line(chipText(statusMark(b.state), t.say("status."+b.state)))
	if len(b.summary) > 0 {
		t.running(b.summary)
	}
	if len(b.areas) == 0 {
		return
	}
	t.gap()
	var rows [][]string
	for _, a := range b.areas {
		rows = append(rows, []string{chipText(statusMark(a.state), t.say("status."+a.state)), t.plain(a.name), t.plain(a.note)})
		t.collect(a.note)
	}
	t.grid(nil, rows, nil)
	t.flushLinks()
}

func (b *statusBlock) writeHTML(h *htmlWriter) {
	h.open(statusShade(b.state))
	h.raw("<b>", statusMark(b.state), " ")
	h.esc(h.say("status." + b.state))
	h.raw("</b>")
	if len(b.summary) > 0 {
		h.raw("<br>")
		h.inlines(b.summary)
	}
	h.close()
	if len(b.areas) == 0 {
		return
	}
	h.startRows()
	for _, a := range b.areas {
		h.startRow(statusMark(a.state), h.say("status."+a.state), statusShade(a.state))
		h.strong(a.name)
		if len(a.note) > 0 {
			h.esc(h.say("answer.word"))
			h.inlines(a.note)
		}
		h.endRow()
	}
	h.endRows()
}
