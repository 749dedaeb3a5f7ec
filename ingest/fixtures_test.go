package ingest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/demo"
	"rapport/ingest"
	"rapport/internal/servers"
	"rapport/mail"
	"rapport/threads"
)

var update = flag.Bool("update", false, "write the .want files of testdata/mails anew")

// TestFixtures files every mail of testdata/mails through the pipeline, those of
// a folder by their names into one archive, and compares what is stored with the
// .want file beside it. docs/develop.md tells how to add one.
func TestFixtures(t *testing.T) {
	folders, err := filepath.Glob("testdata/mails/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			fileFixtures(newWorld(t), folder)
		})
	}
}

// What mails do to text, PostgreSQL is stricter about than SQLite.
func TestFixturesInPostgreSQL(t *testing.T) {
	w := newWorldAt(t, servers.Postgres(t))
	for _, folder := range []string{"broken", "charset"} {
		fileFixtures(w, filepath.Join("testdata/mails", folder))
	}
}

func fileFixtures(w *world, folder string) {
	w.t.Helper()
	mails, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	w.must(err)
	names := w.fixtureReports()
	for _, path := range mails {
		raw, err := os.ReadFile(path)
		w.must(err)
		filed, err := w.pipeline.File(context.Background(), nil, []ingest.Received{{Raw: raw, InternalDate: time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)}})
		w.must(err)
		m := w.message(filed[0].Message)
		stored, err := w.store.Raw(context.Background(), m.ID)
		if err != nil || string(stored) != string(raw) {
			w.t.Errorf("%s: the stored bytes differ from the mail's (%v)", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".eml")
		with := names[m.Thread]
		if filed[0].Known {
			with += ", not stored again"
		} else if with == "" {
			names[m.Thread], with = name, "new"
		}
		compareWant(w.t, strings.TrimSuffix(path, ".eml")+".want", described(w, m, mail.Parse(raw, mail.Limits{}), with))
	}
}

// Whatever a server delivers can be imported from a file, too.
func TestEveryFixtureIsImported(t *testing.T) {
	w := newWorld(t)
	mails, err := filepath.Glob("testdata/mails/*/*.eml")
	w.must(err)
	got := w.imports(ingest.ImportConfig{}, "testdata/mails")
	if got.Mails != len(mails) || len(got.LeftOut) > 0 {
		t.Errorf("of %d fixtures: %+v", len(mails), got)
	}
}

// fixtureReports sends one report to each of two clients. The letters have
// fixed ids, so that their signed reply addresses can stand in a fixture. It
// returns the names of the reports by their threads.
func (w *world) fixtureReports() map[string]string {
	w.t.Helper()
	names := map[string]string{"": ""}
	for _, r := range []struct {
		project, subject, text string
		points                 []threads.Point
		letters                []string
		to                     []threads.Address
	}{
		{demo.Harbour, "[HARBOUR-WEB] Progress, week 47",
			"Dear Ellen, dear Tom,\n\n1. The new shop pages are ready for your approval.\n2. The stock export runs every night at two o'clock.\n3. We propose to open the shop on 8 December instead of 4 December.\n\nKind regards\nMara Lindqvist\nNorthlight\n",
			[]threads.Point{{ID: "P1", Text: "The new shop pages are ready for your approval."}, {ID: "P2", Text: "The stock export runs every night at two o'clock."}, {ID: "P3", Text: "We propose to open the shop on 8 December instead of 4 December."}},
			[]string{"lf1xtvre000000001", "lf1xtvre000000002"}, []threads.Address{{Name: "Ellen Whitcombe", Address: "ellen@harbourlane.example"}, {Name: "Tom Adeyemi", Address: "tom@harbourlane.example"}}},
		{demo.Yunshan, "[YUNSHAN-APP] 第47周进度",
			"林女士，您好！\n\n1. 会员登录页面已经完成，请您确认。\n2. 积分兑换预计下周三可以测试。\n3. 优惠券的预算需要增加两千元。\n\n此致\n陈宇\n",
			[]threads.Point{{ID: "P1", Text: "会员登录页面已经完成，请您确认。"}, {ID: "P2", Text: "积分兑换预计下周三可以测试。"}, {ID: "P3", Text: "优惠券的预算需要增加两千元。"}},
			[]string{"lf1xtvre000000003"}, []threads.Address{{Name: "林晓雯", Address: "lin.xiaowen@yunshan-tea.example"}}},
	} {
		id := "week-47." + strings.ToLower(r.project) + "@northlight.example"
		var letters []threads.Letter
		for i, letter := range r.letters {
			raw := letterRaw(w.key.Address("projects@northlight.example", letter), r.to[i].Address, r.project, id, r.text)
			letters = append(letters, threads.Letter{ID: letter, Project: r.project, Recipient: r.to[i], MessageID: id, Raw: []byte(raw)})
		}
		report, err := w.store.Approve(context.Background(), threads.Approval{
			Letters: letters,
			Filing: threads.Filing{Raw: letters[0].Raw, Message: threads.Message{MessageID: id, Subject: r.subject, From: threads.Address{Address: "projects@northlight.example"},
				Direction: threads.Out, Text: r.text, Date: time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)}},
			Report: threads.Report{Project: r.project, Subject: r.subject, MessageID: id, Text: r.text, Points: r.points, ApprovedBy: "mara", ApprovedAt: time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)}})
		if err != nil { // the folder before has sent it
			continue
		}
		_, err = w.store.Release(context.Background(), report.ID, threads.Release{})
		w.must(err)
		names[w.message(id).Thread] = "the report to " + r.project
	}
	return names
}

