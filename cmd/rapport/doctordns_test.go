package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"rapport/cmd/rapport/config"
)

// zone is a DNS of a test's own: TXT records by name, and MX records under
// "mx " and the name.
type zone map[string][]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if z == nil {
		return nil, &net.DNSError{Err: "connection refused", Name: name}
	}
	if list, ok := z[strings.TrimSuffix(name, ".")]; ok {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	list, err := z.LookupTXT(ctx, "mx "+name)
	var out []*net.MX
	for _, host := range list {
		out = append(out, &net.MX{Host: host})
	}
	return out, err
}

// found is a finding by its code, or a failure.
func found(t *testing.T, findings []finding, code string) finding {
	t.Helper()
	for _, f := range findings {
		if f.Code == code {
			return f
		}
	}
	t.Errorf("no finding %s among:\n%s", code, told(findings))
	return finding{}
}

func told(findings []finding) string {
	var b strings.Builder
	printFindingsOf(&b, findings)
	return b.String()
}

func domainOf(t *testing.T, z zone, smtp config.SMTP) []finding {
	t.Helper()
	d := &doctor{house: newHouse(&config.Config{SMTP: smtp}, nil), dns: z}
	return d.examineDomain(t.Context())
}

func TestSPF(t *testing.T) {
	many := zone{"agency.test": {"v=spf1 include:a.test include:b.test include:c.test -all"}}
	for _, name := range []string{"a.test", "b.test", "c.test"} {
		many[name] = []string{"v=spf1 a mx exists:%{i}.x.test -all"}
	}
	for _, c := range []struct {
		name   string
		zone   zone
		server string
		level  level
		words  string
		fix    string
	}{
		{"fine", zone{"agency.test": {"some other text", "v=spf1 ip4:192.0.2.1 mx/24 -all"}}, "", fine, "1 of 10 lookups", ""},
		{"fine, redirected", zone{"agency.test": {"v=spf1 redirect=host.test"}, "host.test": {"V=SPF1 ip6:2001:db8::/32 ~ALL"}}, "", fine, "1 of 10", ""},
		{"none", zone{"agency.test": {"v=spf10 -all"}}, "", warning, "no SPF record", `"v=spf1 mx ~all"`},
		{"none, at google", zone{}, "smtp.gmail.com:465", warning, "no SPF record", "include:_spf.google.com"},
		{"two", zone{"agency.test": {"v=spf1 -all", "v=spf1 mx -all"}}, "", wrong, "has 2 records", ""},
		{"everybody", zone{"agency.test": {"v=spf1 +all"}}, "", wrong, "every server in the world", "-all"},
		{"nothing about the rest", zone{"agency.test": {"v=spf1 mx"}}, "", warning, "says nothing", ""},
		{"an included all is not ours", zone{"agency.test": {"v=spf1 include:a.test ?all"}, "a.test": {"v=spf1 -all"}}, "", warning, "says nothing", ""},
		{"too many lookups", many, "", wrong, "more than 10 lookups", ""},
		{"a loop", zone{"agency.test": {"v=spf1 include:agency.test -all"}}, "", wrong, "more than 10 lookups", ""},
		{"an include of nothing", zone{"agency.test": {"v=spf1 include:gone.test -all"}}, "", wrong, `names "gone.test", which has no record`, ""},
		{"a typing mistake", zone{"agency.test": {"v=spf1 ipv4:192.0.2.1 -all"}}, "", wrong, `has "ipv4:192.0.2.1", which means nothing`, ""},
		{"an unknown modifier", zone{"agency.test": {"v=spf1 mx future=1 -all"}}, "", fine, "can be read", ""},
		{"not microsoft's servers", zone{"agency.test": {"v=spf1 mx -all"}}, "smtp.office365.com:587", warning, "does not name the servers of smtp.office365.com", "include:spf.protection.outlook.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := found(t, domainOf(t, c.zone, config.SMTP{From: "projects@agency.test", Server: config.Server(c.server)}), "dns.spf")
			if f.Level != c.level || !strings.Contains(f.Words, c.words) || !strings.Contains(f.Fix, c.fix) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestDMARCAndMX(t *testing.T) {
	for _, c := range []struct {
		name  string
		zone  zone
		code  string
		level level
		words string
	}{
		{"a policy", zone{"_dmarc.mail.agency.test": {"v=DMARC1; p=reject"}}, "dns.dmarc", fine, "the DMARC policy of mail.agency.test is reject"},
		{"the organisation's", zone{"_dmarc.agency.test": {"v=DMARC1;p=none"}}, "dns.dmarc", note, "the DMARC policy of agency.test is none"},
		{"two", zone{"_dmarc.mail.agency.test": {"v=DMARC1; p=reject", "v=DMARC1; p=none"}}, "dns.dmarc", wrong, "2 DMARC records"},
		{"nonsense", zone{"_dmarc.mail.agency.test": {"v=DMARC1; p=everything"}}, "dns.dmarc", wrong, "cannot be read"},
		{"none", zone{"_dmarc.mail.agency.test": {"spam"}}, "dns.dmarc", warning, "no DMARC record"},
		{"takes mail", zone{"mx mail.agency.test": {"mx.agency.test."}}, "dns.mx", fine, "its mail goes to mx.agency.test"},
		{"takes none", zone{"mx mail.agency.test": {"."}}, "dns.mx", wrong, "takes no mail"},
		{"says nothing", zone{}, "dns.mx", warning, "no MX record"},
		{"nobody answers", nil, "dns.offline", note, "DNS cannot be reached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings := domainOf(t, c.zone, config.SMTP{From: "projects@mail.agency.test"})
			if f := found(t, findings, c.code); f.Level != c.level || !strings.Contains(f.Words, c.words) {
				t.Errorf("got %+v", f)
			}
			if c.zone == nil && len(findings) != 1 {
				t.Errorf("more is said than is known:\n%s", told(findings))
			}
		})
	}
}

func TestTheKeyInDNS(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		key    any
		domain string
		record []string
		level  level
		code   string
		words  string
	}{
		{"ours", key, "agency.test", []string{dkimRecord(key)}, fine, "dns.dkim", "DNS has our key at rapport._domainkey.agency.test"},
		{"ours, folded", key, "agency.test", []string{"v=DKIM1 ; p = " + dkimTags([]string{dkimRecord(key)})["p"][:50] + " " + dkimTags([]string{dkimRecord(key)})["p"][50:]}, fine, "dns.dkim", "DNS has our key"},
		{"ours, in the old form", key, "agency.test", []string{"p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&key.PublicKey))}, fine, "dns.dkim", "DNS has our key"},
		{"ours, Ed25519", edwards, "agency.test", []string{dkimRecord(edwards)}, fine, "dns.dkim", "DNS has our key"},
		{"none", key, "agency.test", nil, wrong, "dns.dkim", "DNS has no key"},
		{"another", key, "agency.test", []string{dkimRecord(edwards)}, wrong, "dns.dkim", "is not the one with which we sign"},
		{"revoked", key, "agency.test", []string{"v=DKIM1; p="}, wrong, "dns.dkim", "is revoked"},
		{"two", key, "agency.test", []string{dkimRecord(key), dkimRecord(short)}, wrong, "dns.dkim", "has 2 records"},
		{"short", short, "agency.test", []string{dkimRecord(short)}, warning, "dns.dkim", "shorter than 2048"},
		{"in testing", key, "agency.test", []string{dkimRecord(key) + "; t=y"}, warning, "dns.dkim", "only being tested"},
		{"of another domain", key, "mailer.test", []string{dkimRecord(key)}, warning, "dns.dkim.domain", "we sign for mailer.test"},
		{"of a domain below", key, "mail.agency.test", []string{dkimRecord(key)}, fine, "dns.dkim", "DNS has our key at rapport._domainkey.mail.agency.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := pemFile(t, c.key)
			z := zone{}
			if c.record != nil {
				z["rapport._domainkey."+c.domain] = c.record
			}
			f := found(t, domainOf(t, z, config.SMTP{From: "projects@agency.test", DKIM: config.DKIM{Domain: c.domain, Selector: "rapport", KeyFile: path}}), c.code)
			if f.Level != c.level || !strings.Contains(f.Words, c.words) {
				t.Errorf("got %+v", f)
			}
			if strings.Contains(f.Words, "no key") && !strings.Contains(f.Fix, dkimRecord(key)) {
				t.Errorf("the record to add is not shown: %s", f.Fix)
			}
		})
	}
}

func pemFile(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put(t, dir, "dkim.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return filepath.Join(dir, "dkim.pem")
}

func TestNamesForExamplesAreNotAskedFor(t *testing.T) {
	asked := names{zone{"agency.example": {"v=spf1 -all"}, "agency.org": {"v=spf1 mx -all"}}}
	if _, err := asked.LookupTXT(t.Context(), "agency.example"); !absent(err) {
		t.Errorf("got %v", err)
	}
	if list, err := asked.LookupTXT(t.Context(), "agency.org"); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v", list, err)
	}
	if absent(errors.New("no")) || absent(fmt.Errorf("look: %w", &net.DNSError{IsTimeout: true})) {
		t.Error("an answer that did not come is taken for a no")
	}
}
