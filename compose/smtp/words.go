package smtp

import (
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strings"
	"unicode"
)

// longestWords is how much of a server's words is kept.
const longestWords = 400

// wordsOf is what went wrong on one line: the server's answer if there was one.
func wordsOf(err error) string {
	var reply *textproto.Error
	switch {
	case errors.As(err, &reply):
		if prefix := strings.TrimSuffix(err.Error(), reply.Error()); prefix != err.Error() {
			return clean(fmt.Sprintf("%s%d %s", prefix, reply.Code, reply.Msg))
		}
		return clean(fmt.Sprintf("%d %s", reply.Code, reply.Msg))
	case errors.Is(err, io.EOF):
		return "the server closed the connection"
	}
	return clean(err.Error())
}

// clean makes a server's words fit to be stored and shown: one line, valid
// UTF-8, no control characters, not endless.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > longestWords {
		s = string(runes[:longestWords]) + "…"
	}
	return s
}
