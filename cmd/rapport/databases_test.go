package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/servers"
)

// Ids and the time of our own letters are of the moment; everything else is the
// same in both databases.
var (
	ids   = regexp.MustCompile(`\b[a-z][0-9a-z]{16}\b`)
	times = regexp.MustCompile(`\b\d{4}-\d\d-\d\d \d\d:\d\d\b`)
	went  = regexp.MustCompile(`(?m)^(ID +\S+ +\d+ +\S+ +sent +|released by \S+ on )\w{3} \d+ \w{3} \d{4} \d\d:\d\d`) // of a report
)

func timeless(s string) string {
	s = went.ReplaceAllString(ids.ReplaceAllString(s, "ID"), "${1}NOW")
	return times.ReplaceAllStringFunc(s, func(at string) string {
		if when, err := time.Parse("2006-01-02 15:04", at); err == nil && time.Since(when).Abs() < 48*time.Hour {
			return "NOW"
		}
		return at
	})
}

// The same day on SQLite and on PostgreSQL: what a person sees is the same.
func TestBothDatabasesTellTheSame(t *testing.T) {
	t.Parallel()
	url := servers.Postgres(t)
	sqlite, postgres := dayOn(t, "rapport.db"), dayOn(t, url)
	if diff := cmp.Diff(sqlite, postgres); diff != "" {
		t.Errorf("PostgreSQL tells otherwise (-SQLite +PostgreSQL):\n%s", diff)
	}
	for _, want := range []string{"accepted", "33 mails read: 33 new", "33 mails read: 0 new", "Label printer broken", "测试版支付报错", "is no contact of any project"} {
		if !strings.Contains(sqlite, want) {
			t.Errorf("the day does not tell %q:\n%s", want, sqlite)
		}
	}
}

// dayOn is what Rapport tells of a day whose mail is kept in this database.
func dayOn(t *testing.T, url string) string {
	o := newOffice(t)
	put(t, o.dir, "rapport.yaml", "store: {url: \""+url+"\"}\n"+read(t, o.dir, "rapport.yaml"))
	if err := os.CopyFS(filepath.Join(o.dir, "mails"), os.DirFS("../../demo/mails")); err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, command := range [][]string{
		{"report", "approve", "week.md"},
		{"report", "send", "week.md"},
		{"report", "show", "week.md"},
		{"import", "mails"},
		{"import", "mails"},
		{"thread", "list"},
		{"items"},
		{"items", "--open", "--kind", "request", "--json"},
		{"search", "calendar"},
		{"search", `"label printer"`},
		{"search", "优惠"},
		{"search", "vouch*"},
		{"search", "--", `%' OR "`, "-x"},
		{"tray"},
		{"report", "list"},
	} {
		told.WriteString("$ rapport " + strings.Join(command, " ") + "\n" + timeless(rapport(t, o.dir, command...)) + "\n")
	}
	return told.String()
}
