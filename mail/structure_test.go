package mail

import (
	"fmt"
	"strings"
	"testing"
)

// outline is a mail in a few lines: where the text came from, the text, the
// parts, the faults.
func outline(m *Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", m.TextFrom, strings.ReplaceAll(m.Text, "\n", "|"))
	for _, p := range m.Parts {
		fmt.Fprintf(&b, "\n%s %s", p.Path, p.Type)
		if p.Name != "" {
			fmt.Fprintf(&b, " %q", p.Name)
		}
		fmt.Fprintf(&b, " %d", p.Size)
		if p.Disposition != "" {
			fmt.Fprintf(&b, " %s", p.Disposition)
		}
		if p.ContentID != "" {
			fmt.Fprintf(&b, " cid:%s", p.ContentID)
		}
	}
	for _, f := range m.Faults {
		fmt.Fprintf(&b, "\n! %s", f.Code)
	}
	return b.String()
}

const head = "From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <1@b.example>\n"

func TestStructure(t *testing.T) {
	cases := []struct{ name, mail, want string }{
		{"plain text", "\nhello\nthere\n", "plain: hello|there"},
		{"no body", "", ": "},
		{"HTML only", "Content-Type: text/html\n\n<p>hello</p><ul><li>one<li>two</ul>", "html: hello||- one|- two"},
		{"plain wins over HTML", `Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain

words
--x
Content-Type: text/html

<p>words</p>
--x--
`, "plain: words"},
		{"an excuse is no text", `Content-Type: multipart/alternative; boundary=x

--x

Your mail program does not support HTML email.
--x
Content-Type: text/html

<p>the real words</p>
--x--
`, "html: the real words"},
		{"related pictures in an alternative", `Content-Type: multipart/alternative; boundary=a

--a

words
--a
Content-Type: multipart/related; boundary=aa

--aa
Content-Type: text/html

<p>words <img src="cid:logo@x"></p>
--aa
Content-Type: image/png; name=logo.png
Content-ID: <logo@x>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--aa--
--a--
`, `plain: words
2.2 image/png "logo.png" 8 inline cid:logo@x`},
		{"text, file, text as Apple Mail sends it", `Content-Type: multipart/mixed; boundary=x

--x

above
--x
Content-Type: application/pdf; name=plan.pdf
Content-Disposition: inline; filename=plan.pdf

%PDF-
--x

below
--x--
`, `plain: above||below
2 application/pdf "plan.pdf" 5 inline`},
		{"a named text is a file", `Content-Type: multipart/mixed; boundary=x

--x

words
--x
Content-Type: text/plain; charset=utf-8
Content-Disposition: attachment; filename=notes.txt

notes
--x--
`, `plain: words
2 text/plain "notes.txt" 5 attachment`},
		{"an attached mail", `Content-Type: multipart/mixed; boundary=x

--x

see below
--x
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary=y

--y

inner words
--y--
--x--
`, `plain: see below
2 message/rfc822 80`},
		{"an attached mail is all there is", `Content-Type: multipart/mixed; boundary=x

--x
Content-Type: message/rfc822

From: Ellen <ellen@h.example>
Subject: hours

wrong
--x--
`, `attached: From: Ellen <ellen@h.example>|Subject: hours||wrong
1 message/rfc822 51`},
		{"a digest", `Content-Type: multipart/digest; boundary=x

--x

Subject: one

first
--x

Subject: two

second
--x--
`, `attached: Subject: one||first||Subject: two||second
1 message/rfc822 19
2 message/rfc822 20`},
		{"the last boundary is missing", `Content-Type: multipart/mixed; boundary=x

--x

words
--x
Content-Type: image/gif
Content-Transfer-Encoding: base64

R0lGODlh
`, `plain: words
2 image/gif 6
! boundary-unclosed`},
		{"an inner boundary is never closed", `Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y

words
--x
Content-Type: image/gif

GIF89a
--x--
`, `plain: words
2 image/gif 6
! boundary-unclosed`},
		{"an inner boundary begins like the outer one", `Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/mixed; boundary=xy

--xy

words
--xy
Content-Type: image/gif

GIF89a
--xy--
--x--
`, `plain: words
1.2 image/gif 6`},
		{"the boundary is not named", `Content-Type: multipart/mixed

--x
Content-Type: text/plain

words
--x--
`, `plain: words
! boundary-wrong`},
		{"the boundary is another", `Content-Type: multipart/mixed; boundary=zzz

--x
Content-Type: text/plain

words
--x--
`, `plain: words
! boundary-wrong`},
		{"a multipart that is none", "Content-Type: multipart/mixed; boundary=x\n\njust words\n", `plain: just words
! boundary-missing`},
		{"a footer behind the end", `Content-Type: multipart/mixed; boundary=x

--x

words
--x--

--x

footer
--x--
`, `plain: words||footer
! boundary-reopened`},
		{"blanks behind the boundary", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x \t\r\n\r\nwords\r\n--x--  \r\n", "plain: words"},
		{"junk behind the closing boundary", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nwords\n--x-->\njunk\n", "plain: words"},
		{"a type that is none", "Content-Type: plain\n\nwords\n", "plain: words\n! content-type"},
		{"HTML that says it is plain", "\n<html><body><p>words</p></body></html>\n", "html: words\n! html-as-plain"},
		{"a picture that says it is text", "Content-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA\n", `: 
1 image/png 54
! binary-as-text`},
		{"a program that says it is a picture", "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA\n", `: 
1 application/vnd.microsoft.portable-executable "a.png" 12
! type-wrong`},
		{"a type by its name", "Content-Type: application/octet-stream; name=plan.docx\nContent-Transfer-Encoding: base64\n\nUEsDBA==\n", `: 
1 application/vnd.openxmlformats-officedocument.wordprocessingml.document "plan.docx" 4`},
		{"the whole mail is a text file", "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nwords\n", `plain: words
1 text/plain "a.txt" 6 attachment`},
		{"a file in a base64 multipart", "Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\nLS14Cgp3b3JkcwotLXgtLQo=\n", "plain: words"},
		{"enriched text", "Content-Type: text/enriched\n\n<bold>Now</bold> <<fast> <color><param>red</param>red</color>\n", "plain: Now <fast> red"},
		{"a signature", `Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=x

--x

words
--x
Content-Type: application/pgp-signature; name=signature.asc

-----BEGIN PGP SIGNATURE-----
--x--
`, `plain: words
2 application/pgp-signature "signature.asc" 29`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Parse([]byte(head+c.mail), Limits{})
			if got := outline(m); got != c.want {
				t.Errorf("read\n%s\nwant\n%s", got, c.want)
			}
			crlf := strings.ReplaceAll(strings.ReplaceAll(head+c.mail, "\r\n", "\n"), "\n", "\r\n")
			if got := Parse([]byte(crlf), Limits{}); got.Text != m.Text {
				t.Errorf("with CRLF the text is %q", got.Text)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	cases := []struct{ name, mail, want string }{
		{"an mbox line first", "From a@b.example Mon Mar  2 10:00:00 2026\n" + head + "Subject: x\n\nwords\n", "x: words ! mbox-line"},
		{"empty lines first", "\r\n\r\n" + head + "Subject: x\n\nwords\n", "x: words ! header-late"},
		{"a line that is no field", head + "this is nothing\nSubject: x\n\nwords\n", "x: words ! header-line"},
		{"no empty line", head + "Subject: x\nwords and words\nmore words\n", "x: words and words|more words ! header-unended"},
		{"blanks before the first field", " " + head + "Subject: x\n\nwords\n", "x: words ! header-line"},
		{"folded", head + "Subject: a\n\tlong\n  one\n\nwords\n", "a long one: words"},
		{"a blank folded line", head + "Subject: a\n \nTo: c@d.example\n\nwords\n", "a: words"},
		{"a blank before the colon", head + "Subject : x\n\nwords\n", "x: words"},
		{"CR alone ends lines", strings.ReplaceAll(head+"Subject: x\n\nwords\nand more\n", "\n", "\r"), "x: words|and more ! line-ends"},
		{"two subjects", head + "Subject: x\nSubject: y\n\nwords\n", "x: words ! header-repeated"},
		{"a NUL", head + "Subject: a\x00b\n\nwo\x00rds\n", "ab: words"},
		{"a byte order mark", "\xef\xbb\xbf" + head + "Subject: x\n\nwords\n", "x: words"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Parse([]byte(c.mail), Limits{})
			got := m.Subject + ": " + strings.ReplaceAll(m.Text, "\n", "|")
			for _, f := range m.Faults {
				got += " ! " + f.Code
			}
			if got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestHeaderKeepsOrderAndBytes(t *testing.T) {
	m := Parse([]byte("B: 1\nA: \xc4\xe3\n b\nB: =?utf-8?Q?x?=\n\n"), Limits{})
	if got := fmt.Sprintf("%q", m.Header); got != `[{"B" "1"} {"A" "\xc4\xe3 b"} {"B" "=?utf-8?Q?x?="}]` {
		t.Errorf("header %s", got)
	}
	if got := fmt.Sprintf("%q %q %q", m.Header.Get("b"), m.Header.All("B"), m.Header.Get("C")); got != `"1" ["1" "=?utf-8?Q?x?="] ""` {
		t.Errorf("fields %s", got)
	}
}

func TestLimits(t *testing.T) {
	deep := head
	for i := range 30 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	deep += "\nthe words\n"
	m := Parse([]byte(deep), Limits{})
	if !strings.Contains(m.Text, "the words") {
		t.Errorf("words nested too deep are lost: %q", m.Text)
	}
	if !hasFault(m, "nesting-too-deep") {
		t.Errorf("faults %v", m.Faults)
	}

	many := head + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Type: image/gif\n\nGIF89a\n", 50)
	if m = Parse([]byte(many), Limits{Parts: 10}); len(m.Parts) > 10 || !hasFault(m, "parts-too-many") {
		t.Errorf("%d parts, faults %v", len(m.Parts), m.Faults)
	}

	big := head + "Content-Type: application/pdf\n\n" + strings.Repeat("x", 1000)
	if m = Parse([]byte(big), Limits{Part: 100}); len(m.Parts) != 1 || len(m.Parts[0].Body) != 100 || m.Parts[0].Size != 1000 || !hasFault(m, "part-too-large") {
		t.Errorf("part %+v, faults %v", m.Parts, m.Faults)
	}

	long := head + "\n" + strings.Repeat("好", 1000)
	if m = Parse([]byte(long), Limits{Text: 100}); len(m.Text) > 100 || !strings.HasPrefix(m.Text, "好好") || strings.Contains(m.Text, "\ufffd") || !hasFault(m, "text-too-long") {
		t.Errorf("text of %d bytes, faults %v", len(m.Text), m.Faults)
	}
}

func hasFault(m *Message, code string) bool {
	for _, f := range m.Faults {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestHashIsOfTheWholePart(t *testing.T) {
	m := Parse([]byte(head+"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n"), Limits{Part: 2})
	const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of "hello"
	if m.Parts[0].SHA256 != sum || m.Parts[0].Size != 5 || string(m.Parts[0].Body) != "he" {
		t.Errorf("%+v", m.Parts[0])
	}
}
