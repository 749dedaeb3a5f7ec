package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
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
	Day   string // the day that was asked for, "" for none
	Older string // address of the page before, "" at the beginning
	Newer string // address of the page after, "" at the end
	Whole bool   // the reader sees every line, and who came in
}

// logLine is one line: exactly as it is hashed, and what it says.
type logLine struct {
	Index int64
	Line  string
	Type  threads.EntryType
	When  moment
	URL   string // what the line is about, "" where no page shows it
	Place string // address of the log with the line on top
}

// logPage shows the log, newest line first: the lines before ?before=, or to the
// end of ?day=.
func (v *visit) logPage() error {
	size, root, err := v.archive.LogHead(v.Context())
	if err != nil {
		return fmt.Errorf("read the head of the log: %w", err)
	}
	page := logPage{Page: v.page(v.lang.t("log.title"), "log"), Size: int(size), Root: base64.StdEncoding.EncodeToString(root), Whole: v.scope.Whole()}
	page.Zone = "UTC"
	before := size
	if n, err := strconv.ParseInt(v.FormValue("before"), 10, 64); err == nil {
		before = min(max(n, 0), size)
	} else if day, err := time.Parse(time.DateOnly, v.FormValue("day")); err == nil {
		page.Day = v.FormValue("day")
		if before, err = v.archive.LogAt(v.Context(), day.AddDate(0, 0, 1)); err != nil {
			return err
		}
	}
	rows, err := v.archive.LogBefore(v.Context(), before, logShown+1)
	if err != nil {
		return err
	}
	if len(rows) > logShown {
		rows = rows[:logShown]
		page.Older = logBefore(rows[logShown-1].Index)
	}
	for _, r := range rows {
		page.Lines = append(page.Lines, v.logLine(r))
	}
	newer, err := v.archive.Log(v.Context(), before, logShown)
	if err != nil {
		return fmt.Errorf("read the log from %d: %w", before, err)
	}
	if len(newer) > 0 {
		page.Newer = logBefore(newer[len(newer)-1].Index + 1)
	}
	return v.render(http.StatusOK, "log", page)
}

func logBefore(n int64) string { return "/log?before=" + strconv.FormatInt(n, 10) }

// logLine reads a line for people. What it cannot read it shows as it stands.
func (v *visit) logLine(r threads.LogRow) logLine {
	out := logLine{Index: r.Index, Line: readable(string(r.Line)), Place: logBefore(r.Index + 1)}
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
