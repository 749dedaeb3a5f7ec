package web

import (
	"regexp"
	"slices"
	"strings"
)

// Bounds of one style attribute: what is longer is no mail program's work.
const (
	styleBytes        = 16 << 10
	styleDeclarations = 100
)

// styleProperties are what a mail's elements may say about their look. Nothing
// here loads anything or leaves its place: no position, no content, no url().
var styleProperties = strings.Fields(`
	background background-color border border-bottom border-bottom-color border-bottom-left-radius
	border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-left
	border-left-color border-left-style border-left-width border-radius border-right border-right-color
	border-right-style border-right-width border-spacing border-style border-top border-top-color
	border-top-left-radius border-top-right-radius border-top-style border-top-width border-width clear color
	direction display float font font-family font-size font-style font-variant font-weight height letter-spacing
	line-height list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top
	max-height max-width min-height min-width opacity overflow-wrap padding padding-bottom padding-left
	padding-right padding-top table-layout text-align text-decoration text-indent text-transform vertical-align
	white-space width word-break word-spacing word-wrap`)

// A value is words, numbers, lengths, colours and names of fonts; a function
// only for a colour. A backslash, with which CSS hides names, fits nowhere.
var (
	styleValue    = regexp.MustCompile(`^[\p{L}\p{N}\s#%.,!'"()+_-]*$`)
	styleFunction = regexp.MustCompile(`([\p{L}\p{N}_-]*)\(`)
)

// styles keeps the declarations of a style attribute that are safe, in the
// form "name: value; ".
func styles(attribute string) string {
	if len(attribute) > styleBytes {
		return ""
	}
	var b strings.Builder
	for i, d := range strings.Split(attribute, ";") {
		name, value, ok := strings.Cut(d, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if i < styleDeclarations && ok && slices.Contains(styleProperties, name) && safeValue(name, value) {
			b.WriteString(name + ": " + value + "; ")
		}
	}
	return b.String()
}

func safeValue(name, value string) bool {
	if !styleValue.MatchString(value) || value == "" {
		return false
	}
	if strings.HasPrefix(name, "margin") && strings.Contains(value, "-") {
		return false // out of its place, over other words
	}
	for _, f := range styleFunction.FindAllStringSubmatch(value, -1) {
		switch strings.ToLower(f[1]) {
		case "rgb", "rgba", "hsl", "hsla":
		default:
			return false
		}
	}
	return true
}
