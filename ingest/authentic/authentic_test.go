package authentic_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/ingest/authentic"
	"rapport/mail"
	"rapport/threads"
)

var (
	key    = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	record = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	now    = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
)

// zone is DNS.
type zone map[string]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	text, ok := z[name]
	switch {
	case !ok:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case text == "silence":
		return nil, errors.New("i/o timeout")
	}
	return strings.Split(text, "\n"), nil
}

const ellen = "From: Ellen <ellen@shop.acme.example>\r\nTo: projects@n.example\r\nSubject: Logo\r\n\r\nPlease pay.\r\n"

func signed(t *testing.T, raw string, domains ...string) string {
	t.Helper()
	for _, d := range domains {
		var out bytes.Buffer
		err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: d, Selector: "s1", Signer: key,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
		if err != nil {
			t.Fatal(err)
		}
		raw = out.String()
	}
	return raw
}

func TestCheck(t *testing.T) {
	const (
		border  = "Received: from mail.acme.example (mail.acme.example [203.0.113.9]) by mx.n.example; x\r\n"
		results = "Authentication-Results: mx.n.example; "
		keys    = "s1._domainkey."
		policy  = "_dmarc.acme.example"
	)
	type want struct {
		verdict  threads.Verdict
		why, via string
	}
	changed := func(raw string) string { return strings.Replace(raw, "Please pay", "Please do not pay", 1) }
	for _, c := range []struct {
		name string
		raw  string
		dns  zone
		want want
	}{
		// What our server says.
		{"DMARC passed", border + results + "dmarc=pass header.from=shop.acme.example\r\n" + ellen, nil, want{"pass", "dmarc-pass", ""}},
		{"DMARC passed for another From", border + results + "dmarc=pass header.from=evil.example\r\n" + ellen, nil, want{"none", "unsigned", ""}},
		{"DMARC failed", border + results + "dkim=pass header.d=evil.example; dmarc=fail (p=none) header.from=shop.acme.example\r\n" + ellen, nil, want{"fail", "dmarc-fail", "evil.example"}},
		{"DMARC failed behind a list", border + results + "dkim=pass header.d=lists.org.example; spf=pass smtp.mailfrom=bounce@lists.org.example; dmarc=fail header.from=shop.acme.example\r\n" + ellen,
			nil, want{"fail", "dmarc-fail", "org.example"}},
		{"no DMARC, a signature of the organisation", border + results + "dkim=pass header.d=acme.example\r\n" + ellen, nil, want{"pass", "dkim-aligned", ""}},
		{"no DMARC, a signature told by its user", border + results + "dkim=pass header.i=@acme.example\r\n" + ellen, nil, want{"pass", "dkim-aligned", ""}},
		{"no DMARC, a signature that fails", border + results + "dkim=fail header.d=acme.example; dmarc=none\r\n" + ellen, nil, want{"none", "no-proof", ""}},
		{"no DMARC, SPF of the domain", border + results + "spf=pass smtp.mailfrom=ellen@acme.example; dmarc=none\r\n" + ellen, nil, want{"pass", "spf-aligned", ""}},
		{"no DMARC, SPF of another domain", border + results + "spf=pass smtp.mailfrom=x@evil.example; dmarc=none\r\n" + ellen, nil, want{"none", "no-proof", "evil.example"}},
		{"a server that only checks signatures, and a policy", border + results + "dkim=none\r\n" + ellen, zone{policy: "v=DMARC1; p=reject"}, want{"fail", "policy", ""}},
		{"a forged line that our server did not write", border + ellen[:strings.Index(ellen, "To:")] + results + "dmarc=pass header.from=shop.acme.example\r\n" + ellen[strings.Index(ellen, "To:"):],
			zone{policy: "v=DMARC1; p=reject"}, want{"fail", "policy", ""}},
		{"two authors of two domains", border + results + "dmarc=pass\r\nFrom: ellen@shop.acme.example, x@evil.example\r\n\r\nPay.\r\n", nil, want{"none", "other-authors", ""}},
		{"two From fields, and DMARC failed", border + results + "dmarc=fail\r\nFrom: x@evil.example\r\n" + ellen, nil, want{"fail", "dmarc-fail", ""}},
		{"no author", border + results + "dmarc=none\r\nSubject: x\r\n\r\nPay.\r\n", nil, want{"none", "other-authors", ""}},

		// What we find out ourselves.
		{"signed by the domain", border + signed(t, ellen, "shop.acme.example"), zone{keys + "shop.acme.example": record}, want{"pass", "signature", ""}},
		{"signed by the organisation", border + signed(t, ellen, "acme.example"), zone{keys + "acme.example": record, policy: "v=DMARC1; p=reject"}, want{"pass", "signature", ""}},
		{"signed by the organisation, which wants it strict", border + signed(t, ellen, "acme.example"), zone{keys + "acme.example": record, policy: "v=DMARC1; p=reject; adkim=s"}, want{"fail", "policy", ""}},
		{"signed by somebody else too", border + signed(t, ellen, "evil.example", "acme.example"), zone{keys + "acme.example": record, keys + "evil.example": record}, want{"pass", "signature", ""}},
		{"signed by somebody else only", border + signed(t, ellen, "evil.example"), zone{keys + "evil.example": record}, want{"none", "unsigned", "evil.example"}},
		{"signed by somebody else, against the policy", border + signed(t, ellen, "evil.example"), zone{keys + "evil.example": record, policy: "v=DMARC1; p=quarantine"}, want{"fail", "policy", "evil.example"}},
		{"changed on its way", border + changed(signed(t, ellen, "acme.example")), zone{keys + "acme.example": record, policy: "v=DMARC1; p=reject"}, want{"fail", "policy", ""}},
		{"changed on its way, without a policy", border + changed(signed(t, ellen, "acme.example")), zone{keys + "acme.example": record}, want{"none", "unsigned", ""}},
		{"a key that is gone", border + signed(t, ellen, "acme.example"), zone{policy: "v=DMARC1; p=none"}, want{"none", "unsigned", ""}},
		{"a policy for what is below only", border + ellen, zone{policy: "v=DMARC1; p=none; sp=reject"}, want{"fail", "policy", ""}},
		{"a policy that spares what is below", border + ellen, zone{policy: "v=DMARC1; p=reject; sp=none"}, want{"none", "unsigned", ""}},
		{"two policies are none", border + ellen, zone{policy: "v=DMARC1; p=reject\nv=DMARC1; p=none"}, want{"none", "unsigned", ""}},
		{"DNS is silent about the key", border + signed(t, ellen, "acme.example"), zone{keys + "acme.example": "silence", policy: "v=DMARC1; p=reject"}, want{"none", "offline", ""}},
		{"DNS is silent about another's key", border + signed(t, ellen, "evil.example"), zone{keys + "evil.example": "silence", policy: "v=DMARC1; p=reject"}, want{"fail", "policy", ""}},
		{"DNS is silent about the policy", border + ellen, zone{policy: "silence"}, want{"none", "offline", ""}},
		{"a signature of nonsense", border + "DKIM-Signature: v=1; a=x; d=" + strings.Repeat("a.", 200) + "; s=\x00\xff; h=from; b=; bh=\r\n" + ellen, zone{}, want{"none", "unsigned", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := authentic.New(authentic.Config{LookupTXT: c.dns.LookupTXT, Now: func() time.Time { return now }})
			a := k.Check(context.Background(), input(c.raw))
			if a == nil {
				t.Fatal("nothing was looked at")
			}
			if got := (want{a.Verdict, a.Why, a.Via}); got != c.want {
				t.Errorf("got %+v, want %+v\n%+v", got, c.want, a)
			}
			if a.At != now || a.Mailbox != "projects" || a.Reason() == "" {
				t.Errorf("evidence: %+v", a)
			}
		})
	}
}

