package ingest

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

// fromShape is a From_ line (RFC 4155): an address or whatever stands for one,
// then a date in the manner of asctime, with or without seconds and zone.
var fromShape = regexp.MustCompile(`^From \S.*?\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +([A-Z][a-z]{2} +\d{1,2} +\d{1,2}:\d\d(?::\d\d)?)((?: +[A-Z][A-Za-z]{1,4}| +[+-]\d{4})*) +(\d{4})((?: +[A-Z]{2,4}| +[+-]\d{4})?)[ \t\r\n]*$`)

// fromLine reads a From_ line. The time is zero if the line is one but tells no
// time that can be: archives write Thu Jan 1 00:00:00 1970 for "unknown".
func fromLine(line []byte) (at time.Time, ok bool) {
	if !bytes.HasPrefix(line, []byte("From ")) || len(line) > 1000 {
		return time.Time{}, false
	}
	m := fromShape.FindSubmatch(line)
	if m == nil {
		return time.Time{}, false
	}
	text := strings.Join(strings.Fields(string(m[1])), " ") + " " + string(m[3])
	layout := "Jan 2 15:04:05 2006"
	if strings.Count(text, ":") == 1 {
		layout = "Jan 2 15:04 2006"
	}
	if zone := strings.TrimSpace(string(m[2]) + string(m[4])); len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') {
		layout, text = layout+" -0700", text+" "+zone
	}
	at, err := time.Parse(layout, text)
	if err != nil || at.Unix() <= 86400 {
		return time.Time{}, true
	}
	return at.UTC(), true
}
