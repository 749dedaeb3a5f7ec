package authentic

import "bytes"

// Bounds of a header whose signatures are checked. The library looks through
// all fields for each name that a signature lists, and copies a field once more
// for each of its lines: a header of 1 MB would keep it busy for hours. Real
// mail is far below.
const (
	maxHeaderBytes    = 256 << 10
	maxHeaderFields   = 500
	maxHeaderLines    = 3000
	maxSignatureBytes = 8 << 10
)

// modest reports whether a mail's header is within these bounds.
func modest(raw []byte) bool {
	size, lines, fields, signature := 0, 0, 0, 0
	signed := false
	for line := range bytes.Lines(raw) {
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return true
		}
		if c := line[0]; c != ' ' && c != '\t' {
			fields++
			signed, signature = bytes.HasPrefix(bytes.ToLower(line[:min(len(line), len(signatureField))]), []byte(signatureField)), 0
		}
		if signed {
			signature += len(line)
		}
		size += len(line)
		if lines++; lines > maxHeaderLines || size > maxHeaderBytes || fields > maxHeaderFields || signature > maxSignatureBytes {
			return false
		}
	}
	return true
}

const signatureField = "dkim-signature"
