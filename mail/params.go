package mail

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mediaType is a Content-Type or Content-Disposition: a value and parameters.
type mediaType struct {
	value  string // in lower case
	params []param
}

type param struct{ name, value string }

// maxParams bounds the parameters, and the pieces of one, that are read.
const maxParams = 200

func (t mediaType) get(name string) string {
	for _, p := range t.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// parseMediaType reads a value with parameters, RFC 2045 section 5.1, with the
// usual damage: missing semicolons, unquoted blanks, quotes that never close.
func parseMediaType(s string, faults *faultList) mediaType {
	value, rest, _ := strings.Cut(s, ";")
	t := mediaType{value: strings.ToLower(strings.Trim(value, " \t\"'"))}
	if i := strings.IndexAny(t.value, " \t("); i > 0 {
		if strings.Contains(t.value[i:], "=") { // "text/plain charset=utf-8"
			rest = s[strings.IndexAny(s, " \t("):]
		}
		t.value = t.value[:i]
	}
	for len(rest) > 0 && len(t.params) < maxParams {
		rest = strings.TrimLeft(rest, "; \t")
		i := strings.IndexAny(rest, "=;")
		if i < 0 {
			break
		}
		name := strings.ToLower(strings.TrimSpace(rest[:i]))
		if rest[i] == ';' {
			rest = rest[i+1:]
			continue
		}
		if j := strings.LastIndexAny(name, " \t\""); j >= 0 {
			name = name[j+1:]
		}
		var value string
		value, rest = paramValue(strings.TrimLeft(rest[i+1:], " \t"), faults)
		t.params = append(t.params, param{name, value})
	}
	return t
}

// paramValue reads a quoted or bare value and returns what follows it.
func paramValue(s string, faults *faultList) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		if i := strings.IndexAny(value, " \t"); i > 0 && startsParam(value[i:]) {
			value, rest = s[:i], s[i:]
		}
		return strings.Trim(value, " \t"), rest
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:]
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++ // other backslashes are of Windows paths
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	faults.add("quote-unclosed", "a quoted value in a header field has no closing quote")
	value, rest, _ = strings.Cut(s[1:], ";")
	return strings.TrimSpace(value), rest
}

// startsParam reports whether "name=" comes next.
func startsParam(s string) bool {
	s = strings.TrimLeft(s, " \t")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '=':
			return i > 1
		case !letter(c) && c != '-' && c != '*' && (c < '0' || c > '9'):
			return false
		}
	}
	return false
}

// text is a parameter that people read, a file name: RFC 2231 pieces are
// joined and decoded, so are the forms that programs send against the rules:
// encoded words, percent signs, raw bytes.
func (t mediaType) text(name, hint string, faults *faultList) string {
	if s, ok := t.extended(name, faults); ok {
		return s
	}
	raw := t.get(name)
	s := decodeWords(raw, hint, faults)
	if s == raw && strings.Contains(s, "%") && !strings.Contains(s, " ") {
		if d := string(unpercent(s)); !isASCII([]byte(d)) && utf8.ValidString(d) {
			return clean(d)
		}
	}
	return s
}

// extended reads name*, and name*0, name*1*, …: RFC 2231 sections 3 and 4.
func (t mediaType) extended(name string, faults *faultList) (string, bool) {
	type piece struct {
		number  int
		encoded bool
		value   string
	}
	var pieces []piece
	for _, p := range t.params {
		rest, ok := strings.CutPrefix(p.name, name+"*")
		if !ok {
			continue
		}
		number, encoded := strings.CutSuffix(rest, "*")
		if rest == "" {
			number, encoded = "0", true
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		pieces = append(pieces, piece{n, encoded, p.value})
	}
	if len(pieces) == 0 {
		return "", false
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].number < pieces[j].number })
	charset := ""
	var data []byte
	for i, p := range pieces {
		if i == 0 && p.encoded {
			if parts := strings.SplitN(p.value, "'", 3); len(parts) == 3 {
				charset, p.value = parts[0], parts[2]
			}
		}
		if p.encoded || strings.Contains(p.value, "%") && pieces[0].encoded {
			data = append(data, unpercent(p.value)...)
		} else {
			data = append(data, p.value...)
		}
	}
	text, _ := readText(data, charset, faults)
	if strings.Contains(text, "=?") {
		text = decodeWords(text, charset, faults)
	}
	return clean(text), true
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) < 16 && unhex(s[i+2]) < 16 {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
