package extract

import (
	"strings"
	"unicode"
)

// separator recognises the line that programs put above a quoted or forwarded
// mail: "-----Original Message-----", "------------------ 原始邮件 ------------------",
// "Begin forwarded message:". It returns "quote", "forward" or "".
func separator(s string) string {
	s = strings.ReplaceAll(s, "&nbsp;", " ") // QQ writes the entity into its plain text
	if len(s) > 160 || len(s) < 4 {
		return ""
	}
	framed := strings.HasPrefix(s, "--") || strings.HasPrefix(s, "__") || strings.HasPrefix(s, "==") || strings.HasPrefix(s, "~~") ||
		strings.HasPrefix(s, "—") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "**")
	if !framed && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, "：") && !strings.HasPrefix(s, "【") {
		return ""
	}
	key := letters(s)
	kind := phrases().separators[key]
	if kind == "" && framed {
		if i := strings.Index(key, "forwardedby"); i == 0 { // Lotus Notes
			return "forward"
		}
		// QQ writes names around the words.
		for _, w := range []string{"原始邮件", "转发邮件", "原邮件"} {
			if strings.Contains(key, w) && runes(key) <= runes(w)+6 {
				kind = phrases().separators[letters(w)]
				if w == "转发邮件" {
					kind = "forward"
				}
			}
		}
	}
	if kind == "quote" && !framed && key == "original" {
		return ""
	}
	return kind
}

// dashes reports whether a line is only a rule: "________", "------------------".
func dashes(s string) bool {
	if len(s) < 4 {
		return false
	}
	for _, r := range s {
		if !strings.ContainsRune("-_=*~—–－─﹍·.#", r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}
