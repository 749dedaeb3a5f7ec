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

// AuthLine is what one of our servers found out about a mail.
type AuthLine struct {
	Server  string // its authserv-id, in lower case
	Value   string // the field, unfolded
	Results []AuthResult
}

// AuthResults reads the Authentication-Results fields, RFC 8601, of our own
// servers: of each the topmost, in the order of the mail. Anybody can write
// such a field with any name in it, so one counts only above what the mail had
// when it came to us (see ownTrace). A server that tried nothing gives a line
// without results.
func AuthResults(h Header, servers []string) []AuthLine {
	if len(servers) == 0 {
		return nil
	}
	var out []AuthLine
	seen := map[string]bool{}
	for _, line := range authLines(h, servers) {
		if isServer(line.Server, servers) && !seen[line.Server] {
			seen[line.Server] = true
			out = append(out, line)
		}
	}
	return out
}

// AuthServer is the authserv-id of the server that seems to be ours: it wrote
// the topmost results in a place where ours would. It is "" if none did.
func AuthServer(h Header) string {
	for _, line := range authLines(h, []string{readHop(h.Get("Received")).by}) {
		return line.Server
	}
	return ""
}

func isServer(id string, servers []string) bool {
	for _, s := range servers {
		if strings.EqualFold(s, id) {
			return true
		}
	}
	return false
}

// authLines are the results in our own trace, whoever they name.
func authLines(h Header, servers []string) (out []AuthLine) {
	trace, microsoft := ownTrace(h, servers)
	for i := range trace {
		if !strings.EqualFold(trace[i].Name, "Authentication-Results") {
			continue
		}
		value := strings.TrimSpace(cutText(clean(trace[i].Value), 64<<10))
		tokens := authTokens(value)
		switch {
		case len(tokens) == 0:
		case len(tokens) > 1 && tokens[1] == "=": // no name
			if microsoft {
				out = append(out, AuthLine{MicrosoftAuthserv, value, authResults(append([]string{";"}, tokens...))})
			}
		default:
			out = append(out, AuthLine{strings.ToLower(tokens[0]), value, authResults(tokens[1:])})
		}
	}
	return out
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