// compareWant holds what was stored against a .want file. Its lines beginning
// with "#" say what the mail is for; a line of items is compared where there is
// one.
func compareWant(t testing.TB, path, got string) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Error(err)
		return
	}
	want, notes := string(old), ""
	for line := range strings.Lines(want) {
		if strings.HasPrefix(line, "#") {
			notes += line
		}
	}
	want = strings.TrimPrefix(want, notes)
	if !strings.Contains(want, "\nitems ") {
		got = regexp.MustCompile(`(?m)^items .*\n`).ReplaceAllString(got, "")
	}
	if *update {
		if err := os.WriteFile(path, []byte(notes+got), 0o644); err != nil {
			t.Error(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s: the mail is filed as\n%s\nwant\n%s", path, got, want)
	}
}

// described is a filed mail as a .want file tells it.
func described(w *world, m threads.Message, read *mail.Message, with string) string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s%s\n", name, fmt.Sprintf(format, args...))
	}
	person := func(name string, a threads.Address) { line(name, "%s <%s>", a.Name, a.Address) }
	line("subject", "%s", m.Subject)
	person("from", m.From)
	if m.Sender != nil {
		person("sender", *m.Sender)
	}
	for _, a := range m.To[:min(len(m.To), 5)] {
		person("to", a)
	}
	for _, a := range m.Cc[:min(len(m.Cc), 5)] {
		person("cc", a)
	}
	line("date", "%s", m.Date.Format("Mon, 2 Jan 2006 15:04:05 -0700"))
	line("class", "%s, %s", m.Class, m.ClassReason)
	line("body", "%s", strings.TrimSpace(read.TextFrom+map[bool]string{true: " and HTML"}[read.HTML != ""]))
	for _, a := range m.Attachments {
		line("part", "%s %s %q, %d bytes, %.8s", a.Part, a.Type, a.Name, a.Size, a.SHA256)
	}
	for _, f := range m.Faults {
		line("fault", "%s, %s", f.Code, f.Detail)
	}
	words := slices.DeleteFunc(strings.Split(m.NewText, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	for _, s := range words[:min(len(words), 8)] {
		line("new", "%s", cut(s))
	}
	if len(words) > 8 {
		line("new", "and %d lines more", len(words)-8)
	}
	for _, f := range m.Folds {
		first, _, _ := strings.Cut(strings.TrimSpace(f.Text), "\n")
		line("fold", "%s: %s", f.Reason, cut(first))
	}
	var why []string
	for _, e := range m.Evidence {
		why = append(why, e.Kind+" "+e.Project)
	}
	switch {
	case m.Tray != nil && m.Tray.Proposal != "":
		line("tray", "%s, perhaps %s (%s)", m.Tray.Cause, m.Tray.Proposal, strings.Join(why, ", "))
	case m.Tray != nil:
		line("tray", "%s (%s)", m.Tray.Cause, strings.Join(why, ", "))
	default:
		line("project", "%s, %s (%s)", m.Project, m.Direction, strings.Join(why, ", "))
		line("thread", "%s", with)
	}
	if m.Class == threads.ClassBounce || m.Class == threads.ClassDelay || m.Class == threads.ClassReceipt {
		for _, d := range mail.Deliveries(read) {
			line("about", "%s %s %s of %s", d.Action, d.Recipient, d.Status, d.MessageID)
		}
	}
	kinds := map[threads.Kind]int{}
	for _, it := range w.items(m) {
		kinds[it.Kind]++
	}
	var items []string
	for _, k := range threads.Kinds {
		if kinds[k] > 0 {
			items = append(items, fmt.Sprintf("%d %s", kinds[k], k))
		}
	}
	if len(items) == 0 {
		items = []string{"none"}
	}
	line("items", "%s", strings.Join(items, ", "))
	return regexp.MustCompile(`(?m)[ \t]+$`).ReplaceAllString(b.String(), "")
}

// cut shortens a line for a .want file.
func cut(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:90]) + " …"
	}
	return s
}
