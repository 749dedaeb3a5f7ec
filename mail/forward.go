package mail

import (
	"strings"
	"time"
)

// Forwarded is a mail that somebody passed on.
type Forwarded struct {
	From    Address
	Date    time.Time // zero if it is not told
	Subject string
	Text    string
	Comment string // what the one who passed it on wrote above it
}

// Forward reads the mail that m passes on: attached as message/rfc822 or .eml,
// or in the text below a header block in one of the languages of
// forwardwords.go. A quoted mail below a reply is no forward: where the words
// do not say "forwarded", the subject must.
func Forward(m *Message) (Forwarded, bool) {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(m.Header.Get("Content-Type"))), "multipart/report") {
		return Forwarded{}, false
	}
	if f, ok := forwardedPart(m); ok {
		return f, true
	}
	return forwardedText(m)
}

// forwardedPart reads the first attached message.
func forwardedPart(m *Message) (Forwarded, bool) {
	for i := range m.Parts {
		part := &m.Parts[i]
		if part.Type != "message/rfc822" && part.Type != "message/global" && !strings.HasSuffix(strings.ToLower(part.Name), ".eml") {
			continue
		}
		inner := Parse(part.Body, Limits{})
		if len(inner.From) == 0 {
			continue
		}
		f := Forwarded{From: inner.From[0], Date: inner.Date, Subject: inner.Subject, Text: inner.Text, Comment: m.Text}
		if m.TextFrom == "attached" {
			f.Comment = ""
		}
		return f, true
	}
	return Forwarded{}, false
}

// maxForwardLines bounds how far down a header block is looked for.
const maxForwardLines = 2000

// forwardedText looks for a header block in the text.
func forwardedText(m *Message) (Forwarded, bool) {
	lines := strings.Split(m.Text, "\n")
	named := IsForward(m.Subject)
	for i := 0; i < min(len(lines), maxForwardLines); i++ {
		kind := forwardMark(lines[i])
		start := i
		if kind != noMark {
			start++
		} else if !named || blockKey(lines[i]) == "" {
			continue
		}
		b, ok := readBlock(lines, start)
		if !ok || kind != strongMark && !named {
			continue
		}
		f := Forwarded{Subject: b.subject, From: b.from, Comment: strings.TrimSpace(strings.Join(lines[:i], "\n"))}
		f.Date, _ = parseDate(b.date, m.Date.Location())
		f.Text = strings.Trim(strings.Join(unquote(lines[b.end:], b.depth), "\n"), "\n ")
		return f, true
	}
	return Forwarded{}, false
}

// block is a header block as programs write it above a quoted mail.
type block struct {
	from          Address
	date, subject string
	depth         int // quote marks before its lines
	end           int // index of the first line behind it
}

// maxBlockLines bounds a block; long recipient lists wrap.
const maxBlockLines = 40

// readBlock reads the header block that begins at line start, blank lines before
// it allowed. It needs a sender, and a date or a subject.
func readBlock(lines []string, start int) (block, bool) {
	var b block
	found := map[string]string{}
	key := ""
	i := start
	for ; i < min(len(lines), start+maxBlockLines); i++ {
		depth, line := quoteDepth(lines[i])
		if strings.Trim(line, " \t\u00a0|-") == "" {
			if len(found) == 0 && i < start+4 || key != "" && found[key] == "" || fieldFollows(lines, i+1, found) {
				continue
			}
			break
		}
		if k := blockKey(line); k != "" {
			if _, again := found[k]; again {
				break
			}
			if len(found) == 0 {
				b.depth = depth
			}
			key = k
			found[k] = blockValue(line)
			continue
		}
		if key == "" {
			return b, false
		}
		if found[key] != "" && !wrapped(key, line) {
			break
		}
		found[key] = strings.TrimSpace(found[key] + " " + strings.TrimSpace(line))
	}
	if found["from"] == "" || found["date"] == "" && found["subject"] == "" {
		return b, false
	}
	b.end, b.date, b.subject = i, found["date"], fold(found["subject"])
	b.from = blockAddress(found["from"])
	return b, b.from != Address{}
}

// fieldFollows reports whether the next line is a further field of the block:
// web mail puts its fields in paragraphs.
func fieldFollows(lines []string, i int, found map[string]string) bool {
	if i >= len(lines) || len(found) == 0 {
		return false
	}
	_, line := quoteDepth(lines[i])
	k := blockKey(line)
	_, again := found[k]
	return k != "" && !again
}

// wrapped reports whether a line without a key goes on with the field before.
func wrapped(key, line string) bool {
	switch key {
	case "to", "cc":
		return strings.Contains(line, "@") || strings.HasPrefix(line, " ") || strings.Contains(line, ";")
	case "from":
		return strings.Contains(line, "@")
	}
	return strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
}

// blockAddress reads the sender of a block; Outlook writes
// "Name [mailto:a@b]" and "Name <a@b<mailto:a@b>>".
func blockAddress(value string) Address {
	value = strings.NewReplacer("[mailto:", "<", "]", ">", "（", "(", "）", ")", "＜", "<", "＞", ">", "；", ";").Replace(value)
	list, _ := AddressList(value)
	for _, a := range list {
		if a.Address != "" && strings.Contains(a.Address, "@") {
			return a
		}
	}
	if len(list) > 0 {
		return Address{Name: list[0].Name}
	}
	return Address{}
}

// quoteDepth counts the quote marks before a line.
func quoteDepth(line string) (int, string) {
	depth := 0
	for {
		rest := strings.TrimLeft(line, " ")
		if !strings.HasPrefix(rest, ">") {
			break
		}
		depth++
		line = rest[1:]
	}
	if depth > 0 {
		line = strings.TrimPrefix(line, " ")
	}
	return depth, line
}

// unquote takes depth quote marks off each line.
func unquote(lines []string, depth int) []string {
	if depth == 0 {
		return lines
	}
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		for range depth {
			rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), ">")
			if !ok {
				break
			}
			line = strings.TrimPrefix(rest, " ")
		}
		out = append(out, line)
	}
	return out
}
