package yamltree

import "strings"

// maxDepth bounds how deep YAML may nest: the parser recurses, and takes
// quadratic time over it. What people write is far below.
const maxDepth = 200

// TooDeep reports whether a text may nest deeper than the parser can bear. It is
// asked before anything is parsed.
func TooDeep(src []byte) bool { return depth(src) > maxDepth }

// depth is a bound on how deep src can nest: opening brackets and dashes at
// the beginning of a line count, and indentation.
func depth(src []byte) int {
	deepest, open := 0, 0
	for line := range strings.SplitSeq(string(src), "\n") {
		depth, lead := 0, true
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c == '[' || c == '{':
				open++
			case c == ']' || c == '}':
				open = max(open-1, 0)
			case lead && (c == '-' || c == '?'):
				depth++
			case lead && c == ' ':
				depth++
				continue
			default:
				lead = false
			}
			deepest = max(deepest, open, depth)
		}
		deepest = max(deepest, depth/2)
	}
	return deepest
}
