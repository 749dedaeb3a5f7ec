package compose

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"rapport/mail"
	"rapport/threads"
)

// Whatever a client writes: the receipt goes to them alone, has no header but
// ours, keeps to the lengths of mail, and nothing in it is a link or turns the
// words beside it.
func TestAReceiptForHostileMail(t *testing.T) {
	long := strings.Repeat("x", 990)
	for name, change := range map[string]func(m *threads.Message, it *threads.Item){
		"a plain mail": func(*threads.Message, *threads.Item) {},
		"header words": func(m *threads.Message, _ *threads.Item) {
			m.Subject = "=?utf-8?q?x=0D=0ABcc=3A_eve=40evil.example?= ?="
		},
		"line ends":      func(m *threads.Message, _ *threads.Item) { m.Subject = "x\r\n\r\nBcc: eve@evil.example\r\n\tx" },
		"no room":        func(m *threads.Message, _ *threads.Item) { m.Subject = "x" + strings.Repeat("\u200b", 200_000) },
		"marks on marks": func(m *threads.Message, it *threads.Item) { it.Text = "x" + strings.Repeat("\u0301", 200_000) },
		"a long address": func(m *threads.Message, it *threads.Item) {
			it.Text = "https://evil.example/" + strings.Repeat("x", 200_000)
		},
		"a long word": func(m *threads.Message, it *threads.Item) {
			m.Subject, it.Text = strings.Repeat("x", 200_000), strings.Repeat("长", 200_000)
		},
		"links": func(m *threads.Message, it *threads.Item) {
			it.Text = "[a](https://evil.example) <https://evil.example> mailto:eve@evil.example ![](https://evil.example/x)"
		},
		"HTML": func(m *threads.Message, it *threads.Item) {
			it.Text = "</p><script>alert(1)</script><img src=https://evil.example/x>&#60;img src=https://evil.example/x&#62;"
		},
		"blocks":            func(m *threads.Message, it *threads.Item) { it.Text = "```\n---\n# a\n| a | b |\n:::buttons\n> b" },
		"another direction": func(m *threads.Message, it *threads.Item) { it.Text = "\u202eevil\u2066 \u2067x" },
		"a name": func(m *threads.Message, _ *threads.Item) {
			m.From.Name = `"eve@evil.example" <eve@evil.example>, =?utf-8?b?eA==?= ` + "\u202e" + strings.Repeat("长", 150)
		},
		"long ids": func(m *threads.Message, _ *threads.Item) {
			m.MessageID, m.References = long+"@x", []string{long + "@y", "z@z"}
		},
		"ids that are more": func(m *threads.Message, _ *threads.Item) {
			m.MessageID = "a@b>\r\nBcc: <eve@evil.example"
			m.References = []string{"a@b> <c@d", "=?x?q?y?=@z", "\x00@x"}
		},
		"very many ids": func(m *threads.Message, _ *threads.Item) {
			m.References = strings.Split(strings.Repeat("a"+long[:900]+"@b ", 1000), " ")
		},
		"a subject of marks": func(m *threads.Message, _ *threads.Item) { m.Subject = strings.Repeat("Re: [ACME] ", 20_000) },
	} {
		t.Run(name, func(t *testing.T) {
			f, notifier := newFile(t)
			m := threads.Message{ID: "m1", Project: "ACME", Direction: threads.In, Class: threads.ClassPerson, MessageID: "a@acme.example", Subject: "Logo",
				From: threads.Address{Name: "Anna", Address: "anna@acme.example"}}
			it := threads.Item{Number: 1, Project: "ACME", Kind: threads.Request, Text: "Please make the logo bigger", State: threads.Open}
			change(&m, &it)
			f.mails["m1"] = m
			project := notifier.cfg.Directory().Project("ACME")
			n := (&Receipt{Project: project, Message: &m, Items: []threads.Item{it}, By: "2026-11-30"}).Notice()
			n.Key = "receipt m1"
			made, err := notifier.Notify(context.Background(), n)
			if err != nil || made.Brake != "" {
				t.Fatalf("it is not made: %q %v", made.Brake, err)
			}
			if err := checkBytes(made.Raw, 256<<10); err != nil {
				t.Error(err)
			}
			h, _, err := splitHead(made.Raw)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, field := range h {
				if name := field.name(); seen[name] || name == "cc" || name == "bcc" || !strings.Contains(strings.Join(order, " "), name) {
					t.Errorf("it has the field %q", field)
				}
				seen[field.name()] = true
			}
			if head, _, _ := bytes.Cut(made.Raw, []byte("\r\n\r\n")); len(head) > 16<<10 {
				t.Errorf("its header has %d bytes", len(head))
			}
			read := mail.Parse(made.Raw, mail.Limits{})
			if len(read.To) != 1 || read.To[0].Address != "anna@acme.example" || len(read.Cc) != 0 {
				t.Errorf("it goes to %+v and %+v", read.To, read.Cc)
			}
			for _, bad := range []string{"<script", "<img", `href="https://evil`, `href="mailto:eve`, "\u202e", "\u2066"} {
				if strings.Contains(read.HTML, bad) {
					t.Errorf("its HTML has %q:\n%s", bad, read.HTML)
				}
			}
			if strings.ContainsAny(read.Text, "\u202e\u2066\u2067") {
				t.Errorf("its text turns:\n%s", read.Text)
			}
		})
	}
}

