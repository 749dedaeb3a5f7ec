package ingest_test

import (
	"context"
	"testing"

	"rapport/demo"
	"rapport/ingest"
	"rapport/threads"
)

func TestTheSampleMailsGoWhereACarefulReaderPutsThem(t *testing.T) {
	w := newWorld(t)
	mails, err := demo.Mails()
	w.must(err)
	expect := demo.Expectations()
	if len(mails) != len(expect) {
		t.Fatalf("%d sample mails and %d expectations", len(mails), len(expect))
	}
	var batch []ingest.Received
	for _, m := range mails {
		batch = append(batch, received(string(m.Raw)))
	}
	filed, err := w.pipeline.File(context.Background(), nil, batch)
	w.must(err)
	for i, f := range filed {
		m, want := w.message(f.Message), expect[i]
		cause := ""
		if m.Tray != nil {
			cause = m.Tray.Cause
		}
		if m.Project != want.Project || cause != want.Tray || m.Class != want.Class {
			t.Errorf("%s: project %q, tray %q, class %s; want %q, %q, %s\n%+v", want.Mail, m.Project, cause, m.Class, want.Project, want.Tray, want.Class, m.Evidence)
		}
		raw, err := w.store.Raw(context.Background(), m.ID)
		if err != nil || string(raw) != string(mails[i].Raw) {
			t.Errorf("%s: the stored bytes differ from the mail's (%v)", want.Mail, err)
		}
		if m.Class == threads.ClassPerson && m.Project != "" && len(w.items(m)) == 0 {
			t.Errorf("%s: nothing was found in it", want.Mail)
		}
	}
}

func TestAForwardIsTheClientsMail(t *testing.T) {
	w := newWorld(t)
	mails, err := demo.Mails()
	w.must(err)
	for name, want := range map[string]struct{ from, sender string }{
		"13-forwarded-by-manager":    {"ellen@harbourlane.example", "mara@northlight.example"},
		"14-forwarded-as-attachment": {"zhao.peng@yunshan-tea.example", "chen.yu@northlight.example"},
	} {
		for _, sample := range mails {
			if sample.Name != name {
				continue
			}
			m := w.file(string(sample.Raw))[0]
			if m.From.Address != want.from || m.Sender == nil || m.Sender.Address != want.sender {
				t.Errorf("%s: from %v, sender %v", name, m.From, m.Sender)
			}
			if m.NewText == "" || len(m.Folds) == 0 || m.Folds[0].Reason != "forwarder's note" {
				t.Errorf("%s: new text %q, folds %+v", name, m.NewText, m.Folds)
			}
		}
	}
}
