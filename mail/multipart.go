package mail

import "bytes"

// pieces is what a multipart body was split into.
type pieces struct {
	preamble []byte
	parts    [][]byte
	epilogue []byte
	closed   bool
	more     bool // there were more parts than asked for
	reopened bool // parts went on behind the closing delimiter
}

// splitParts splits a multipart body at its delimiter lines, RFC 2046 section
// 5.1.1. A line counts only if nothing but white space follows the boundary or
// its closing dashes, so that "abc" does not end a part in which "abc1" is
// the boundary. Parts behind a closing delimiter count too: some programs that
// add a footer put it there.
func splitParts(body []byte, boundary string, limit int) pieces {
	var p pieces
	mark := []byte("--" + boundary)
	start, inside := 0, false
	for at := 0; ; {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		end, closing, ok := delimiter(body, i, at)
		if !ok {
			continue
		}
		content := trimLineEnd(body[min(start, i):i])
		switch {
		case inside:
			p.parts = append(p.parts, content)
		case p.closed && !closing:
			p.reopened = true
		case !p.closed:
			p.preamble = content
		}
		at, start, inside = end, end, !closing
		p.closed = p.closed || closing
		if len(p.parts) == limit {
			p.more = inside
			return p
		}
	}
	switch {
	case inside:
		p.closed = false
		if len(bytes.TrimSpace(body[start:])) > 0 || len(p.parts) == 0 {
			p.parts = append(p.parts, body[start:])
		}
	case p.closed:
		p.epilogue = body[start:]
	}
	return p
}

// delimiter checks that the boundary found from i to after stands alone on its
// line, and finds where the next line begins.
func delimiter(body []byte, i, after int) (end int, closing, ok bool) {
	if i > 0 && body[i-1] != '\n' && body[i-1] != '\r' {
		return 0, false, false
	}
	line, rest := cutLine(body[after:])
	if bytes.HasPrefix(line, []byte("--")) {
		closing, line = true, line[2:]
	}
	alone := len(line) < 200 && (blank(line) || closing && !boundaryChar(line[0]))
	return len(body) - len(rest), closing, alone
}

// boundaryChar reports whether a longer boundary may go on with c; behind the
// closing dashes anything else is junk, such as the ">" of an HTML comment.
func boundaryChar(c byte) bool {
	return letter(c) || c >= '0' && c <= '9' || c == ' ' || bytes.IndexByte([]byte("'()+_,-./:=?"), c) >= 0
}

// trimLineEnd takes off the line end that belongs to the delimiter.
func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// guessBoundary finds the boundary of a multipart body whose header does not
// name it, or names another: the first line of two dashes and no blanks behind
// which a content field stands, or which is closed further down.
func guessBoundary(body []byte) string {
	tries := 0
	for rest, n := body, 0; len(rest) > 0 && n < 2000; n++ {
		var line []byte
		line, rest = cutLine(rest)
		mark := bytes.TrimRight(line, " \t")
		if len(mark) < 3 || len(mark) > 300 || !bytes.HasPrefix(mark, []byte("--")) || bytes.IndexByte(mark, ' ') >= 0 {
			continue
		}
		next, _ := cutLine(rest)
		if name := fieldName(next); name > len("content-") && bytes.EqualFold(next[:len("content-")], []byte("content-")) {
			return string(mark[2:])
		}
		if tries++; tries < 10 && bytes.Contains(rest, []byte("\n"+string(mark)+"--")) {
			return string(mark[2:])
		}
	}
	return ""
}
