package archive_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/threads"
)

// withFiles is a mail with these files.
func (w *world) withFiles(id string, files ...archive.Attached) threads.Filing {
	f := w.mail(id, "ACME", "See the files")
	var b strings.Builder
	fmt.Fprintf(&b, "Message-ID: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n--=_b\r\nContent-Type: text/plain\r\n\r\nSee the files\r\n", id)
	for _, a := range files {
		fmt.Fprintf(&b, "--=_b\r\nContent-Type: %s; name=\"%s\"\r\nContent-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
			a.Type, a.Name, a.Name, base64.StdEncoding.EncodeToString(a.Body))
	}
	f.Raw = []byte(b.String() + "--=_b--\r\n")
	return f
}

func attached(name, media, body string) archive.Attached {
	return archive.Attached{Attachment: threads.Attachment{Name: name, Type: media}, Body: []byte(body)}
}

// Names of attachments come from clients; in the bundle they have one way to be
// written, and both verifiers take them.
func TestAttachmentsHaveNamesThatEverySystemTakes(t *testing.T) {
	w := newWorld(t)
	var files []archive.Attached
	for _, name := range []string{"计划.pdf", "../../evil", "..", "", "CON", "a\x00b.txt", strings.Repeat("long ", 100) + ".txt"} {
		files = append(files, attached(name, "application/x-test", "the body of "+name))
	}
	w.file(w.withFiles("files@x", files...))
	bundle := w.packed(lies{export: func(e *archive.Export) { e.Attachments = attachments }})
	if err := goVerify(bundle, w.public()); err != nil {
		t.Error(err)
	}
	if said := pythonVerify(t, [][]byte{bundle}, w.key.Public()); said[0] != "" {
		t.Error(said[0])
	}
	good, n := regexp.MustCompile(`^attachment/[a-z0-9]+/[2-8]-[a-zA-Z0-9._-]{0,100}$`), 0
	for _, f := range unzip(t, bundle) {
		if strings.HasPrefix(f.name, "attachment/") {
			if n++; !good.MatchString(f.name) {
				t.Errorf("%q", f.name)
			}
		}
	}
	if n != len(files) {
		t.Errorf("there are %d attachments", n)
	}
}

// Whoever holds the key can sign any attachment, but not make it that of the mail.
func TestAnAttachmentIsThatOfItsMail(t *testing.T) {
	w := newWorld(t)
	w.file(w.withFiles("files@x", attached("plan.pdf", "application/pdf", "%PDF-1.4 the plan"), attached("offer.pdf", "application/pdf", "%PDF-1.4 the offer")))
	with := func(change func([]archive.Attached) []archive.Attached) []byte {
		return w.packed(lies{export: func(e *archive.Export) {
			e.Attachments = func(raw []byte) []archive.Attached { return change(attachments(raw)) }
		}})
	}
	whole := with(func(a []archive.Attached) []archive.Attached { return a })
	if err := goVerify(whole, w.public()); err != nil {
		t.Error(err)
	}
	if said := pythonVerify(t, [][]byte{whole}, w.key.Public()); said[0] != "" {
		t.Error(said[0])
	}
	refused(t, w, []variant{
		{"other bytes", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			a[0].Body = []byte("%PDF-1.4 another plan")
			return a
		})},
		{"two swapped", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			a[0].Body, a[1].Body = a[1].Body, a[0].Body
			return a
		})},
		{"two names swapped", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			a[0].Name, a[1].Name = a[1].Name, a[0].Name
			return a
		})},
		{"one of another type", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			a[0].Type = "text/html"
			return a
		})},
		{"one that is not in the mail", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			return append(a, archive.Attached{Attachment: threads.Attachment{Part: "9", Name: "more.pdf", Type: "application/pdf"}, Body: []byte("%PDF-1.4")})
		})},
		{"one twice", "attachment/", with(func(a []archive.Attached) []archive.Attached {
			b := a[0]
			b.Part = "2.1"
			return append(a, b)
		})},
		{"one left out", "attachment/", with(func(a []archive.Attached) []archive.Attached { return a[:1] })},
		{"all left out", "attachment/", with(func(a []archive.Attached) []archive.Attached { return nil })},
	})
}
