package mail

import (
	"strings"
	"unicode"
)

// dateToken is a number, a word or another character.
type dateToken struct {
	text   string
	number int // -1 if it is none
}

// dateTokens splits a date into numbers, words and single other characters.
// Comments go away.
func dateTokens(s string) []dateToken {
	var tokens []dateToken
	runes := []rune(s)
	for i := 0; i < len(runes) && len(tokens) < 60; {
		start := i
		r := runes[i]
		switch {
		case unicode.IsSpace(r) || r == ',' || r == '，' || r == '\u200e' || r == '\u200f':
			i++
			continue
		case r >= '0' && r <= '9':
			n := 0
			for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' && i-start < 9 {
				n = n*10 + int(runes[i]-'0')
				i++
			}
			tokens = append(tokens, dateToken{string(runes[start:i]), n})
		case unicode.IsLetter(r):
			for i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsMark(runes[i]) || i > start && runes[i] == '.' && i+1 < len(runes) && unicode.IsLetter(runes[i+1])) {
				i++
				if r > 0x2e80 && i-start == 2 {
					break // 上午, 下午: East Asian words are not separated
				}
				if r > 0x2e80 && strings.ContainsRune("年月日號号时時分秒년월일시분초", r) {
					break
				}
			}
			tokens = append(tokens, dateToken{string(runes[start:i]), -1})
		default:
			i++
			tokens = append(tokens, dateToken{string(r), -1})
		}
	}
	return tokens
}
