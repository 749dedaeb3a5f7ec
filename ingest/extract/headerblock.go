package extract

import (
	"strings"
)

// headerField reads a line of a header block, "*From:* Tom <a@b>", "| 发件人 | … |"
// or "发件人：李娜", as its field and value.
func headerField(s string) (field, value string) {
	s = strings.TrimLeft(s, "*_| \t\u00a0>")
	if len(s) == 0 || len(s) > 2000 {
		return "", ""
	}
	head := s[:min(len(s), 60)]
	i := strings.IndexAny(head, ":：|")
	if i <= 0 {
		return "", ""
	}
	label := strings.Trim(head[:i], "*_ \t\u00a0")
	field = phrases().headers[labelKey(label)]
	return field, strings.Trim(s[i:], ":：|*_ \t\u00a0")
}

// headerBlock looks for a header block that begins at line i and returns the
// index behind it, 0 if there is none. It takes three different fields with a
// sender among them, or a sender and another one when there is an address or a
// date in them: one "From: our point of view" in a sentence is none.
func headerBlock(lines []line, i int) (end int) {
	field, value := headerField(lines[i].text)
	if field == "" || field == "other" {
		return 0
	}
	seen := map[string]bool{}
	strong := false
	gap := 0
	for j := i; j < len(lines) && j < i+24; j++ {
		l := &lines[j]
		if j > i {
			field, value = headerField(l.text)
		}
		switch {
		case field != "":
			if seen[field] && field == "from" {
				j = len(lines)
				continue
			}
			seen[field] = true
			strong = strong || strings.Contains(value, "@") || hasDate(value)
			gap, end = 0, j+1
		case l.blank():
			gap++
		default:
			gap += 2 // a long list of recipients goes on in the next lines
			if continuesHeader(l.text) {
				gap, end = 0, j+1
			}
		}
		if gap > 1 {
			break
		}
	}
	delete(seen, "other")
	if !seen["from"] || len(seen) < 2 || len(seen) == 2 && (!strong || !seen["date"] && !seen["subject"]) {
		return 0
	}
	if !strong && !seen["date"] {
		return 0
	}
	return end
}

// continuesHeader recognises the second line of a folded recipient list.
func continuesHeader(s string) bool {
	return strings.Contains(s, "@") && (strings.Contains(s, ">") || strings.Contains(s, ";")) && len(s) < 1000 &&
		(strings.HasSuffix(s, ">") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ","))
}

// hasDate reports whether a text holds a year or a clock time with digits.
func hasDate(s string) bool {
	digits := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			digits++
			continue
		}
		if digits == 4 && (s[i-4:i-2] == "20" || s[i-4:i-2] == "19") {
			return true
		}
		if digits > 0 && digits <= 2 && i+2 < len(s) && s[i] == ':' && isDigit(s[i+1]) && isDigit(s[i+2]) {
			return true
		}
		if digits > 0 && digits <= 2 && i+3 < len(s) && (s[i] == '/' || s[i] == '.') && isDigit(s[i+1]) && dateTail(s[i+1:]) {
			return true
		}
		digits = 0
	}
	return false
}

// dateTail recognises "6.26" and "06/2026" behind a day and its point.
func dateTail(s string) bool {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n <= 2 && n+2 < len(s) && (s[n] == '/' || s[n] == '.') && isDigit(s[n+1]) && isDigit(s[n+2])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
