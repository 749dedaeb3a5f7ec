package mail

import (
	"fmt"
	"strings"
	"testing"
)

func TestAddressList(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"bare", "jane@doe.example", "<jane@doe.example>"},
		{"with a name", "Jane Doe <jane@Doe.Example>", "Jane Doe<jane@doe.example>"},
		{"a quoted name with a comma", `"Doe, Jane" <jane@doe.example>, x@y.example`, "Doe, Jane<jane@doe.example> <x@y.example>"},
		{"an unquoted name with a comma", `Doe, Jane <jane@doe.example>, x@y.example`, "Doe, Jane<jane@doe.example> <x@y.example>"},
		{"the name as a comment", "jane@doe.example (Jane (JD) Doe)", "Jane (JD) Doe<jane@doe.example>"},
		{"comments and folds", "Jane (the boss) Doe\t<jane @ doe.example>", "Jane Doe<jane@doe.example>"},
		{"a group", "Team: a@b.example, C <c@d.example>; e@f.example", "<a@b.example> C<c@d.example> <e@f.example>"},
		{"an empty group", "undisclosed-recipients:;", ""},
		{"Outlook's semicolons", "a@b.example; C <c@d.example>;", "<a@b.example> C<c@d.example>"},
		{"a quote that never closes", `Mara <mara@n.example>, "projects <projects@n.example>`, "Mara<mara@n.example> projects<projects@n.example>"},
		{"a quote opened by mistake", `"Jane <jane@doe.example>, "Roe" <roe@doe.example>`, "Jane<jane@doe.example> Roe<roe@doe.example>"},
		{"a bracket that never closes", "Jane <jane@doe.example, x@y.example", "Jane<jane@doe.example> <x@y.example>"},
		{"brackets twice", "Jane <<jane@doe.example>>", "Jane<jane@doe.example>"},
		{"no comma between", "A <a@b.example> C <c@d.example>", "A<a@b.example> C<c@d.example>"},
		{"no bracket", "Jane jane@doe.example", "Jane<jane@doe.example>"},
		{"the address as name", `"jane@doe.example" <jane@doe.example>`, "<jane@doe.example>"},
		{"the address as name, in apostrophes", `'jane@doe.example' <jane@doe.example>`, "<jane@doe.example>"},
		{"another address as name stays visible", `"boss@bank.example" <thief@evil.example>`, "boss@bank.example<thief@evil.example>"},
		{"an encoded name", "=?utf-8?B?6LW16bmP?= <zhao@y.example>", "赵鹏<zhao@y.example>"},
		{"an encoded name in quotes", `"=?gb2312?B?1dTF9A==?=" <zhao@y.example>`, "赵鹏<zhao@y.example>"},
		{"a comma in an encoded name", "=?utf-8?Q?Doe,_Jane?= <jane@doe.example>", "Doe, Jane<jane@doe.example>"},
		{"an encoded comma does not separate", "=?utf-8?B?RG9lLCBKYW5l?= <jane@doe.example>, x@y.example", "Doe, Jane<jane@doe.example> <x@y.example>"},
		{"a mailto link", "<mailto:jane@doe.example>", "<jane@doe.example>"},
		{"a source route", "<@a.example,@b.example:jane@doe.example>", "<jane@doe.example>"},
		{"QQ's semicolon in a list", `"陈宇" <chen@n.example>;`, "陈宇<chen@n.example>"},
		{"a dot at the end of the domain", "jane@doe.example.", "<jane@doe.example>"},
		{"plus and token", "projects+abc.def@n.example", "<projects+abc.def@n.example>"},
		{"local parts keep their case", "Jane.DOE@Doe.example", "<Jane.DOE@doe.example>"},
		{"a quoted local part", `"jane doe"@doe.example`, `<"jane doe"@doe.example>`},
		{"a daemon without a domain", "MAILER-DAEMON", "<MAILER-DAEMON>"},
		{"a name only", "Jane Doe", "Jane Doe<>"},
		{"nothing", "", ""},
		{"commas only", ", ,;", ""},
		{"a line end in a name", "=?utf-8?Q?Jane=0D=0ABcc:_x@y?= <jane@doe.example>", "Jane Bcc: x@y<jane@doe.example>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list, _ := AddressList(c.in)
			var got []string
			for _, a := range list {
				got = append(got, fmt.Sprintf("%s<%s>", a.Name, a.Address))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("read %q, want %q", s, c.want)
			}
		})
	}
}

func TestMessageIDs(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"one", "<a@b.example>", "a@b.example"},
		{"several", "<a@b.example>\t<c@d.example>", "a@b.example c@d.example"},
		{"without blanks", "<a@b.example><c@d.example>", "a@b.example c@d.example"},
		{"with commas", "<a@b.example>, <c@d.example>", "a@b.example c@d.example"},
		{"each once", "<a@b.example> <c@d.example> <a@b.example>", "a@b.example c@d.example"},
		{"without brackets", "a@b.example c@d.example", "a@b.example c@d.example"},
		{"words around it", `Your message of "Mon, 2 Mar" <a@b.example>`, "a@b.example"},
		{"folded inside", "<a-very- long@b.example>", "a-very-long@b.example"},
		{"an unclosed bracket", "<a@b.example <c@d.example>", "a@b.example c@d.example"},
		{"Exchange's id without an at sign", "<LO2P265MB0411>", "LO2P265MB0411"},
		{"a remark only", "your mail of Monday", ""},
	}
	for _, c := range cases {
		if got := strings.Join(messageIDs([]string{c.in}), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOwnMessageID(t *testing.T) {
	cases := []struct{ in, want, fault string }{
		{"Message-ID: <a@b.example>", "a@b.example", ""},
		{"Message-ID: a@b.example", "a@b.example", "message-id-form"},
		{"Message-ID: 12345", "12345", "message-id-form"},
		{"Message-ID: <scan 40@till.example>", "scan40@till.example", "message-id-form"},
		{"Message-ID: <>", "", "message-id-missing"},
		{"X-Other: 1", "", "message-id-missing"},
	}
	for _, c := range cases {
		m := Parse([]byte("From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"+c.in+"\n\nx\n"), Limits{})
		if m.MessageID != c.want {
			t.Errorf("%s: %q, want %q", c.in, m.MessageID, c.want)
		}
		checkFault(t, m.Faults, c.fault)
	}
}

// An address is what can be seen of it: signs that turn the direction of writing
// or take no room would let one be read as another.
func TestAnAddressHasNothingUnseen(t *testing.T) {
	for written, want := range map[string]string{
		"a\u202enna@harbour.example": "anna@harbour.example", "anna@har\u00adbour.example": "anna@harbour.example", "an\u200bna@harbour.example": "anna@harbour.example",
		"\u2067anna\u2069@harbour.example": "anna@harbour.example", "anna\u0085@harbour.example": "anna@harbour.example", "anna\u2028@harbour.example": "anna@harbour.example",
		"\"an na\u202e\"@harbour.example": `"an na"@harbour.example`, "a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example": "a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example",
	} {
		for _, form := range []string{"<" + written + ">", "Anna <" + written + ">"} {
			list, _ := AddressList(form)
			if len(list) != 1 || list[0].Address != want {
				t.Errorf("%q is read as %+q, want %q", form, list, want)
			}
		}
	}
}
