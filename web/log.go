package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"rapport/threads"
)

// logShown is how many lines of the log a page shows.
const logShown = 100

type logPage struct {
	Page
	Size  int
	Root  string // base64, as in a checkpoint
	Lines []logLine
	Older string // address of the page before, "" at the beginning
	Newer string // address of the page after, "" at the end
}

// logLine is one line: exactly as it is hashed, and what it says.
type logLine struct {
	Index int64
	Line  string
	Type  threads.EntryType
	When  moment
	URL   string // what the line is about, "" where no page shows it
}

// logPage shows the log, newest line first; ?from= is the lowest index shown.
func (v *visit) logPage() error {
	size, root, err := v.archive.LogHead(v.Context())
	if err != nil {
		return fmt.Errorf("read the head of the log: %w", err)
	}
	from := max(0, size-logShown)
	if n, err := strconv.ParseInt(v.FormValue("from"), 10, 64); err == nil {
		from = min(max(n, 0), from)
	}
	rows, err := v.archive.Log(v.Context(), from, logShown)
	if err != nil {
		return fmt.Errorf("read the log from %d: %w", from, err)
	}
	page := logPage{Page: v.page(v.lang.t("log.title"), "log"), Size: int(size), Root: base64.StdEncoding.EncodeToString(root)}
	page.Zone = "UTC"
	for _, r := range slices.Backward(rows) {
		page.Lines = append(page.Lines, v.logLine(r))
	}
	if from > 0 {
		page.Older = "/log?from=" + strconv.FormatInt(max(0, from-logShown), 10)
	}
	if from+logShown < size {
		page.Newer = "/log?from=" + strconv.FormatInt(from+logShown, 10)
	}
	return v.render(http.StatusOK, "log", page)
}

// logLine reads a line for people. What it cannot read it shows as it stands.
func (v *visit) logLine(r threads.LogRow) logLine {
	out := logLine{Index: r.Index, Line: readable(string(r.Line))}
	var entry struct {
		At      time.Time
		Type    threads.EntryType
		Project string
		Subject string
	}
	if json.Unmarshal(r.Line, &entry) != nil {
		return out
	}
	out.Type, out.When = entry.Type, v.at(entry.At, time.UTC)
	if entry.Subject == "" {
		return out
	}
	switch entry.Subject[0] {
	case threads.MessagePrefix:
		out.URL = "/m/" + entry.Subject
	case threads.ThreadPrefix:
		out.URL = "/t/" + entry.Subject
	case threads.ReportPrefix:
		out.URL = "/r/" + entry.Subject
	}
	return out
}
