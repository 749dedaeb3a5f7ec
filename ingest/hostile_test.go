package ingest_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"rapport/demo"
)

// Mails too large to lie beside the fixtures: whatever they are made of, they
// are filed whole, with their words as far as the limits go and with a fault.
func TestHostileMailsAreFiledWhole(t *testing.T) {
	head := func(subject, more string) string {
		return "From: Ellen Whitcombe <ellen@harbourlane.example>\r\nTo: harbour@northlight.example\r\nSubject: " + subject +
			"\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n" + more
	}
	const words = "The shop is down, please help.\r\n"
	many := strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\n"+words+"\r\n", 10000)
	var deep, ends strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=\"d%d\"\r\n\r\n--d%d\r\n", i, i)
	}
	for i := 1999; i >= 0; i-- {
		fmt.Fprintf(&ends, "\r\n--d%d--\r\n", i)
	}
	for _, c := range []struct {
		name, raw, fault, words string
	}{
		{"a header line of 10 MB", head("Long line", "X-Long: "+strings.Repeat("a", 10<<20)+"\r\n") + "\r\n" + words, "header-too-long", "The shop is down"},
		{"a subject of 10 MB", head(strings.Repeat("word ", 2<<20), "") + "\r\n" + words, "header-too-long", "The shop is down"},
		{"ten thousand parts", head("Parts", "Content-Type: multipart/mixed; boundary=b\r\n") + "\r\n" + many + "--b--\r\n", "parts-too-many", "The shop is down"},
		{"parts two thousand deep", head("Deep", deep.String()) + "Content-Type: text/plain\r\n\r\n" + words + ends.String(), "nesting-too-deep", "The shop is down"},
		{"a hundred thousand references", head("References", "References: "+strings.Repeat("<a@b.example>\r\n ", 50000)+"<c@d.example>\r\n") + "\r\n" + words, "", "The shop is down"},
		{"ten thousand recipients", head("Recipients", "Cc: "+strings.Repeat("a@b.example,\r\n ", 10000)+"c@d.example\r\n") + "\r\n" + words, "", "The shop is down"},
		{"26 MB compressed to 26 KB", head("Bomb", "Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n") +
			"\r\n" + compressed(t, "Content-Type: text/plain\r\n\r\n"+words+strings.Repeat(" ", 26<<20)), "smime-compressed", "The shop is down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			m := w.file(c.raw)[0]
			stored, err := w.store.Raw(context.Background(), m.ID)
			if err != nil || string(stored) != c.raw {
				t.Errorf("the stored bytes differ from the mail's (%v)", err)
			}
			if m.Project != demo.Harbour || !strings.Contains(m.Text, c.words) {
				t.Errorf("in %q with the text %.80q, want %q", m.Project, m.Text, c.words)
			}
			if len(m.Text) > 3<<20 || len(m.Subject) > 16<<10 || len(m.References) > 200 || len(m.Attachments) > 1000 {
				t.Errorf("kept too much: text %d, subject %d, references %d, parts %d", len(m.Text), len(m.Subject), len(m.References), len(m.Attachments))
			}
			codes := ""
			for _, f := range m.Faults {
				codes += f.Code + " "
			}
			if !strings.Contains(codes, c.fault) {
				t.Errorf("faults %q, want %s", codes, c.fault)
			}
		})
	}
}

// compressed is a mail inside of CompressedData, RFC 3274, in base64.
func compressed(t *testing.T, inner string) string {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(inner)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	type algorithm struct{ ID asn1.ObjectIdentifier }
	type content struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"explicit,tag:0"`
	}
	type data struct {
		Version   int
		Algorithm algorithm
		Content   content
	}
	der, err := asn1.Marshal(struct {
		Type asn1.ObjectIdentifier
		Data data `asn1:"explicit,tag:0"`
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 9}, data{0, algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 3, 8}},
		content{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, packed.Bytes()}}})
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der) + "\r\n"
}
