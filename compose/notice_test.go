package compose

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// file is an archive of notices in memory; how brakes count is the store's work.
type file struct {
	made  []threads.Notice
	mails map[string]threads.Message
	peers []int // the limits that were asked for
}

func (f *file) MakeNotice(_ context.Context, n threads.Notice, _ threads.BrakeLimits, peer int) (threads.Notice, error) {
	for _, old := range f.made {
		if old.Key == n.Key {
			return old, nil
		}
	}
	f.made, f.peers = append(f.made, n), append(f.peers, peer)
	return n, nil
}

func (f *file) NoticeMade(_ context.Context, key string) (bool, error) {
	for _, old := range f.made {
		if old.Key == key {
			return true, nil
		}
	}
	return false, nil
}

func (f *file) Message(_ context.Context, id string) (threads.Message, error) {
	m, ok := f.mails[id]
	if !ok {
		return m, threads.ErrNotFound
	}
	return m, nil
}

func newFile(t *testing.T) (*file, *Notifier) {
	t.Helper()
	f := &file{mails: map[string]threads.Message{}}
	dir := threads.NewDirectory([]threads.Project{
		{Key: "TEA", Name: "小程序", Client: "云杉茶业", Language: "zh", Domains: []string{"tea.example"}, Contacts: []threads.Contact{{Name: "林晓雯", Addresses: []string{"lin@tea.example"}}}},
		{Key: "ACME", Name: "Web shop", Client: "Acme", Language: "en", Contacts: []threads.Contact{{Name: "Anna", Addresses: []string{"anna@acme.example"}}}},
	}, []threads.Person{{Login: "mara", Addresses: []string{"mara@us.example"}}}, []string{"post@us.example"})
	n, err := NewNotifier(NotifierConfig{
		Archive: f, Directory: func() *threads.Directory { return dir }, From: threads.Address{Name: "Northlight", Address: "post@us.example"},
		ReplyTo: func(string) string { return "acme@us.example" }, Limits: threads.BrakeLimits{Peer: 2, Own: 30, Thread: 2, Total: 60},
		Now: func() time.Time { return time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return f, n
}

func TestALinkForSigningInIsKeptNowhere(t *testing.T) {
	f, notifier := newFile(t)
	link := "https://us.example/sign-in/link/" + strings.Repeat("Aa1_-", 30)
	n := threads.Notice{Key: "1", Kind: threads.NoticeSignIn, Language: "zh", To: threads.Address{Name: "Mara *M*", Address: "mara@us.example"},
		Subject: "登录", Body: Escaped("*Mara*") + "\n\n<" + link + ">\n"}
	one, err := notifier.Unkept(n)
	if err != nil {
		t.Fatal(err)
	}
	n.Key = "2"
	two, err := notifier.Unkept(n)
	if err != nil || one.MessageID == two.MessageID {
		t.Errorf("both are %s (%v)", one.MessageID, err)
	}
	m := mail.Parse(one.Raw, mail.Limits{})
	if len(f.made) != 0 || !strings.Contains(m.Text, "\n"+link+"\n") || !strings.Contains(m.HTML, ` href="`+link+`"`) || !strings.Contains(m.Text, "*Mara*") ||
		m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("X-Auto-Response-Suppress") == "" || m.Header.Get(threads.LoopHeader) == "" {
		t.Errorf("%d are kept; it is\n%s\n%s", len(f.made), m.Text, m.HTML)
	}
}

func TestANoticeIsMailOfAMachine(t *testing.T) {
	f, notifier := newFile(t)
	ctx := context.Background()
	n := threads.Notice{Key: "daily mara", Kind: threads.NoticeDaily, To: threads.Address{Name: "Mara", Address: "mara@us.example"},
		Subject: "Your projects\t today", Body: "Two mails wait:\n\n- **Anna** asks " + Escaped("for a *new* [logo](https://evil.example) <b>\nat https://x.example")}
	made, err := notifier.Notify(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := notifier.Notify(ctx, n); err != nil || again.ID != made.ID || len(f.made) != 1 {
		t.Errorf("the same key made %v (%v); %d notices", again.ID, err, len(f.made))
	}
	if f.peers[0] != 30 {
		t.Errorf("one of us has the limit %d", f.peers[0])
	}
	m := mail.Parse(made.Raw, mail.Limits{})
	if v := mail.Classify(m); v.Class != mail.ClassAutoReply {
		t.Errorf("it is read as %+v", v)
	}
	for name, want := range map[string]string{"Auto-Submitted": "auto-generated", threads.LoopHeader: "1", "X-Auto-Response-Suppress": "All", "Reply-To": "<acme@us.example>"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if strings.Contains(m.MessageID, "mara") || !strings.HasPrefix(m.MessageID, made.ID+".") || made.ID[0] != threads.NoticePrefix {
		t.Errorf("Message-ID %s of notice %s", m.MessageID, made.ID)
	}
	if !strings.Contains(m.Text, "for a *new* [logo](https://evil.example) <b> at https://x.example") {
		t.Errorf("others' words were read as marks:\n%s", m.Text)
	}
	if strings.Contains(string(made.Raw), `href=3D"https://evil`) || strings.Contains(string(made.Raw), `href=3D"https://x`) {
		t.Error("others' words became a link")
	}
}

func TestAnAnswerGoesToTheAuthorOnly(t *testing.T) {
	f, notifier := newFile(t)
	f.mails["m1"] = threads.Message{ID: "m1", Project: "TEA", Thread: "t1", Direction: threads.In, Class: threads.ClassPerson, MessageID: "a@tea.example",
		References: []string{"root@tea.example", "not an id"}, From: threads.Address{Name: "林晓雯", Address: "lin@tea.example"}}
	made, err := notifier.Notify(context.Background(), threads.Notice{Key: "receipt m1", Kind: threads.NoticeReceipt, Answers: "m1",
		To: threads.Address{Address: "eve@evil.example"}, Subject: "Re: 新首页", Body: "您的邮件已收到。"})
	if err != nil {
		t.Fatal(err)
	}
	m := mail.Parse(made.Raw, mail.Limits{})
	if made.To.Address != "lin@tea.example" || made.Thread != "t1" || made.Project != "TEA" || made.Language != "zh" || len(m.To) != 1 || m.To[0].Address != "lin@tea.example" {
		t.Errorf("made %+v", made)
	}
	if got := strings.Join(m.References, " "); got != "root@tea.example a@tea.example" || m.InReplyTo[0] != "a@tea.example" {
		t.Errorf("it refers to %q, and replies to %v", got, m.InReplyTo)
	}
	if m.Header.Get("Auto-Submitted") != "auto-replied" || !strings.Contains(m.Text, "无需回复此邮件") {
		t.Errorf("%s\n%s", m.Header.Get("Auto-Submitted"), m.Text)
	}
	if _, err := notifier.Notify(context.Background(), threads.Notice{Key: "x", Answers: "m9", Subject: "x", Body: "x"}); !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("an answer to no mail: %v", err)
	}
}

func TestMachinesAndStrangersGetNoAnswer(t *testing.T) {
	client := threads.Message{Project: "ACME", Direction: threads.In, Class: threads.ClassPerson, From: threads.Address{Address: "anna@acme.example"}}
	for _, c := range []struct {
		name string
		edit func(*threads.Message)
		want threads.Brake
	}{
		{"a client", func(*threads.Message) {}, ""},
		{"an absence note", func(m *threads.Message) { m.Class = threads.ClassOutOfOffice }, threads.BrakeMachine},
		{"a bounce", func(m *threads.Message) { m.Class = threads.ClassBounce }, threads.BrakeMachine},
		{"a list", func(m *threads.Message) { m.Class = threads.ClassList }, threads.BrakeMachine},
		{"somebody else", func(m *threads.Message) { m.From.Address = "eve@evil.example" }, threads.BrakeStranger},
		{"mail of no project", func(m *threads.Message) { m.Project = "" }, threads.BrakeStranger},
		{"nobody", func(m *threads.Message) { m.From.Address = "" }, threads.BrakeStranger},
		{"mail that one of us has passed on", func(m *threads.Message) { m.Sender = &threads.Address{Address: "mara@us.example"} }, threads.BrakeStranger},
		{"a contact of whom nothing is proven", func(m *threads.Message) { m.Authentication = &threads.Authentication{Verdict: threads.Unauthenticated} }, ""},
		{"somebody who forges a contact", func(m *threads.Message) { m.Authentication = &threads.Authentication{Verdict: threads.Forged} }, threads.BrakeStranger},
		{"somebody of the domain, proven", func(m *threads.Message) {
			m.Project, m.From.Address, m.Authentication = "TEA", "new@tea.example", &threads.Authentication{Verdict: threads.Authentic}
		}, ""},
		{"somebody of the domain of whom nothing is proven", func(m *threads.Message) {
			m.Project, m.From.Address, m.Authentication = "TEA", "new@tea.example", &threads.Authentication{Verdict: threads.Unauthenticated}
		}, threads.BrakeStranger},
		{"our own mail", func(m *threads.Message) { m.From.Address = "post+x@us.example" }, threads.BrakeOurs},
		{"what we sent", func(m *threads.Message) { m.Direction = threads.Out }, threads.BrakeOurs},
	} {
		f, notifier := newFile(t)
		m := client
		c.edit(&m)
		f.mails["m1"] = m
		made, err := notifier.Notify(context.Background(), threads.Notice{Key: c.name, Kind: threads.NoticeReceipt, Answers: "m1", Subject: "Re: x", Body: "x"})
		if err != nil || made.Brake != c.want || (made.Raw == nil) != (c.want != "") {
			t.Errorf("%s: brake %q (%v), want %q", c.name, made.Brake, err, c.want)
		}
	}
}

func TestANoticeHasNoHeaderOfOthers(t *testing.T) {
	_, notifier := newFile(t)
	for _, n := range []threads.Notice{
		{Key: "a", To: threads.Address{Address: "a@b.example\r\nBcc: eve@evil.example"}, Subject: "x", Body: "x"},
		{Key: "b", To: threads.Address{Name: "A\r\nBcc: eve@evil.example", Address: "a@b.example"}, Subject: "x", Body: "x"},
		{Key: "c", To: threads.Address{Address: "a@b.example"}, Subject: "x\x00y", Body: "x"},
		{Key: "d", To: threads.Address{Address: ""}, Subject: "x", Body: "x"},
	} {
		if made, err := notifier.Notify(context.Background(), n); err == nil {
			t.Errorf("notice %s was made:\n%s", n.Key, made.Raw)
		}
	}
}
