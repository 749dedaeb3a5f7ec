package mail

import "strings"

// unflow joins the lines of format=flowed text, RFC 3676: a line that ends with
// a blank goes on in the next line of the same quote depth; with DelSp that
// blank was added and goes away. Signature marks never flow.
func unflow(text string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(text))
	open, depth := false, 0
	for line := range strings.SplitSeq(text, "\n") {
		quotes := 0
		for quotes < len(line) && line[quotes] == '>' {
			quotes++
		}
		content := strings.TrimPrefix(line[quotes:], " ") // space-stuffing, section 4.4
		signature := content == "-- " || content == "--"
		if open && (quotes != depth || signature) {
			out.WriteByte('\n')
			open = false
		}
		if !open {
			out.WriteString(line[:quotes])
			if quotes > 0 && content != "" {
				out.WriteByte(' ')
			}
		}
		depth = quotes
		flowed := strings.HasSuffix(content, " ") && !signature
		switch {
		case flowed && delSp:
			content = content[:len(content)-1]
		case !flowed:
			content += "\n"
		}
		out.WriteString(content)
		open = flowed
	}
	return strings.TrimSuffix(out.String(), "\n")
}
