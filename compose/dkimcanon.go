package compose

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"strings"
)

// relaxed is a header field as DKIM sees it (RFC 6376 section 3.4.2), without
// its line end: folds and runs of white space are one blank.
func (f field) relaxed() []byte {
	name, value, _ := strings.Cut(string(f), ":")
	return []byte(strings.ToLower(strings.TrimSpace(name)) + ":" + strings.Join(strings.Fields(value), " "))
}

// picked returns the fields with these names, the last of a name first. A name
// that is asked for more often than it occurs stands for its absence.
func (h head) picked(names []string) (out []field) {
	taken := map[int]bool{}
	for _, n := range names {
		for i := len(h) - 1; i >= 0; i-- {
			if !taken[i] && h[i].name() == strings.ToLower(n) {
				taken[i] = true
				out = append(out, h[i])
				break
			}
		}
	}
	return out
}

// bodyHash is SHA-256 of a body as DKIM sees it (RFC 6376 section 3.4.4): no
// white space at the end of a line, runs of it are one blank, no empty lines at
// the end. Each line of our bodies ends with CRLF.
func bodyHash(body []byte) []byte {
	hash := sha256.New()
	w := bufio.NewWriterSize(hash, 32<<10) // a hash takes everything: no errors here
	empty := 0
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte("\r\n"))
		body = rest
		line = bytes.TrimRight(line, " \t")
		if len(line) == 0 {
			empty++
			continue
		}
		for ; empty > 0; empty-- {
			w.WriteString("\r\n")
		}
		writeCollapsed(w, line)
		w.WriteString("\r\n")
	}
	w.Flush()
	return hash.Sum(nil)
}

// writeCollapsed writes a line with each run of white space as one blank.
func writeCollapsed(w *bufio.Writer, line []byte) {
	for {
		at := bytes.IndexAny(line, " \t")
		if at < 0 {
			w.Write(line)
			return
		}
		w.Write(line[:at])
		w.WriteByte(' ')
		line = bytes.TrimLeft(line[at:], " \t")
	}
}
