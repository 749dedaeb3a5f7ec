package mail

import (
	"strconv"
	"strings"
)

// style is what a style attribute says that a reader of text must know.
type style struct {
	color  string
	hidden bool
	pre    bool
	tight  bool // no room above or below: the next block is the next line
}

// readStyle reads an inline style. Only declarations that change what is seen
// as text are understood.
func readStyle(s string) style {
	var out style
	for len(s) > 0 {
		decl, rest, _ := strings.Cut(s, ";")
		s = rest
		name, value, ok := strings.Cut(decl, ":")
		if !ok || len(value) > 200 {
			continue
		}
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
		switch name {
		case "color":
			out.color = cssColor(value)
		case "display", "visibility", "mso-hide":
			out.hidden = out.hidden || value == "none" || value == "hidden" || value == "all"
		case "font-size", "max-height":
			out.hidden = out.hidden || value == "0" || value == "0px" || value == "0pt"
		case "white-space":
			out.pre = strings.HasPrefix(value, "pre")
		case "margin":
			out.tight = value == "0" || strings.HasPrefix(value, "0 ") || strings.HasPrefix(value, "0px") ||
				strings.HasPrefix(value, "0in") || strings.HasPrefix(value, "0cm") || strings.HasPrefix(value, "0pt")
		}
	}
	return out
}

var namedColors = map[string]string{
	"black": "#000000", "red": "#ff0000", "blue": "#0000ff", "green": "#008000", "navy": "#000080",
	"purple": "#800080", "orange": "#ffa500", "gray": "#808080", "grey": "#808080", "maroon": "#800000",
	"teal": "#008080", "olive": "#808000", "lime": "#00ff00", "fuchsia": "#ff00ff", "magenta": "#ff00ff",
	"aqua": "#00ffff", "cyan": "#00ffff", "white": "#ffffff", "silver": "#c0c0c0", "darkred": "#8b0000",
	"darkblue": "#00008b", "darkgreen": "#006400", "brown": "#a52a2a", "crimson": "#dc143c",
	"royalblue": "#4169e1", "dodgerblue": "#1e90ff", "firebrick": "#b22222", "tomato": "#ff6347",
	"steelblue": "#4682b4", "forestgreen": "#228b22", "seagreen": "#2e8b57", "darkorange": "#ff8c00",
}

// cssColor reads #rgb, #rrggbb, rgb(…) and the common names as "#rrggbb"; ""
// for anything else, windowtext and inherit included.
func cssColor(s string) string {
	s = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "!important")))
	if named, ok := namedColors[s]; ok {
		return named
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return hexColor(hex)
	}
	if inner, ok := strings.CutPrefix(s, "rgb"); ok {
		return rgbColor(strings.Trim(strings.TrimPrefix(inner, "a"), "() "))
	}
	if len(s) == 6 {
		return hexColor(s)
	}
	return ""
}

func hexColor(hex string) string {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if len(hex) != 6 {
		return ""
	}
	if _, err := strconv.ParseUint(hex, 16, 32); err != nil {
		return ""
	}
	return "#" + hex
}

func rgbColor(list string) string {
	parts := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(parts) < 3 {
		return ""
	}
	out := "#"
	for _, p := range parts[:3] {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 255 {
			return ""
		}
		out += string("0123456789abcdef"[n>>4]) + string("0123456789abcdef"[n&15])
	}
	return out
}
