package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// While our own mail server is down no alarm can be mailed: the first page says
// so, to those who decide.
func TestTheFirstPageTellsWhatNoMailCan(t *testing.T) {
	w := newWorld(t)
	down := threads.Stuck{}
	config := Config{Archive: all(w.memory), Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today },
		Stuck:   func(context.Context) (threads.Stuck, error) { return down, nil },
		Polling: func(string) (Polling, bool) { return Polling{State: "idle"}, true }}
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	if page := body(t, s, "/?lang=en"); strings.Contains(page, `role="alert"`) {
		t.Error("nothing is wrong, and the page says that something is")
	}
	down = threads.Stuck{Letters: 1, Notices: 2, Words: "dial <imap>: connection refused", Tried: ago(5 * time.Minute)}
	says(t, s, "/?lang=en", "nothing goes out, no alarm either", "1 letter, 2 automatic mails", "dial <imap>: connection refused", "rapport doctor")
	says(t, s, "/?lang=zh", "1 封信件、 2 封自动邮件")
	says(t, s, "/?lang=zh", "服务器拒绝连接。请核对端口", "系统原文： dial <imap>: connection refused")
	config.Polling = func(string) (Polling, bool) { return Polling{State: "waiting", Trouble: "the login failed"}, true }
	if s, err = New(config); err != nil {
		t.Fatal(err)
	}
	says(t, s, "/?lang=en", "cannot be read, so new mail is not seen: "+w.memory.mailboxes[0].Mailbox)
	for i := range w.dir.People {
		w.dir.People[i].Role = "auditor"
	}
	if page := body(t, s, "/?lang=en"); strings.Contains(page, `role="alert"`) {
		t.Error("an auditor is told what our server does")
	}
}
