package mail

import "strings"

// AuthResult is what a mail server found out about one way of authentication.
type AuthResult struct {
	Method     string  // "spf", "dkim", "dmarc", "arc", …
	Result     string  // "pass", "fail", "softfail", "none", "temperror", …
	Reason     string  // the server's words
	Properties []Field // "header.d" and "example.com", "smtp.mailfrom" and …
}

// Property is the value of a property, "" if the server did not tell it.
func (r AuthResult) Property(name string) string {
	for _, p := range r.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// maxAuthResults bounds the results read of one field.
const maxAuthResults = 100

// AuthResults reads the topmost Authentication-Results field, RFC 8601, that
// names authserv, the server whose word counts: our own. Fields of that name
// further down, and those of other servers, can be written by anybody. found
// is false when no such field is there; a server that tried nothing gives no
// results.
func AuthResults(h Header, authserv string) (results []AuthResult, found bool) {
	for _, value := range h.All("Authentication-Results") {
		tokens := authTokens(cutText(clean(value), 64<<10))
		if len(tokens) == 0 || !strings.EqualFold(tokens[0], authserv) || authserv == "" {
			continue
		}
		return authResults(tokens[1:]), true
	}
	return nil, false
}

// authTokens splits a field into words, quoted strings, ";" and "=". Comments
// go away.
func authTokens(s string) []string {
	var tokens []string
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == ';' || c == '=':
			tokens = append(tokens, string(c))
			i++
		case c == '(':
			depth := 0
			for ; i < len(s); i++ {
				if s[i] == '\\' {
					i++
				} else if s[i] == '(' {
					depth++
				} else if s[i] == ')' {
					if depth--; depth == 0 {
						break
					}
				}
			}
			i++
		case c == '"':
			var b strings.Builder
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' && i+1 < len(s) {
					i++
				}
				b.WriteByte(s[i])
			}
			i++
			tokens = append(tokens, b.String())
		default:
			start := i
			for i < len(s) && !strings.ContainsRune(" \t;=(\"", rune(s[i])) {
				i++
			}
			tokens = append(tokens, s[start:i])
		}
	}
	return tokens
}

func authResults(tokens []string) []AuthResult {
	var results []AuthResult
	first := true // the next pair is method and result
	for i := 0; i < len(tokens) && len(results) <= maxAuthResults; i++ {
		switch {
		case tokens[i] == ";":
			first = true
		case i+2 < len(tokens) && tokens[i+1] == "=":
			name, value := strings.ToLower(tokens[i]), tokens[i+2]
			// A value may hold "=" itself, as in header.b=ab+c=
			for i += 2; i+1 < len(tokens) && tokens[i+1] == "="; i++ {
				value += "="
			}
			switch {
			case first:
				method, _, _ := strings.Cut(name, "/") // a version
				results = append(results, AuthResult{Method: method, Result: strings.ToLower(value)})
				first = false
			case len(results) == 0:
			case name == "reason":
				results[len(results)-1].Reason = value
			default:
				r := &results[len(results)-1]
				r.Properties = append(r.Properties, Field{name, value})
			}
		}
	}
	return results
}
