package mail

import (
	"strings"
)

const (
	maxIDs = 1000 // ids of one mail
	maxID  = 998  // bytes of one id, as long as a line may be
)

// messageID reads the mail's own id. A second field of that name, or one in
// which the brackets are missing, is forgiven.
func (p *parser) messageID(h Header) string {
	values := h.All("Message-ID")
	if len(values) == 0 {
		p.faults.add("message-id-missing", "the mail has no Message-ID")
		return ""
	}
	ids := messageIDs(values)
	if len(ids) == 0 {
		bare := cleanID(values[0])
		if bare == "" {
			p.faults.add("message-id-missing", "the Message-ID of the mail is empty")
			return ""
		}
		ids = []string{bare}
	}
	if v := values[0]; !strings.HasPrefix(v, "<") || !strings.HasSuffix(v, ">") || strings.ContainsAny(v, " \t") {
		p.faults.add("message-id-form", "the Message-ID is not written as the rules ask; it was read without blanks and brackets")
	}
	return ids[0]
}

// messageIDs reads the ids of In-Reply-To and References, RFC 5322 section
// 3.6.4, each once, in order. Words around bracketed ids are an obsolete form;
// without any brackets each word with an "@" is an id. White space inside an id
// comes from folding and goes away.
func messageIDs(values []string) []string {
	var ids []string
	seen := map[string]bool{}
	add := func(raw string) {
		if id := cleanID(raw); id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, v := range values {
		if !strings.Contains(v, "<") {
			for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' }) {
				if strings.Contains(word, "@") {
					add(word)
				}
			}
			continue
		}
		for _, piece := range strings.Split(v, "<")[1:] {
			id, _, closed := strings.Cut(piece, ">")
			if !closed {
				id, _, _ = strings.Cut(strings.TrimSpace(piece), " ")
			}
			add(id)
		}
	}
	if len(ids) > maxIDs { // the root and the latest matter
		ids = append(ids[:1], ids[len(ids)-maxIDs+1:]...)
	}
	return ids
}

func cleanID(raw string) string {
	id := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == '<' || r == '>' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(raw, ""))
	return cutText(id, maxID)
}
