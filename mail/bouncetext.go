package mail

import (
	"regexp"
	"strings"
)

func containsAny(s string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// ownWords is the text of a bounce without the copy of the letter, at most the
// first 8 KB.
func ownWords(text string) string {
	text = text[:min(len(text), 8<<10)]
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		low := strings.ToLower(strings.TrimSpace(line))
		for _, mark := range copyMarks {
			if strings.HasPrefix(low, mark) {
				return text[:at]
			}
		}
		at += len(line)
	}
	return text
}

var (
	addressPattern = regexp.MustCompile(`[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	statusPattern  = regexp.MustCompile(`\b([245]\.\d{1,3}\.\d{1,3})\b`)
)

func statusCode(s string) string { return statusPattern.FindString(s) }

// textDeliveries reads recipients and reasons from the words of a bounce: of
// exim, whose failed addresses stand indented before their errors; of qmail and
// Postfix, "<a@b>: reason"; of Exchange, Gmail, QQ and NetEase, where the
// address stands in a line of its own or in the sentence that gives the reason.
func textDeliveries(m *Message, class Class) []Delivery {
	action := "failed"
	if class == ClassDelay {
		action = "delayed"
	}
	var list []Delivery
	known := map[string]int{}
	add := func(address, words string) {
		address = cleanAddress(strings.TrimRight(address, "."))
		if address == "" || !strings.Contains(address, "@") || len(list) >= maxDeliveries {
			return
		}
		key := strings.ToLower(address)
		i, ok := known[key]
		if !ok {
			i = len(list)
			known[key] = i
			list = append(list, Delivery{Recipient: address, Action: action})
		}
		if list[i].Words == "" {
			list[i].Words = cutText(fold(words), 1000)
			list[i].Status = statusCode(words)
		}
	}
	strangers := func(address string) bool {
		for _, a := range append(append([]Address{}, m.From...), m.To...) {
			if strings.EqualFold(a.Address, address) {
				return false
			}
		}
		local, _, _ := strings.Cut(strings.ToLower(address), "@")
		return local != "postmaster" && local != "mailer-daemon"
	}
	own := ownWords(m.Text)
	for _, p := range failParagraphs(own) {
		if strangers(p.address) {
			add(p.address, p.words)
		}
	}
	for _, value := range m.Header.All("X-Failed-Recipients") {
		for _, address := range addressPattern.FindAllString(value, maxDeliveries) {
			add(address, "")
		}
	}
	if len(list) > 0 {
		return list
	}
	lines := strings.Split(own, "\n")
	reason := ""
	for _, line := range lines {
		if givesReason(line) {
			reason = line
			break
		}
	}
	for _, line := range lines {
		for _, address := range addressPattern.FindAllString(line, 20) {
			switch {
			case !strangers(address):
			case givesReason(line) || reason == "":
				add(address, line)
			default:
				add(address, reason)
			}
		}
	}
	return list
}

// givesReason reports whether a line says why mail was not delivered.
func givesReason(line string) bool {
	low := strings.ToLower(line)
	return strings.Contains(low, "原因") || strings.Contains(low, "smtp error") || statusPattern.MatchString(low) ||
		strings.Contains(low, "@") && containsAny(low, failTexts)
}

// failParagraph is a failed address with what is said about it.
type failParagraph struct{ address, words string }

// failParagraphs finds lines that consist of, or begin with, an address, and
// takes the lines up to the next blank line or address as the reason. An
// address alone with blank lines around it takes the paragraph after it.
func failParagraphs(text string) []failParagraph {
	var list []failParagraph
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		address, rest, ok := leadingAddress(lines[i])
		if !ok {
			continue
		}
		words := []string{rest}
		skipped := false
		j := i + 1
		for ; j < len(lines) && len(words) < 12; j++ {
			line := strings.TrimSpace(lines[j])
			if line == "" {
				if strings.TrimSpace(strings.Join(words, "")) != "" || skipped {
					break
				}
				skipped = true
				continue
			}
			if _, _, next := leadingAddress(lines[j]); next {
				break
			}
			words = append(words, line)
		}
		list = append(list, failParagraph{address, strings.Join(words, " ")})
		i = j - 1
	}
	return list
}

// leadingAddress reads "  a@b", "<a@b>: reason", "a@b<mailto:a@b>" and "To: a@b".
func leadingAddress(line string) (address, rest string, ok bool) {
	line = strings.TrimSpace(line)
	if len(line) > 2000 {
		return "", "", false
	}
	loc := addressPattern.FindStringIndex(line)
	if loc == nil || strings.Trim(line[:loc[0]], "<\"'* \t-•") != "" {
		return "", "", false
	}
	rest = line[loc[1]:]
	if after, cut := strings.CutPrefix(rest, "<mailto:"); cut {
		_, rest, _ = strings.Cut(after, ">")
	}
	rest = strings.TrimLeft(rest, ">\"'")
	if rest != "" && !strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "：") && !strings.HasPrefix(rest, ",") && !strings.HasPrefix(rest, "(") {
		return "", "", false
	}
	return line[loc[0]:loc[1]], strings.TrimLeft(rest, ":： ,"), true
}
