package web

import (
	"strings"
	"testing"
)

// A letter is shown as its recipient gets it: with its style sheets, and with
// the pictures that it brings along. Scripts do not run whatever it has in it.
func TestALetterIsShownAsItWasSent(t *testing.T) {
	w := newWorld(t)
	w.memory.letters[0].Raw = []byte("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" +
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<style>@media screen{.b{margin:0}}</style></head><body class=\"pg\"><img src=\"cid:one@x\" alt=\"a\"><img src=\"cid:two@x\" alt=\"b\"></body></html>\r\n" +
		"--b\r\nContent-Type: image/png\r\nContent-ID: <one@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n")
	s := serve(t, w)
	r := get(t, s, "/l/l0000000000000001/body")
	page := r.Body.String()
	for _, want := range []string{"<style>@media screen{.b{margin:0}}</style>", `<body class="pg">`, `<base target="_blank">`, `src="/file/`, `src=""`} {
		if !strings.Contains(page, want) {
			t.Errorf("the frame lacks %s:\n%s", want, page)
		}
	}
	if policy := r.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy %q", policy)
	}
	if text := body(t, s, "/r/r0000000000000001"); strings.Count(text, `target="letter"`) != 2 || !strings.Contains(text, `name="letter"`) {
		t.Error("the page does not show each recipient's letter")
	}
}
