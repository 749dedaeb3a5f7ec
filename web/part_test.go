package web

import (
	"mime"
	"strings"
	"testing"
)

func TestAttachmentsAreOnlySaved(t *testing.T) {
	s := serve(t, newWorld(t))
	for address, want := range map[string]struct{ mediaType, name string }{
		s.signed("/m/m0000000000000003/part/3"): {"application/octet-stream", "offer.html"},
		s.signed("/m/m0000000000000003/part/4"): {"application/pdf", "invoicefdp.exe"}, // without the override that made it read as a PDF
		"/m/m0000000000000003/raw":              {"message/rfc822", "m0000000000000003.eml"},
		"/l/l0000000000000001/raw":              {"message/rfc822", "l0000000000000001.eml"},
	} {
		h := get(t, s, address).Header()
		how, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		if err != nil || how != "attachment" || params["filename"] != want.name || h.Get("Content-Type") != want.mediaType {
			t.Errorf("%s: %s as %q, want %v", address, h.Get("Content-Type"), h.Get("Content-Disposition"), want)
		}
	}
	if got, want := get(t, s, "/m/m0000000000000003/raw").Body.String(), hostileMail; got != want {
		t.Error("the raw mail is not what was filed")
	}
}

func TestNamesOfFiles(t *testing.T) {
	for name, want := range map[string]string{
		"plan.pdf":                    "plan.pdf",
		"报价单.xlsx":                    "报价单.xlsx",
		"invoice\u202efdp.exe":        "invoicefdp.exe",
		"a\u200b\u2066b\u2069.txt":    "ab.txt",
		`..\..\etc/"passwd"`:          "....etcpasswd",
		"line\r\nSet-Cookie: a=b":     "lineSet-Cookie: a=b",
		"\xff\xfe":                    "_",
		"":                            "attachment",
		"\u202e":                      "attachment",
		strings.Repeat("a", 20) + ";": strings.Repeat("a", 20) + ";",
	} {
		_, params, err := mime.ParseMediaType(disposition(name))
		if err != nil || params["filename"] != want {
			t.Errorf("%q is saved as %q (%v), want %q", name, params["filename"], err, want)
		}
	}
}

func TestTypesThatMayBeNamed(t *testing.T) {
	for mediaType, safe := range map[string]bool{
		"image/png": true, "application/pdf": true, "text/csv": true, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": true,
		"text/html": false, "image/svg+xml": false, "application/xhtml+xml": false, "text/xml": false, "application/javascript": false,
		"image/png; x": false, "": false, "application/x-msdownload": false, "text/html\nimage/png": false,
	} {
		if safeType.MatchString(mediaType) != safe {
			t.Errorf("%q: safe is %v", mediaType, !safe)
		}
	}
}

func TestOnlyPicturesAreShown(t *testing.T) {
	s := serve(t, newWorld(t))
	if w := get(t, s, s.signed("/m/m0000000000000003/picture/2")); w.Code != 200 || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("the mail's picture: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	for _, part := range []string{"3", "4"} {
		if w := get(t, s, s.signed("/m/m0000000000000003/picture/"+part)); w.Code != 404 {
			t.Errorf("part %s, which is no picture, is shown: %d", part, w.Code)
		}
	}
}

func TestTheFrameOfAHostileMail(t *testing.T) {
	s := serve(t, newWorld(t))
	page := body(t, s, "/m/m0000000000000003/body?lang=en")
	start := strings.Index(page, "<body>")
	for _, want := range []string{`src="` + s.signed("/m/m0000000000000003/picture/2") + `"`, "2 pictures from elsewhere", "Picture not loaded: Harbour logo", "not applied"} {
		if !strings.Contains(page[start:], want) {
			t.Errorf("the frame lacks %q:\n%s", want, page[start:])
		}
	}
	for _, bad := range []string{"evil.example", "script", "alert", "onload", "<form", "<meta http", "position"} {
		if strings.Contains(page[start:], bad) {
			t.Errorf("the frame has %q:\n%s", bad, page[start:])
		}
	}
}
