package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding. Unknown encodings and
// bodies that are not in the encoding they are labelled with are left as sent.
func decodeTransfer(body []byte, encoding string, faults *faultList) []byte {
	switch transferName(encoding) {
	case "base64":
		return decodeBase64Body(body, faults)
	case "quoted-printable":
		return decodeQuoted(body, faults)
	case "uuencode":
		if files, _ := cutUuencoded(body); len(files) > 0 {
			return files[0].body
		}
		faults.add("transfer-encoding", "the body is declared uuencoded but is not; it was read as it is")
	case "":
		faults.add("transfer-encoding", "the transfer encoding "+quoteLabel(encoding)+" is not known; the body was read as it is")
	}
	return body
}

// transferName brings the many spellings to one, "" if it is none of them.
func transferName(s string) string {
	s = strings.ToLower(strings.Trim(s, " \t\"';,"))
	switch {
	case s == "" || s == "7bit" || s == "8bit" || s == "binary":
		return "identity"
	case strings.HasPrefix(s, "base64") || s == "base-64" || s == "b" || s == "b64" || s == "base 64":
		return "base64"
	case strings.HasPrefix(s, "quoted") || s == "qp" || s == "q":
		return "quoted-printable"
	case strings.Contains(s, "uu"):
		return "uuencode"
	case strings.HasPrefix(s, "7") || strings.HasPrefix(s, "8") || strings.HasPrefix(s, "bin") || s == "none" || s == "ascii":
		return "identity"
	}
	return ""
}

// base64Value is the value of a base64 character, URL alphabet included; 64
// for padding, 255 for anything else.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t['-'], t['_'], t['='] = 62, 63, 64
	return t
}()

func decodeBase64Body(body []byte, faults *faultList) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	if n, err := base64.StdEncoding.Decode(out, body); err == nil {
		return out[:n]
	}
	if !looksBase64(body) {
		return noBase64(body, faults)
	}
	return appendBase64(out[:0], body, faults)
}

func noBase64(body []byte, faults *faultList) []byte {
	faults.add("base64-not", "a body is declared base64 but is not; it was read as it is")
	return body
}

// looksBase64 reports whether most lines of a body are of base64 characters.
func looksBase64(body []byte) bool {
	good, bad := 0, 0
	for rest := body[:min(len(body), 64<<10)]; len(rest) > 0; {
		var line []byte
		line, rest = cutLine(rest)
		if base64Line(line) {
			good += len(line)
		} else {
			bad += len(line)
		}
	}
	return good >= bad
}

// base64Line reports whether a line may be one of base64 text: almost only its
// characters, no blanks between words.
func base64Line(line []byte) bool {
	line = bytes.TrimSpace(line)
	if len(line) > 4 && len(bytes.Trim(line, "_-")) == 0 {
		return false // a rule, in the alphabet of URLs
	}
	junk := 0
	for _, c := range line {
		if base64Value[c] > 64 {
			junk++
		}
		if c == ' ' && len(line) < 60 {
			junk += 2 // words
		}
	}
	return junk*10 < len(line)+10
}

// decodeBase64 decodes what can be decoded: padding may be missing or stand in
// the middle, where one encoded piece was put behind another, and lines of
// another kind, such as the footer of a mailing list, are left out.
func decodeBase64(body []byte, faults *faultList) []byte {
	return appendBase64(make([]byte, 0, len(body)/4*3+3), body, faults)
}

func appendBase64(out, body []byte, faults *faultList) []byte {
	eachBase64(body, faults, func(block []byte) { out = append(out, block...) })
	return out
}

// eachBase64 decodes what can be decoded, block by block.
func eachBase64(body []byte, faults *faultList, do func(block []byte)) {
	out := make([]byte, 0, 4<<10)
	var quantum uint32
	n := 0
	flush := func() {
		switch n {
		case 2:
			out = append(out, byte(quantum>>4))
		case 3:
			out = append(out, byte(quantum>>10), byte(quantum>>2))
		case 1:
			faults.add("base64-broken", "base64 text ends inside a byte; the last character was left out")
		}
		quantum, n = 0, 0
	}
	for rest := body; len(rest) > 0; {
		var line []byte
		line, rest = cutLine(rest)
		if !base64Line(line) {
			faults.add("base64-junk", "lines that are no base64 text were left out")
			continue
		}
		for _, c := range line {
			v := base64Value[c]
			switch {
			case v < 64:
				quantum = quantum<<6 | uint32(v)
				if n++; n == 4 {
					out = append(out, byte(quantum>>16), byte(quantum>>8), byte(quantum))
					quantum, n = 0, 0
				}
			case v == 64:
				flush()
			case c != ' ' && c != '\t' && c != '\r':
				faults.add("base64-junk", "characters that are no base64 text were left out")
			}
			if len(out) > cap(out)-8 {
				do(out)
				out = out[:0]
			}
		}
	}
	if n > 0 {
		faults.add("base64-broken", "base64 text ends without its padding")
	}
	flush()
	do(out)
}

// decodeQuoted decodes quoted-printable, RFC 2045 section 6.7. What is not
// encoded properly stays as it is.
func decodeQuoted(body []byte, faults *faultList) []byte {
	if bytes.IndexByte(body, '=') < 0 {
		return body
	}
	out := make([]byte, 0, len(body))
	for len(body) > 0 {
		out, body = appendQuoted(out, body, faults)
	}
	return out
}

// appendQuoted decodes one line and gives back what is behind it.
func appendQuoted(out, body []byte, faults *faultList) (decoded, rest []byte) {
	end := bytes.IndexByte(body, '\n')
	line, eol := body, []byte(nil)
	if end >= 0 {
		line, eol = body[:end], body[end:end+1]
	}
	rest = body[len(line)+len(eol):]
	// Blanks at the end of a line were added on the way.
	line = bytes.TrimRight(line, " \t\r")
	if soft := bytes.TrimSuffix(line, []byte("=")); len(soft) < len(line) {
		line, eol = soft, nil
	}
	for {
		i := bytes.IndexByte(line, '=')
		if i < 0 {
			return append(append(out, line...), eol...), rest
		}
		out = append(out, line[:i]...)
		if i+2 < len(line) && unhex(line[i+1]) < 16 && unhex(line[i+2]) < 16 {
			out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
			line = line[i+3:]
			continue
		}
		faults.add("quoted-broken", "an equals sign in quoted-printable text encodes nothing and was kept")
		out = append(out, '=')
		line = line[i+1:]
	}
}

// unhex is the value of a hexadecimal digit, 255 for anything else.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}