// A line that cannot be broken, however long, is looked at once.
func TestWrapIsLinear(t *testing.T) {
	for name, s := range map[string]string{
		"one address":        "https://evil.example/" + strings.Repeat("x", 2_000_000),
		"addresses":          strings.Repeat("https://evil.example/"+strings.Repeat("x", 100)+" ", 20_000),
		"one word":           strings.Repeat("x", 2_000_000),
		"signs without room": "x" + strings.Repeat("\u200b", 1_000_000),
		"marks":              "x" + strings.Repeat("\u0301", 1_000_000),
		"what may not begin": "x" + strings.Repeat("，", 500_000),
		"what may not end":   strings.Repeat("（", 500_000),
		"blanks":             strings.Repeat(" ", 2_000_000),
		"like a quotation":   strings.Repeat("a > ", 500_000),
	} {
		if got := strings.Join(wrap(s, textColumns), ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%s: %d bytes became %d", name, len(s), len(got))
		}
	}
}

// Whoever is not known yet stands with their address in a manager's daily mail;
// no name, subject or word in it does anything.
func TestADailyMailOfHostileMails(t *testing.T) {
	d := sampleDaily()
	hostile := "Anna Lindqvist\u202e\r\n\r\n# x <https://evil.example> [a](https://evil.example) <img src=https://evil.example/x>" + strings.Repeat("\u200b", 100_000)
	d.Tray = []threads.Message{{From: threads.Address{Name: hostile, Address: "eve@evil.example"}, Subject: hostile, Received: d.Now, Tray: &threads.Tray{Cause: "stranger"}}}
	d.Projects[0].Latest = []threads.Message{{From: threads.Address{Name: hostile, Address: "anna@acme.example"}, Subject: hostile, Received: d.Now}}
	d.Projects[0].Waiting[0].Text = hostile
	subject, body := d.Words()
	_, notifier := newFile(t)
	made, err := notifier.Notify(t.Context(), threads.Notice{Key: "daily", Kind: threads.NoticeDaily, To: threads.Address{Address: "mara@us.example"}, Subject: subject, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	read := mail.Parse(made.Raw, mail.Limits{})
	text := strings.Join(strings.Fields(read.Text), " ")
	if !strings.Contains(text, "<eve@evil.example>:") || strings.Contains(text, "\u202e") || len(read.Text) > 64<<10 {
		t.Errorf("%d bytes:\n%.4000s", len(read.Text), read.Text)
	}
	for _, bad := range []string{"<img", `href="https://evil`, `href="mailto:eve`, "\u202e", "<h1>x"} {
		if strings.Contains(read.HTML, bad) {
			t.Errorf("its HTML has %q", bad)
		}
	}
}

// A client's words go to all of the client's people in our name, and stand in
// the manager's draft: they do nothing there.
func TestAClientsWordsInOurs(t *testing.T) {
	const hostile = "Please fix\u0085\u2028- item: F-2\r\n\x1b]0;owned\x07 \u202ethe\u2066 [printer](https://evil.example) www.evil.example <img src=https://evil.example/x> \u009b31m\x7fnow"
	const want = "Please fix - item: F-2 ]0;owned the [printer](https://evil.example) www.evil.example <img src=https://evil.example/x> 31m now"
	if got := othersWords(hostile); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	d, findings := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n```answers\n- item: F-1\n  answer: accepted\n  reason: Yes\n```\n"))
	in := sampleInput(t, d)
	in.Past.Open = []threads.Item{{ID: "i1", Project: "HARBOUR-WEB", Number: 1, Kind: threads.Request, State: threads.Open, Text: hostile}}
	r, more := Render(d, in)
	if len(findings)+len(more) > 0 {
		t.Fatal(findings, more)
	}
	draft := newSample(t, "HARBOUR-WEB", func(s *SkeletonInput) { s.Past.Open = in.Past.Open })
	for where, text := range map[string]string{"HTML": r.HTML, "text": r.Text, "draft": draft} {
		if strings.ContainsAny(text, "\x1b\x07\x7f\u0085\u009b\u2028\u202e\u2066") || !strings.Contains(strings.Join(strings.Fields(text), " "), "[printer](https://evil.example)") {
			t.Errorf("the %s has\n%s", where, text)
		}
		if strings.Contains(text, `href="https://evil`) || where == "HTML" && strings.Contains(text, "<img src=https://evil") {
			t.Errorf("the %s does something:\n%s", where, text)
		}
	}
}
