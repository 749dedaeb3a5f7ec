package mail

import "strings"

// The prefixes with which mail programs mark answers and forwards, in lower
// case. "Ref" is none: people write it before a reference number.
var (
	replyWords = words(`re aw sv vs antw antwort antwoord odp r res rif rép réf ynt bls balas yan atb hodm ответ отв на απ vá
		回复 答复 回覆 答覆 回信 返信 返 回 回复所有人 답장 회신 trả_lời rép. reply תגובה رد`)
	forwardWords = words(`fw fwd wg tr rv enc pd vb vl i vidarebefordrat doorst ilt i̇lt trs re-fwd пересл переслано fs πρθ továbbítás chuyển_tiếp הועבר إعادة_توجيه
		转发 轉寄 轉發 转寄 転送 전달 weitergeleitet`)
)

// words reads a list with blanks between its words; "_" is a blank in a word.
func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[strings.ReplaceAll(w, "_", " ")] = true
	}
	return m
}

// BaseSubject is a subject without reply and forward prefixes, however many
// there are; what stands in square brackets at its beginning stays.
func BaseSubject(s string) string {
	s = fold(clean(s))
	tags := ""
	for {
		before := s
		if tag, rest, ok := cutTag(s); ok && startsPrefix(rest) {
			tags, s = joinTags(tags, tag), rest
		}
		if _, rest := cutPrefix(s); rest != s {
			s = rest
		}
		// RFC 5256 section 2.1 names these two forms of forwarding programs.
		s = strings.TrimSpace(strings.TrimSuffix(s, "(fwd)"))
		if len(s) > 6 && strings.EqualFold(s[:5], "[fwd:") && strings.HasSuffix(s, "]") {
			s = strings.TrimSpace(s[5 : len(s)-1])
		}
		if s == before {
			break
		}
	}
	if tags != "" && !strings.HasPrefix(s, tags) {
		return strings.TrimSpace(tags + " " + s)
	}
	return s
}

func joinTags(tags, tag string) string {
	if tags == "" || tags == tag {
		return tag
	}
	return tags + " " + tag
}

// IsReply reports whether the outermost prefix of a subject is one of a reply.
func IsReply(subject string) bool { return prefixOf(subject) == 'r' }

// IsForward reports whether the outermost prefix of a subject is one of a forward.
func IsForward(subject string) bool {
	if s := strings.ToLower(strings.TrimSpace(subject)); strings.HasPrefix(s, "[fwd:") || strings.HasSuffix(s, "(fwd)") {
		return true
	}
	return prefixOf(subject) == 'f'
}

func prefixOf(subject string) byte {
	s := fold(clean(subject))
	if _, rest, ok := cutTag(s); ok {
		s = rest
	}
	kind, _ := cutPrefix(s)
	return kind
}

func startsPrefix(s string) bool {
	kind, _ := cutPrefix(s)
	return kind != 0
}

// cutTag splits off "[ACME-WEB]".
func cutTag(s string) (tag, rest string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return "", s, false
	}
	i := strings.IndexByte(s[:min(len(s), 100)], ']')
	if i < 0 {
		return "", s, false
	}
	return s[:i+1], strings.TrimSpace(s[i+1:]), true
}

// cutPrefix splits off one prefix with its colon, also "Re[2]:", "RE^3:",
// "Re (2):", "Re :" and with the full-width colon. kind is 'r', 'f' or 0.
func cutPrefix(s string) (kind byte, rest string) {
	head := s[:min(len(s), 60)]
	end, width := strings.IndexByte(head, ':'), 1
	if i := strings.Index(head, "："); i >= 0 && (end < 0 || i < end) {
		end, width = i, len("：")
	}
	if end <= 0 {
		return 0, s
	}
	word := strings.ToLower(strings.TrimSpace(s[:end]))
	word = strings.TrimRight(word, "0123456789[]()^* .")
	switch {
	case replyWords[word]:
		kind = 'r'
	case forwardWords[word]:
		kind = 'f'
	default:
		return 0, s
	}
	return kind, strings.TrimSpace(s[end+width:])
}
