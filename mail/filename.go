package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a file name in bytes; most file systems take 255.
const maxName = 200

// safeName makes a file name safe to show and to save under: no folders, no
// control or direction-changing characters, no names that Windows takes for
// devices. What the sender called it stays readable.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1 // U+202E turns "exe.pdf" around
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(fold(name), " .'")
	if stem, _, _ := strings.Cut(strings.ToUpper(name), "."); deviceName(stem) {
		name = "_" + name
	}
	return shorten(name)
}

func deviceName(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

// shorten keeps the extension.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 12 {
		name, ext = name[:i], name[i:]
	}
	return cutText(name, maxName-len(ext)) + ext
}

// cutText cuts text to at most limit bytes, never inside a character.
func cutText(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
