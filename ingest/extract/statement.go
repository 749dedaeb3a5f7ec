package extract

// Statement is a sentence of the new text that another reader may read too.
type Statement struct {
	Span
	About string // the point that it answers, "" if none
}

// Statements are the sentences of a mail that Reread takes readings of: all but
// answers to labelled points and what the manager has corrected. Mail without
// items has none.
func Statements(in Input) []Statement {
	out := Read(in)
	if len(out.Items)+len(out.Remarks) == 0 {
		return nil
	}
	f := newFinder(in, out.Language, readText(in))
	var list []Statement
	for _, o := range f.found {
		if o.settled() {
			continue
		}
		s := Statement{Span: Span{o.start, o.end}, About: f.about(o)}
		if _, point := f.named(o.head); point != nil {
			s.About = point.Text
		}
		list = append(list, s)
	}
	return list
}
