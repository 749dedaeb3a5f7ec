package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// listMarker finds a list marker at the start of a line: "- ", "* ", "• ",
// "1. ", "1) ", "(1)", "a)", "（1）", "1、", "一、", "①". It returns the marker and
// its length in bytes with the blanks behind it, 0 if there is none.
func listMarker(s string) (marker string, n int) {
	for _, b := range []string{"-", "*", "•", "·", "–", "—", "●", "○", "▪", "◦", "■", "□", "☐", "☑", "➢", "‣", "+"} {
		if rest, ok := strings.CutPrefix(s, b); ok {
			t := strings.TrimLeft(rest, " \t\u00a0")
			if t == "" || len(t) < len(rest) || utf8.RuneLen(first(b)) > 1 && !strings.HasPrefix(t, b) {
				return b, len(s) - len(t)
			}
			return "", 0
		}
	}
	if r := first(s); r >= '①' && r <= '⑳' {
		return string(r), len(string(r)) + blanks(s[len(string(r)):])
	}
	return numberMarker(s)
}

// numberMarker reads markers with a number or one letter.
func numberMarker(s string) (string, int) {
	open := 0
	switch first(s) {
	case '(':
		open = 1
	case '（', '【', '〔':
		open = 3
	}
	body := s[open:]
	n := 0
	for n < len(body) && n < 9 {
		r, size := utf8.DecodeRuneInString(body[n:])
		if !(r >= '0' && r <= '9') && !strings.ContainsRune("一二三四五六七八九十", r) {
			break
		}
		n += size
	}
	if n == 0 && len(body) > 1 && unicode.IsLetter(rune(body[0])) && body[0] < 0x80 && (open > 0 || body[1] == ')') {
		n = 1
	}
	if n == 0 || n > 6 {
		return "", 0
	}
	end, size := utf8.DecodeRuneInString(body[n:])
	han := body[0] >= 0x80
	var ok bool
	switch end {
	case ')', '）', '】', '〕':
		ok = true
	case '、', '．':
		ok = open == 0
	case '.':
		after := first(body[n+size:])
		ok = open == 0 && !han && (after == ' ' || after == '\t' || after == '\u00a0' || wide(after))
	}
	if !ok {
		return "", 0
	}
	n += open + size
	return s[:n], n + blanks(s[n:])
}

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\u00a0\u3000")) }

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