func input(raw string) authentic.Input {
	return authentic.Input{Raw: []byte(raw), Mail: mail.Parse([]byte(raw), mail.Limits{}), Mailbox: "projects", Servers: []string{"mx.n.example"}, Received: now.Add(-time.Hour), DNS: true}
}

func TestTheEvidenceIsKept(t *testing.T) {
	z := zone{"s1._domainkey.acme.example": record, "_dmarc.acme.example": "v=DMARC1; p=reject"}
	k := authentic.New(authentic.Config{LookupTXT: z.LookupTXT, Now: func() time.Time { return now }})
	a := k.Check(context.Background(), input(signed(t, ellen, "acme.example", "gone.example")))
	if len(a.Signatures) != 2 || a.PolicyAt != "_dmarc.acme.example" || a.Policy != "v=DMARC1; p=reject" {
		t.Fatalf("kept: %+v", a)
	}
	gone, held := a.Signatures[0], a.Signatures[1]
	if held != (threads.Signature{Domain: "acme.example", Selector: "s1", Holds: true, Key: record}) || gone.Holds || !strings.Contains(gone.Words, "no key") || gone.Key != "" {
		t.Errorf("signatures: %+v", a.Signatures)
	}
}

func TestWhatIsNotLookedAt(t *testing.T) {
	asked := atomic.Int32{}
	lookup := func(context.Context, string) ([]string, error) { asked.Add(1); return nil, nil }
	k := authentic.New(authentic.Config{LookupTXT: lookup, Now: func() time.Time { return now }})
	old, quiet := input(ellen), input(ellen)
	old.Received, quiet.DNS = now.AddDate(0, -1, 0), false
	for name, in := range map[string]authentic.Input{"old mail": old, "mail for which DNS is not to be asked": quiet} {
		if a := k.Check(context.Background(), in); a != nil || asked.Load() != 0 {
			t.Errorf("%s was looked at: %+v", name, a)
		}
	}
}

