package compose

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

func sampleDaily() *Daily {
	now := time.Date(2026, 11, 27, 7, 30, 0, 0, time.UTC)
	acme := &threads.Project{Key: "ACME", Name: "Web shop", Client: "Acme"}
	return &Daily{Language: "en", Now: now, Since: now.AddDate(0, 0, -1), Pages: "https://rapport.us.example",
		Projects: []DailyProject{
			{Project: acme, New: 9, Latest: []threads.Message{{From: threads.Address{Name: "Anna <b>", Address: "anna@acme.example"}, Subject: "[click](https://evil.example)\r\n# Hi", Received: now.Add(-time.Hour)}},
				Waiting: []threads.Item{{Number: 3, Text: "Could you *please* add a gift option?", Due: "2026-11-26", At: now.AddDate(0, 0, -5)}, {Number: 4, Text: "Send the plan", Due: "2026-12-04", At: now.AddDate(0, 0, -1)}},
				Due:     now.Add(8 * time.Hour), Soon: true},
			{Project: &threads.Project{Key: "CALM", Name: "Site", Client: "Calm"}},
		},
		InTray: 1, Tray: []threads.Message{{From: threads.Address{Address: "jo@papermill.example"}, Subject: "A shop like that", Received: now.Add(-2 * time.Hour)}},
		Mailboxes: []DailyMailbox{{Name: "projects", Coverage: threads.Coverage{First: 1, Last: 40, Filed: 37, Tray: 1, Vanished: 2, Owed: []threads.Owed{{UID: 40}}}, Trouble: []string{"the server refuses the login; mend it"}}},
		Held:      map[threads.Brake]int{threads.BrakePeer: 2},
	}
}

func TestTheDailyMailTellsWhatWaits(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {"Your projects on 27 November", "New mails: 9. Waiting for an answer: 2. In the tray: 1.", "The report is due on 27 November 15:30", "F-3 since 22 November: “Could you *please* add a gift option?” overdue since",
			"due 4 December", "Anna <b>: “[click](https://evil.example) # Hi”", "and 8 more", "UIDs 1..40: 37 filed, 1 of them in the tray, 2 vanished, 1 owed", "Trouble: the server refuses the login", "2 to an address that had enough", "https://rapport.us.example"},
		"zh": {"您的项目（11月27日）", "新邮件9封，待答复2项，待归档1封", "报告应于11月27日 15:30前发出", "已于11月26日到期", "另有8项", "UID 1..40：已归档37", "故障： 登录邮件服务器失败。请核对用户名和密码", "系统原文：“the server refuses the login; mend it”", "2封：该地址当天已达上限"},
	} {
		d := sampleDaily()
		d.Language = language
		_, notifier := newFile(t)
		subject, body := d.Words()
		n, err := notifier.Notify(context.Background(), threads.Notice{Key: "daily", Kind: threads.NoticeDaily, Language: language, Subject: subject, Body: body,
			To: threads.Address{Name: "Mara", Address: "mara@us.example"}})
		if err != nil {
			t.Fatal(err)
		}
		m := mail.Parse(n.Raw, mail.Limits{})
		said := strings.Join(strings.Fields(m.Text), " ")
		for _, w := range want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: it does not say %q:\n%s", language, w, m.Text)
			}
		}
		if strings.Contains(m.Text, "CALM") || strings.Contains(string(n.Raw), `href=3D"https://evil`) || len(m.Faults) > 0 {
			t.Errorf("%s: a quiet project, a link of others, or faults %v in\n%s", language, m.Faults, m.Text)
		}
	}
}

func TestADayWithoutNewsIsQuiet(t *testing.T) {
	quiet := func() *Daily {
		return &Daily{Projects: []DailyProject{{Project: &threads.Project{Key: "CALM"}}}, Mailboxes: []DailyMailbox{{Name: "projects"}}}
	}
	if !quiet().Quiet() {
		t.Error("a day without news is not quiet")
	}
	for name, change := range map[string]func(*Daily){
		"new mail":           func(d *Daily) { d.Projects[0].New = 1 },
		"a waiting item":     func(d *Daily) { d.Projects[0].Waiting = []threads.Item{{}} },
		"a report":           func(d *Daily) { d.Projects[0].Soon = true },
		"the tray":           func(d *Daily) { d.InTray = 1 },
		"trouble":            func(d *Daily) { d.Mailboxes[0].Trouble = []string{"x"} },
		"an owed mail":       func(d *Daily) { d.Mailboxes[0].Owed = []threads.Owed{{}} },
		"a notice held back": func(d *Daily) { d.Held = map[threads.Brake]int{threads.BrakePeer: 1} },
	} {
		d := quiet()
		change(d)
		if d.Quiet() {
			t.Errorf("%s is no news", name)
		}
	}
}
