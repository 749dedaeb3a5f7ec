package threads

import "strings"

// Seconds are who else may get a letter that does not reach its recipient: their
// other addresses, one that the server's words name, and the other contacts of
// the project, those who get reports in front. Whoever has the report already is
// left out.
func (p *Project) Seconds(r *Report, d *Delivery) []Address {
	var out []Address
	taken := func(a Address) bool {
		for _, other := range out {
			if other.Is(a) {
				return true
			}
		}
		for _, other := range r.Deliveries {
			if other.Recipient.Is(a) {
				return true
			}
		}
		return a.Address == "" || d.Recipient.Is(a)
	}
	add := func(name, address string) {
		if a := (Address{Name: name, Address: address}); !taken(a) {
			out = append(out, a)
		}
	}
	if c := p.Contact(d.Recipient.Address); c != nil {
		for _, a := range c.Addresses {
			add(c.Name, a)
		}
	}
	for _, a := range addressesIn(d.Words) {
		if p.Belongs(a) {
			name := ""
			if c := p.Contact(a); c != nil {
				name = c.Name
			}
			add(name, a)
		}
	}
	for _, gets := range []bool{true, false} {
		for _, c := range p.Contacts {
			if c.Report == gets && len(c.Addresses) > 0 {
				add(c.Name, c.Addresses[0])
			}
		}
	}
	return out
}

// addressesIn finds what looks like addresses in words, whatever stands beside
// them: Chinese text leaves no blank.
func addressesIn(words string) (out []string) {
	for _, w := range strings.FieldsFunc(words, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@.!#$%&*+-/=?^_{|}~", r))
	}) {
		if w = strings.Trim(w, "."); strings.Count(w, "@") == 1 && Domain(w) != "" && w[0] != '@' {
			out = append(out, w)
		}
	}
	return out
}
