package mail

import (
	"strings"
)

// maxAddresses bounds the addresses read of one field.
const maxAddresses = 2000

// AddressList reads an address field: RFC 5322 section 3.4 with groups and
// comments, and what programs send instead, with semicolons between addresses,
// commas in unquoted names, quotes and brackets that never close. An entry
// without a usable address has its name only.
func AddressList(s string) ([]Address, []Fault) {
	var faults faultList
	return readAddresses(s, "", &faults), faults.faults
}

func readAddresses(s, hint string, faults *faultList) []Address {
	r := addressReader{s: s, hint: hint, faults: faults}
	for r.at < len(s) && len(r.list) < maxAddresses {
		r.next()
	}
	if r.at < len(s) {
		faults.add("addresses-too-many", "an address field has more addresses than the limit; the rest was not read")
	}
	r.flush()
	return r.list
}

// addressReader scans a field once, from left to right.
type addressReader struct {
	s, hint string
	at      int
	faults  *faultList
	list    []Address

	phrase  strings.Builder // what may become the name, still encoded
	quoted  bool            // part of the phrase stood in quotes
	comment string
	angle   string // what stood in angle brackets
	hasAddr bool   // angle brackets were there
	named   int    // length of the phrase before them
	group   bool

	noQuote, noComment bool // no closing one comes any more
}

func (r *addressReader) next() {
	switch c := r.s[r.at]; c {
	case '"':
		r.quote()
	case '(':
		r.commentText()
	case '<':
		r.angleAddr()
	case ',':
		r.at++
		if r.nameGoesOn() {
			r.phrase.WriteString(", ")
			return
		}
		r.flush()
	case ';':
		r.at++
		r.flush()
		r.group = false
	case ':':
		r.at++
		if r.hasAddr || strings.Contains(r.phrase.String(), "@") {
			r.phrase.WriteByte(':')
			return
		}
		// A group's name, or a scheme such as "mailto:".
		r.group = true
		r.reset()
	case '=':
		if w, ok := readWord(r.s, r.at); ok {
			r.phrase.WriteString(r.s[r.at:w.end])
			r.at = w.end
			return
		}
		fallthrough
	default:
		r.phrase.WriteByte(c)
		r.at++
	}
}

// quote reads a quoted string. One that encloses a bracketed address and a
// comma was opened by mistake.
func (r *addressReader) quote() {
	var b strings.Builder
	for i := r.at + 1; i < len(r.s) && !r.noQuote; i++ {
		switch c := r.s[i]; {
		case c == '"':
			text := b.String()
			if strings.HasPrefix(r.s[i+1:], "@") && !r.hasAddr {
				r.quotedLocal(text, i+1)
				return
			}
			if strayQuote(text) {
				r.faults.add("address-quote", "a quote in an address field does not belong to a name")
				r.at++
				return
			}
			r.phrase.WriteString(text)
			r.quoted = true
			r.at = i + 1
			return
		case c == '\\' && i+1 < len(r.s):
			i++
			b.WriteByte(r.s[i])
		default:
			b.WriteByte(c)
		}
	}
	r.noQuote = true
	r.faults.add("address-quote", "a quote in an address field is never closed")
	r.at++
}

// quotedLocal reads the domain behind a quoted local part.
func (r *addressReader) quotedLocal(local string, at int) {
	end := at + len(r.s[at:])
	if n := strings.IndexAny(r.s[at:], " \t,;<>("); n >= 0 {
		end = at + n
	}
	r.angle, r.hasAddr, r.named = `"`+local+`"`+r.s[at:end], true, r.phrase.Len()
	r.at = end
}

func strayQuote(text string) bool {
	open := strings.IndexByte(text, '<')
	if open < 0 {
		return false
	}
	end := strings.IndexByte(text[open:], '>')
	return end > 0 && strings.Contains(text[open:open+end], "@") && strings.ContainsAny(text[open+end:], ",;")
}