// A silent DNS must not hold up a mailbox.
func TestSilenceIsAskedOnlySomeTimes(t *testing.T) {
	asked, clock := atomic.Int32{}, now
	lookup := func(context.Context, string) ([]string, error) { asked.Add(1); return nil, errors.New("i/o timeout") }
	k := authentic.New(authentic.Config{LookupTXT: lookup, Now: func() time.Time { return clock }})
	check := func() {
		for i := range 40 {
			raw := strings.ReplaceAll(ellen, "acme.example", string(rune('a'+i%26))+".example")
			if a := k.Check(context.Background(), input(raw)); a.Why != threads.WhyOffline || a.Verdict != threads.Unauthenticated {
				t.Fatalf("silence makes %+v", a)
			}
		}
	}
	check()
	if n := asked.Load(); n != 3 {
		t.Errorf("asked %d times", n)
	}
	clock = clock.Add(5 * time.Minute)
	check()
	if n := asked.Load(); n != 6 {
		t.Errorf("asked %d times in the end", n)
	}
}

func TestANameIsAskedOnce(t *testing.T) {
	asked := atomic.Int32{}
	lookup := func(_ context.Context, name string) ([]string, error) {
		asked.Add(1)
		return zone{"s1._domainkey.acme.example": record}.LookupTXT(context.Background(), name)
	}
	k := authentic.New(authentic.Config{LookupTXT: lookup, Now: func() time.Time { return now }})
	in := input(signed(t, ellen, "acme.example"))
	for range 20 {
		if a := k.Check(context.Background(), in); a.Verdict != threads.Authentic {
			t.Fatalf("got %+v", a)
		}
	}
	if n := asked.Load(); n != 3 { // the key, and the policy at two places
		t.Errorf("asked %d times", n)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(ellen)
	f.Add("Received: from a ([203.0.113.9]) by mx.n.example\r\nAuthentication-Results: mx.n.example; dmarc=fail\r\n" + ellen)
	f.Add("DKIM-Signature: v=1; a=ed25519-sha256; d=acme.example; s=s1; h=from:to; bh=AAAA; b=AAAA; i=@x; t=1; x=2; l=3; q=dns/txt; c=relaxed/simple\r\n" + ellen)
	z := zone{"s1._domainkey.acme.example": record, "_dmarc.acme.example": "v=DMARC1; p=reject"}
	f.Fuzz(func(t *testing.T, raw string) {
		k := authentic.New(authentic.Config{LookupTXT: z.LookupTXT, Now: func() time.Time { return now }})
		a := k.Check(context.Background(), input(raw))
		if a != nil && (a.Verdict == "" || a.Why == "" || len(a.Signatures) > 8) {
			t.Errorf("found %+v", a)
		}
	})
}
