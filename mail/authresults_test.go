package mail

import (
	"fmt"
	"strings"
	"testing"
)

func TestAuthResults(t *testing.T) {
	cases := []struct{ name, header, want string }{
		{"the usual three", `Authentication-Results: mx.n.example; spf=pass smtp.mailfrom=ellen@h.example;
	dkim=pass (2048-bit key) header.d=h.example header.i=@h.example header.b="ab=c";
	dmarc=fail (p=reject; dis=none) reason="not \"aligned\"" header.from=h.example`,
			`spf=pass smtp.mailfrom=ellen@h.example | dkim=pass header.d=h.example header.i=@h.example header.b=ab=c | dmarc=fail (not "aligned") header.from=h.example`},
		{"with versions", "Authentication-Results: MX.n.example 1; DKIM/1=Pass header.d=h.example", "dkim=pass header.d=h.example"},
		{"nothing was tried", "Authentication-Results: mx.n.example; none", ""},
		{"a forged one below ours", "Authentication-Results: mx.n.example; dmarc=fail\nAuthentication-Results: mx.n.example; dmarc=pass", "dmarc=fail"},
		{"another server's above ours", "Authentication-Results: evil.example; dmarc=pass\nAuthentication-Results: mx.n.example; dmarc=fail", "dmarc=fail"},
		{"another server's only", "Authentication-Results: evil.example; dmarc=pass", "not found"},
		{"our name in a comment", "Authentication-Results: (mx.n.example) evil.example; dmarc=pass", "not found"},
		{"an unclosed comment", "Authentication-Results: mx.n.example; spf=pass (oh; dkim=pass", "spf=pass"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h, _ := readHeader([]byte("Received: from a ([203.0.113.9]) by mx.n.example; x\n"+c.header+"\n\n"), 1<<20, nil)
			lines := AuthResults(h, []string{"mx.n.example"})
			var all []string
			for _, r := range append(lines, AuthLine{})[0].Results {
				s := r.Method + "=" + r.Result
				if r.Reason != "" {
					s += " (" + r.Reason + ")"
				}
				for _, p := range r.Properties {
					s += fmt.Sprintf(" %s=%s", p.Name, p.Value)
				}
				all = append(all, s)
			}
			got := strings.Join(all, " | ")
			if len(lines) == 0 {
				got = "not found"
			}
			if got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}
