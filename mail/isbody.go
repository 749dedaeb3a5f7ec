package mail

import "strings"

// isBody reports whether an entity is text to read rather than a file.
func isBody(e entity) bool {
	if !strings.HasPrefix(e.typ.value, "text/") || e.disposition.value == "attachment" && e.depth > 0 {
		return false
	}
	switch e.typ.value {
	case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers", "text/csv", "text/xml",
		"text/css", "text/x-amp-html", "text/rtf", "text/x-vcalendar", "text/javascript":
		return false
	case "text/plain", "text/html":
		named := e.disposition.get("filename") != "" || e.disposition.get("filename*") != "" || e.disposition.get("filename*0*") != ""
		return !named || e.depth == 0
	}
	return !hasName(e)
}

func hasName(e entity) bool {
	for _, t := range []mediaType{e.disposition, e.typ} {
		for _, param := range t.params {
			if strings.HasPrefix(param.name, "filename") || strings.HasPrefix(param.name, "name") {
				return true
			}
		}
	}
	return false
}
