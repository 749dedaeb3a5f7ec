package compose

// eachInline visits all running text of a document.
func eachInline(doc *document, visit func(*inline)) {
	var in func([]inline)
	in = func(list []inline) {
		for i := range list {
			visit(&list[i])
			in(list[i].kids)
		}
	}
	for _, p := range passages(doc) {
		in(p.text)
	}
}

// passages are all running texts of a document in reading order.
func passages(doc *document) []passage {
	out := passagesAt(doc.line, doc.title)
	eachBlock(doc, func(b block) { out = append(out, passagesOf(b)...) })
	return out
}

// eachBlock visits all blocks, those inside others and of footnotes too.
func eachBlock(doc *document, visit func(block)) {
	var walk func([]block)
	walk = func(blocks []block) {
		for _, b := range blocks {
			visit(b)
			switch b := b.(type) {
			case *list:
				for _, it := range b.items {
					walk(it.blocks)
				}
			case *quotation:
				walk(b.blocks)
			}
		}
	}
	walk(doc.blocks)
	for _, n := range doc.notes {
		walk(n.blocks)
	}
}

// passagesOf are the running texts of one block, those of blocks inside it aside.
func passagesOf(b block) []passage {
	switch b := b.(type) {
	case *heading:
		return passagesAt(b.line, b.text)
	case *paragraph:
		return passagesAt(b.line, b.text)
	case *table:
		out := passagesAt(b.line, b.head...)
		for _, r := range b.rows {
			out = append(out, passagesAt(r.line, r.cells...)...)
		}
		return out
	case reportBlock:
		return b.passages()
	}
	return nil
}