// commentText reads a comment with the comments in it.
func (r *addressReader) commentText() {
	depth := 0
	for i := r.at; i < len(r.s) && !r.noComment; i++ {
		switch r.s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				if r.comment == "" {
					r.comment = r.s[r.at+1 : i]
				}
				r.phrase.WriteByte(' ')
				r.at = i + 1
				return
			}
		}
	}
	r.noComment = true
	r.phrase.WriteByte('(')
	r.at++
}

// maxAngle bounds what may stand in angle brackets.
const maxAngle = 2000

// angleAddr reads "<a@b>"; of "<<a@b>>" and "<x <a@b>" the innermost counts.
func (r *addressReader) angleAddr() {
	rest := r.s[r.at+1:]
	end := strings.IndexByte(rest[:min(len(rest), maxAngle)], '>')
	inner, after := rest, ""
	if end >= 0 {
		inner, after = rest[:end], strings.TrimLeft(rest[end+1:], ">")
	}
	if i := strings.IndexAny(inner, ",;"); i >= 0 && (end < 0 || strings.Contains(inner[i:], "<")) && !strings.HasPrefix(inner, "@") {
		inner, after, end = inner[:i], rest[i:], -1
	}
	if end < 0 {
		r.faults.add("address-bracket", "an angle bracket in an address field is never closed")
	}
	r.at = len(r.s) - len(after)
	if i := strings.LastIndexByte(inner, '<'); i >= 0 {
		inner = inner[i+1:]
	}
	if r.hasAddr && cleanAddress(r.angle) != "" && cleanAddress(inner) != "" {
		name := r.phrase.String()[r.named:]
		r.flush() // no comma between two addresses
		r.phrase.WriteString(name)
	}
	r.angle, r.hasAddr, r.named = inner, true, r.phrase.Len()
}

// nameGoesOn reports whether the comma just read stands inside an unquoted
// name, as in "Doe, Jane <jane@doe.example>".
func (r *addressReader) nameGoesOn() bool {
	phrase := r.phrase.String()
	if r.hasAddr || r.quoted || len(phrase) > 200 || strings.TrimSpace(phrase) == "" || strings.Contains(phrase, "@") {
		return false
	}
	rest := r.s[r.at:min(len(r.s), r.at+200)]
	open := strings.IndexByte(rest, '<')
	return open > 0 && !strings.ContainsAny(rest[:open], `@,;:"`)
}

func (r *addressReader) reset() {
	r.phrase.Reset()
	r.quoted, r.comment, r.angle, r.hasAddr, r.named = false, "", "", false, 0
}

// flush ends one address.
func (r *addressReader) flush() {
	phrase := r.phrase.String()
	if before := phrase[:r.named]; strings.TrimSpace(before) != "" {
		phrase = before
	}
	phrase = strings.TrimSpace(phrase)
	comment, angle, hasAddr := r.comment, r.angle, r.hasAddr
	r.reset()
	if phrase == "" && !hasAddr {
		return
	}
	a := Address{}
	if hasAddr {
		a.Address = cleanAddress(angle)
	} else {
		a.Address, phrase = bareAddress(phrase)
	}
	a.Name = r.name(phrase)
	if a.Name == "" {
		a.Name = r.name(comment)
	}
	if strings.EqualFold(a.Name, a.Address) {
		a.Name = ""
	}
	if a.Address == "" {
		if a.Name == "" {
			return
		}
		r.faults.add("address-unreadable", "an entry of an address field has no usable address")
	} else if !strings.Contains(a.Address, "@") {
		r.faults.add("address-no-domain", "an address has no domain")
	}
	r.list = append(r.list, a)
}

// name decodes a display name.
func (r *addressReader) name(phrase string) string {
	if phrase == "" {
		return ""
	}
	name := fold(decodeWords(phrase, r.hint, r.faults))
	for _, q := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(name, q); ok && strings.HasSuffix(inner, q) {
			name = strings.TrimSpace(strings.TrimSuffix(inner, q))
		}
	}
	return cutText(strings.Trim(name, ", "), 500)
}
