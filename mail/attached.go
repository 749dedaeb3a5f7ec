package mail

import "strings"

// attachedText is an attached message for reading: who, when, what, and its
// text.
func attachedText(raw []byte, l Limits) string {
	l.Depth = l.withDefaults().Depth - 1
	if l.Depth < 1 {
		return ""
	}
	m := Parse(raw, l)
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	line("From", addressText(m.From))
	if !m.Date.IsZero() {
		line("Date", m.Date.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	line("To", addressText(m.To))
	line("Subject", m.Subject)
	return strings.TrimSpace(b.String() + "\n" + m.Text)
}

func addressText(list []Address) string {
	var names []string
	for _, a := range list[:min(len(list), 20)] {
		switch {
		case a.Name == "":
			names = append(names, a.Address)
		case a.Address == "":
			names = append(names, a.Name)
		default:
			names = append(names, a.Name+" <"+a.Address+">")
		}
	}
	return strings.Join(names, ", ")
}
