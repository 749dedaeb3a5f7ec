package threads_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

func TestTurns(t *testing.T) {
	const month = 30
	type letter struct {
		days    int // after the one before
		subject string
	}
	for _, c := range []struct {
		name  string
		mails []letter
		want  string // numbers of the mails that would go, and the days of silence
	}{
		{"another subject on an old thread", []letter{{0, "Logo"}, {1, "Re: Logo"}, {month, "Prices of the shop"}}, "2 (30)"},
		{"and what is said about it afterwards", []letter{{0, "Logo"}, {month, "Prices"}, {1, "AW: Prices"}, {1, "Re: Logo"}}, "1 2 (30)"},
		{"in Chinese", []letter{{0, "首页改版"}, {month, "回复：发票问题"}}, "1 (30)"},
		{"another subject while people talk", []letter{{0, "Logo"}, {3, "Prices"}}, ""},
		{"the same subject after a long time", []letter{{0, "Logo"}, {month, "AW: RE: 答复: logo "}}, ""},
		{"more of the same subject", []letter{{0, "Logo"}, {month, "Logo, second draft"}}, ""},
		{"less of it", []letter{{0, "Logo and colours"}, {month, "Re: Logo"}}, ""},
		{"an earlier subject again", []letter{{0, "Logo"}, {1, "Prices"}, {month, "Re: Logo"}}, ""},
		{"only a tag is new", []letter{{0, "Logo"}, {month, "[ACME-WEB] Logo"}, {month, "【外部邮件】Re: Logo"}}, ""},
		{"the next report", []letter{{0, "[ACME-WEB] Weekly report 12"}, {month, "Re: weekly report 13"}}, ""},
		{"no subject", []letter{{0, "Logo"}, {month, ""}, {month, "Re:"}}, ""},
		{"the subject itself says so", []letter{{0, "Logo"}, {1, "Prices (was: Logo)"}, {1, "Re: Prices"}}, "1 2 (0)"},
		{"the subject says so in Chinese", []letter{{0, "首页"}, {1, "发票（原：首页）"}}, "1 (0)"},
		{"a button of a letter", []letter{{0, "[ACME-WEB] Report"}, {month, "[ACME-WEB] D-4: yes"}, {month, "F-13 Gift vouchers: no"}, {month, "评分：5"}, {month, "Rating: 4"}}, ""},
		{"two turns", []letter{{0, "Logo"}, {month, "Prices"}, {month, "Hosting"}}, "1 (30) 2 (30)"},
		{"the first mail", []letter{{0, "Prices (was: Logo)"}}, ""},
	} {
		var mails []threads.Message
		at := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
		for i, l := range c.mails {
			at = at.AddDate(0, 0, l.days)
			mails = append(mails, threads.Message{ID: fmt.Sprint(i), Subject: l.subject, Received: at, Direction: threads.In, Class: threads.ClassPerson})
		}
		var got []string
		for _, turn := range threads.Turns(mails, mail.BaseSubject) {
			got = append(got, turn.Follow...)
			got = append(got, fmt.Sprintf("(%d)", turn.Quiet))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
		for i := range mails {
			mails[i].Direction = threads.Out
		}
		if n := len(threads.Turns(mails, mail.BaseSubject)); n > 0 {
			t.Errorf("%s, by us: %d turns", c.name, n)
		}
	}
}
