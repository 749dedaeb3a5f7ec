package ingest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/demo"
	"rapport/ingest"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
)

// world is an archive in a temporary directory with the projects of the sample
// mails, and a pipeline into it.
type world struct {
	t        testing.TB
	store    *store.Store
	key      threads.ReplyKey
	people   *threads.Directory
	pipeline *ingest.Pipeline
	reports  int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldAt(t, "sqlite:"+filepath.Join(t.TempDir(), "rapport.db"))
}

func newWorldAt(t testing.TB, url string) *world {
	t.Helper()
	w := &world{t: t, people: directory()}
	var err error
	w.store, err = store.Open(context.Background(), store.Config{URL: url, Subject: mail.BaseSubject})
	w.must(err)
	t.Cleanup(func() { w.store.Close() })
	w.key, err = threads.NewReplyKey([]byte("the test's secret has thirty-two bytes"))
	w.must(err)
	w.pipeline, err = ingest.NewPipeline(ingest.PipelineConfig{
		Archive: w.store, Directory: func() *threads.Directory { return w.people }, Key: w.key,
		Now: func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) },
	})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// directory is who is who in the sample mails.
func directory() *threads.Directory {
	priya := threads.Contact{Name: "Priya Raman", Addresses: []string{"priya@raman-consulting.example"}}
	return threads.NewDirectory([]threads.Project{
		{Key: demo.Harbour, Name: "Web shop", Client: "Harbour Lane Books", Address: "harbour@northlight.example", Language: "en",
			Domains: []string{"harbourlane.example"}, Managers: []string{"mara"},
			Contacts: []threads.Contact{
				{Name: "Ellen Whitcombe", Addresses: []string{"ellen@harbourlane.example", "ellen.whitcombe@homepost.example"}, Report: true},
				{Name: "Tom Adeyemi", Addresses: []string{"tom@harbourlane.example"}}, priya}},
		{Key: demo.Yunshan, Name: "会员小程序", Client: "云杉茶业", Language: "zh",
			Domains: []string{"yunshan-tea.example"}, Managers: []string{"chen"},
			Contacts: []threads.Contact{
				{Name: "林晓雯", Addresses: []string{"lin.xiaowen@yunshan-tea.example", "linxw_1988@qqpost.example"}, Report: true},
				{Name: "赵鹏", Addresses: []string{"zhao.peng@yunshan-tea.example", "zhaopeng_ys@163post.example"}}}},
		{Key: demo.Meridian, Name: "Client portal", Client: "Meridian Logistics", Language: "en",
			Domains: []string{"meridian-logistics.example", "meridian-jp.example"}, Managers: []string{"chen", "mara"},
			Contacts: []threads.Contact{{Name: "Grace Wong", Addresses: []string{"grace.wong@meridian-logistics.example"}, Report: true}, priya}},
	}, []threads.Person{
		{Login: "mara", Name: "Mara Lindqvist", Addresses: []string{"mara@northlight.example"}, Role: "manager"},
		{Login: "chen", Name: "陈宇", Addresses: []string{"chen.yu@northlight.example"}, Role: "manager"},
		{Login: "ada", Name: "Ada Audit", Addresses: []string{"ada@northlight.example"}, Role: "auditor"},
	}, []string{"projects@northlight.example"})
}

// file puts mails through the pipeline, one transaction each, and returns them
// as they are stored.
func (w *world) file(raws ...string) []threads.Message {
	w.t.Helper()
	var out []threads.Message
	for _, raw := range raws {
		filed, err := w.pipeline.File(context.Background(), nil, []ingest.Received{received(raw)})
		w.must(err)
		out = append(out, w.message(filed[0].Message))
	}
	return out
}

func received(raw string) ingest.Received {
	return ingest.Received{Raw: []byte(raw), InternalDate: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}
}

func (w *world) message(id string) threads.Message {
	w.t.Helper()
	m, err := w.store.Message(context.Background(), id)
	w.must(err)
	return m
}

func (w *world) items(m threads.Message) []threads.Item {
	w.t.Helper()
	items, err := w.store.Items(context.Background(), threads.ItemQuery{Message: m.ID, Limit: 100})
	w.must(err)
	return items
}

// report approves and releases a report with a letter to each recipient, and
// returns the letters.
func (w *world) report(project string, recipients ...string) []threads.Letter {
	w.t.Helper()
	w.reports++
	id := fmt.Sprintf("report-%d.%s@northlight.example", w.reports, strings.ToLower(project))
	text := "Dear client,\n\n- The shop pages are ready for your approval.\n- The stock export runs every night now.\n\nKind regards\nMara\n"
	ids := threads.IDs{}
	var letters []threads.Letter
	for _, to := range recipients {
		letter := ids.New(threads.LetterPrefix)
		raw := letterRaw(w.key.Address("projects@northlight.example", letter), to, project, id, text)
		letters = append(letters, threads.Letter{ID: letter, Project: project, Recipient: threads.Address{Address: to}, MessageID: id, Raw: []byte(raw)})
	}
	filing := threads.Filing{Raw: letters[0].Raw, Message: threads.Message{
		MessageID: id, Subject: "[" + project + "] Report", From: threads.Address{Address: "projects@northlight.example"},
		Direction: threads.Out, Text: text, Date: time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)}}
	report, err := w.store.Approve(context.Background(), threads.Approval{Filing: filing, Letters: letters, Report: threads.Report{
		Project: project, Subject: filing.Message.Subject, MessageID: id, Text: text, ApprovedBy: "mara", ApprovedAt: time.Date(2026, 11, 19, 15, 0, 0, 0, time.UTC),
		Points: []threads.Point{{ID: "P1", Text: "The shop pages are ready for your approval."}, {ID: "P2", Text: "The stock export runs every night now."}}}})
	w.must(err)
	_, err = w.store.Release(context.Background(), report.ID, threads.Release{})
	w.must(err)
	return letters
}

func letterRaw(replyTo, to, project, id, text string) string {
	return strings.ReplaceAll("From: Mara Lindqvist <projects@northlight.example>\nReply-To: <"+replyTo+">\nTo: <"+to+">\nSubject: ["+project+"] Report\n"+
		"Date: Wed, 18 Nov 2026 09:00:00 +0000\nMessage-ID: <"+id+">\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"+text, "\n", "\r\n")
}
