package mail

import (
	"strings"
	"testing"
)

func TestTransferEncodings(t *testing.T) {
	cases := []struct{ name, encoding, body, want, fault string }{
		{"base64", "base64", "aGVsbG8=\n", "hello", ""},
		{"base64 without padding", "base64", "aGVsbG8\n", "hello", "base64-broken"},
		{"base64 in one piece behind another", "base64", "aGVs\nbG8=\nIHlvdQ==\n", "hello you", ""},
		{"base64 with junk", "base64", "aGVs!bG8=\n", "hello", "base64-junk"},
		{"base64 with a footer", "base64", "aGVsbG8sIGhlbGxvLCBoZWxsbywgaGVsbG8sIGhlbGxv\n_____________\nlist mailing list at example\n", "hello, hello, hello, hello, hello", "base64-junk"},
		{"base64 that is none", "base64", "hello, this is just text\n", "hello, this is just text", "base64-not"},
		{"base64 in another spelling", "BASE64;", "aGVsbG8=\n", "hello", ""},
		{"quoted-printable", "quoted-printable", "caf=C3=A9 =\ntoday=20\n", "café today ", ""},
		{"quoted-printable in lower case", "Quoted-Printable", "caf=c3=a9\n", "café", ""},
		{"quoted-printable with blanks at the end of a line", "quoted-printable", "one=  \ntwo  \nthree", "onetwo\nthree", ""},
		{"quoted-printable that is broken", "quoted-printable", "1+1=2, a=ZZ\n", "1+1=2, a=ZZ", "quoted-broken"},
		{"uuencoded", "x-uuencode", "begin 644 a.txt\n%:&5L;&\\\n`\nend\n", "hello", ""},
		{"8bit", "8bit", "café\n", "café", ""},
		{"an encoding that nobody knows", "x-zip", "hello\n", "hello", "transfer-encoding"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Parse([]byte(head+"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "+c.encoding+"\n\n"+c.body), Limits{})
			if m.Text != c.want {
				t.Errorf("read %q, want %q", m.Text, c.want)
			}
			checkFault(t, m.Faults, c.fault)
		})
	}
}

func TestUuencodedFileInText(t *testing.T) {
	m := Parse([]byte(head+"\nsee the file\n\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\nbye\nbegin 644 is how such files begin\n"), Limits{})
	want := "plain: see the file||bye|begin 644 is how such files begin\n1.1 application/octet-stream \"a.txt\" 5 attachment"
	if got := strings.Replace(outline(m), "text/plain", "application/octet-stream", 1); got != want {
		t.Errorf("read\n%s\nwant\n%s", got, want)
	}
}

func TestFlowed(t *testing.T) {
	cases := []struct {
		name, text, want string
		delSp            bool
	}{
		{"lines join", "a \nb\nc\n", "a b\nc\n", false},
		{"without blanks", "测 \n试\n", "测试\n", true},
		{"stuffed lines", " From here\n >not quoted\n", "From here\n>not quoted\n", false},
		{"quotes join at the same depth", "> a \n> b\n>> c \n> d\n", "> a b\n>> c \n> d\n", false},
		{"a signature stays", "a \n-- \nme\n", "a \n-- \nme\n", false},
	}
	for _, c := range cases {
		if got := unflow(c.text, c.delSp); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
