package mail

import "testing"

func TestSubjects(t *testing.T) {
	cases := []struct {
		in, base string
		kind     string // "reply", "forward" or ""
	}{
		{"Report 7", "Report 7", ""},
		{"Re: Report 7", "Report 7", "reply"},
		{"RE: AW: Re: Report 7", "Report 7", "reply"},
		{"Re[2]: Report 7", "Report 7", "reply"},
		{"Re (3): Report 7", "Report 7", "reply"},
		{"RE : Compte rendu", "Compte rendu", "reply"},
		{"回复： 会员小程序", "会员小程序", "reply"},
		{"回复：回复: 会员小程序", "会员小程序", "reply"},
		{"答复: 转发: 周报", "周报", "reply"},
		{"回覆: 週報", "週報", "reply"},
		{"Re:Re: 测试", "测试", "reply"},
		{"返信: 件名", "件名", "reply"},
		{"Antw: verslag", "verslag", "reply"},
		{"SV: rapport", "rapport", "reply"},
		{"Odp: raport", "raport", "reply"},
		{"Fwd: Report 7", "Report 7", "forward"},
		{"WG: Bericht", "Bericht", "forward"},
		{"TR: Compte rendu", "Compte rendu", "forward"},
		{"RV: informe", "informe", "forward"},
		{"转发：周报", "周报", "forward"},
		{"轉寄: 週報", "週報", "forward"},
		{"Re: Fwd: Report 7", "Report 7", "reply"},
		{"[Fwd: Report 7]", "Report 7", "forward"},
		{"Report 7 (fwd)", "Report 7", "forward"},
		{"[ACME-WEB] Report 7", "[ACME-WEB] Report 7", ""},
		{"Re: [ACME-WEB] Report 7", "[ACME-WEB] Report 7", "reply"},
		{"[ACME-WEB] Re: Report 7", "[ACME-WEB] Report 7", "reply"},
		{"[ACME-WEB] Re: [ACME-WEB] Report 7", "[ACME-WEB] Report 7", "reply"},
		{"Automatic reply: Report 7", "Automatic reply: Report 7", ""},
		{"Ref: 2026-118", "Ref: 2026-118", ""},
		{"Research: next steps", "Research: next steps", ""},
		{"Request: a new page", "Request: a new page", ""},
		{"回复功能有问题", "回复功能有问题", ""},
		{"Re:", "", "reply"},
		{"", "", ""},
	}
	for _, c := range cases {
		kind := ""
		switch {
		case IsReply(c.in):
			kind = "reply"
		case IsForward(c.in):
			kind = "forward"
		}
		if base := BaseSubject(c.in); base != c.base || kind != c.kind {
			t.Errorf("%q: %q %q, want %q %q", c.in, base, kind, c.base, c.kind)
		}
	}
}
