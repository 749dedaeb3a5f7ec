package authentic

import (
	"errors"
	"strings"
	"testing"
)

// A header that is made to keep a checker of signatures busy, for hours where it
// has a megabyte, is not looked at; a long one of a real mail is.
func TestAHeaderWithoutMeasure(t *testing.T) {
	signature := func(names string) string {
		return "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s1; bh=AAAA; b=AAAA;\r\n h=From" + names + "\r\n"
	}
	const from, end = "From: ann@acme.example\r\n", "\r\nDKIM-Signature: in the text\r\n"
	for name, c := range map[string]struct {
		raw    string
		looked bool
	}{
		"a long one": {signature(strings.Repeat(":X-Long", 500)) + from + strings.Repeat("X-Long: a\r\n b\r\n", 490) + end + strings.Repeat("text\r\n", 100000), true},
		"a signature of many names, and many fields": {signature(strings.Repeat(":X", 250000)) + from + strings.Repeat("Y: a\r\n", 100000) + end, false},
		"a folded signature":                         {signature(strings.Repeat(":X:X:X:X:X:X\r\n ", 10000)) + from + end, false},
		"many fields":                                {signature("") + from + strings.Repeat("Y: a\r\n", 100000) + end, false},
		"a field of many lines":                      {signature("") + "From: ann@acme.example" + strings.Repeat("\r\n a", 200000) + "\r\n" + end, false},
		"a long field":                               {signature("") + from + "X: " + strings.Repeat("a", 1<<20) + "\r\n" + end, false},
		"no end":                                     {strings.Repeat("dkim-SIGNATURE: "+strings.Repeat("a=b;", 1000)+"\r\n", 1000), false},
	} {
		asked := 0
		out := verify([]byte(c.raw), func(string) ([]string, error) { asked++; return nil, errors.New("no such record") })
		if looked := len(out) == 1 && asked == 1; looked != c.looked || !c.looked && asked > 0 {
			t.Errorf("%s: %d signatures, DNS asked %d times", name, len(out), asked)
		}
	}
}
