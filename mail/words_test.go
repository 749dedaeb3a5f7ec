package mail

import "testing"

func TestEncodedWords(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"no encoded word", "Report 7", "Report 7"},
		{"base64", "=?UTF-8?B?6YKu5Lu2?=", "邮件"},
		{"quoted", "=?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=", "Grüße aus Köln"},
		{"text around words", "Re: =?utf-8?Q?caf=C3=A9?= today", "Re: café today"},
		{"blanks between words go away", "=?utf-8?Q?a?= \t =?utf-8?Q?b?=", "ab"},
		{"blanks between a word and text stay", "=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
		{"a character split between words", "=?utf-8?B?5Lu?= =?utf-8?B?2?=", "件"},
		{"a character split between Q words", "=?utf-8?Q?=E4=BB?= =?utf-8?Q?=B6?=", "件"},
		{"no blank between words", "=?gbk?B?xOM=?==?gbk?B?usM=?=", "你好"},
		{"no blank before the word", "Re:=?gbk?B?xOO6ww==?=", "Re:你好"},
		{"two charsets", "=?gbk?B?xOM=?= =?utf-8?B?5aW9?=", "你好"},
		{"a language", "=?utf-8*de?Q?gr=C3=BCn?=", "grün"},
		{"padding is missing", "=?utf-8?B?6YKu5Lu2MQ?=", "邮件1"},
		{"blanks inside a Q word", "=?utf-8?Q?caf=C3=A9 today?=", "café today"},
		{"a raw question mark before an encoded byte", "=?utf-8?Q?what?=20ever?=", "what? ever"},
		{"the end is missing", "=?utf-8?B?6YKu5Lu2", "邮件"},
		{"the end is missing and text follows", "=?utf-8?Q?caf=C3=A9 <a@b>", "café <a@b>"},
		{"half an end", "=?utf-8?B?6YKu5Lu2? more", "邮件 more"},
		{"GB2312 that is UTF-8", "=?gb2312?B?6YKu5Lu2?=", "邮件"},
		{"an unknown charset", "=?iso-8859-99?Q?caf=E9?=", "café"},
		{"an unknown encoding stays", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
		{"an equation is no word", "a=?b", "a=?b"},
		{"empty words", "=?utf-8?Q??= =?utf-8?B??=x", "x"},
		{"raw UTF-8", "Größe", "Größe"},
		{"raw GBK", "\xbb\xd8\xb8\xb4: \xd6\xdc\xb1\xa8", "回复: 周报"},
		{"raw ISO-2022-JP", "\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"},
		{"a line end in a word is a blank", "=?utf-8?Q?a=0D=0ABcc:_x?=", "a  Bcc: x"},
		{"NUL and control characters", "=?utf-8?Q?a=00=07b?=", "ab"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Decode(c.in); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"a token", `attachment; filename=plan.pdf`, "plan.pdf"},
		{"quoted", `attachment; filename="my plan.pdf"; size=3`, "my plan.pdf"},
		{"bare with blanks", `attachment; filename=my plan.pdf; size=3`, "my plan.pdf"},
		{"a missing semicolon", `attachment; filename=plan.pdf size=3`, "plan.pdf"},
		{"a quote that never closes", `attachment; filename="plan.pdf; size=3`, "plan.pdf"},
		{"an escaped quote", `attachment; filename="a\"b.pdf"`, `a"b.pdf`},
		{"a Windows path keeps its backslashes", `attachment; filename="C:\temp\a.pdf"`, `C:\temp\a.pdf`},
		{"RFC 2231", `attachment; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf`, "计划.pdf"},
		{"RFC 2231 in GBK", `attachment; filename*=GBK''%BC%C6%BB%AE.pdf`, "计划.pdf"},
		{"RFC 2231 in pieces, out of order", `attachment; filename*1*=%92.pdf; filename*0*=UTF-8''%E8%AE%A1%E5%88`, "计划.pdf"},
		{"RFC 2231 pieces without encoding", `attachment; filename*0="very long "; filename*1="name.pdf"`, "very long name.pdf"},
		{"RFC 2231 wins over the plain name", `attachment; filename="__.pdf"; filename*=utf-8''%E8%AE%A1.pdf`, "计.pdf"},
		{"RFC 2231 that is not decoded", `attachment; filename*=plan.pdf`, "plan.pdf"},
		{"an encoded word", `attachment; filename="=?gb2312?B?vMa7rg==?=.pdf"`, "计划.pdf"},
		{"an encoded word without quotes", `attachment; filename==?utf-8?B?6K6h5YiS?=.pdf`, "计划.pdf"},
		{"percent signs", `attachment; filename="%E8%AE%A1%E5%88%92.pdf"`, "计划.pdf"},
		{"a percent sign that is one", `attachment; filename="100%25.pdf"`, "100%25.pdf"},
		{"raw GBK", "attachment; filename=\"\xbc\xc6\xbb\xae.pdf\"", "计划.pdf"},
		{"raw UTF-8", `attachment; filename="计划.pdf"`, "计划.pdf"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := parseMediaType(c.in, nil).text("filename", "", nil); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestMediaTypes(t *testing.T) {
	cases := []struct{ in, value, charset, boundary string }{
		{`text/plain; charset=utf-8`, "text/plain", "utf-8", ""},
		{`Text/HTML; CHARSET="GB2312"`, "text/html", "GB2312", ""},
		{`text/plain charset=utf-8`, "text/plain", "utf-8", ""},
		{`text/plain; charset=utf-8 format=flowed`, "text/plain", "utf-8", ""},
		{`text/plain;; charset=utf-8;`, "text/plain", "utf-8", ""},
		{`multipart/mixed; boundary=till=40`, "multipart/mixed", "", "till=40"},
		{`multipart/mixed; boundary="till=40`, "multipart/mixed", "", "till=40"},
		{`multipart/mixed; boundary="a;b"`, "multipart/mixed", "", "a;b"},
		{``, "", "", ""},
	}
	for _, c := range cases {
		got := parseMediaType(c.in, nil)
		if got.value != c.value || got.get("charset") != c.charset || got.get("boundary") != c.boundary {
			t.Errorf("%s: %+v", c.in, got)
		}
	}
}

func TestSafeNames(t *testing.T) {
	cases := []struct{ in, want string }{
		{"plan.pdf", "plan.pdf"},
		{"../../etc/passwd", "passwd"},
		{`C:\Users\me\plan.pdf`, "plan.pdf"},
		{"plan\u202efdp.exe", "planfdp.exe"},
		{"a\x00b\n.pdf", "ab.pdf"},
		{"  plan.pdf. ", "plan.pdf"},
		{".htaccess", "htaccess"},
		{"con.txt", "_con.txt"},
		{"LPT1", "_LPT1"},
		{`what?<"a">|*.pdf`, "what__" + "_a____.pdf"},
		{"计划 – 新.pdf", "计划 – 新.pdf"},
		{"..", ""},
		{"", ""},
	}
	for _, c := range cases {
		if got := safeName(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}
