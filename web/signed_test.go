package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

const picture = "/m/m0000000000000003/picture/2"

func TestAFileNeedsItsSignatureAndNoCookie(t *testing.T) {
	w := newWorld(t)
	now := today
	s, err := New(Config{Archive: all(w.memory), Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	address := s.signed(picture)
	if got := get(t, s, address); got.Code != http.StatusOK {
		t.Fatalf("the signed address: %d", got.Code)
	}
	parts := strings.Split(address, "/") // "", file, until, mac, m, …
	change := func(i int, to string) string {
		p := append([]string(nil), parts...)
		p[i] = to
		return strings.Join(p, "/")
	}
	for name, forged := range map[string]string{
		"another part": change(7, "1"), "another mail": change(5, "m0000000000000001"), "a later end": change(2, parts[2]+"0"),
		"no signature": change(3, "x"), "one bit": change(3, "A"+parts[3][1:]), "another kind": change(6, "part"),
		"more path": strings.Replace(address, "/picture/2", "/picture/2%2f", 1),
	} {
		if got := get(t, s, forged); got.Code != http.StatusNotFound && forged != address {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	now = today.Add(signedFor)
	if got := get(t, s, address); got.Code != http.StatusGone || !strings.Contains(got.Body.String(), "works for an hour") {
		t.Errorf("an hour later: %d\n%s", got.Code, got.Body)
	}
	other, err := New(Config{Archive: all(w.memory), Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, s, other.signed(picture)); got.Code != http.StatusNotFound {
		t.Errorf("signed by another server: %d", got.Code)
	}
}

func TestFilesOnAHostOfTheirOwn(t *testing.T) {
	d := newDoored(t, "https://rapport.agency.example")
	d.files = &url.URL{Scheme: "https", Host: "files.agency.example"}
	d.hosts["files.agency.example"] = true
	c := d.in("olga")
	f := newForeign(t, d)
	page := d.ask(http.MethodGet, "/m/"+f.message+"/body", nil, c)
	_, rest, _ := strings.Cut(page.Body.String(), `src="`)
	address, _, _ := strings.Cut(rest, `"`)
	if !strings.HasPrefix(address, "https://files.agency.example/file/") || !strings.Contains(page.Header().Get("Content-Security-Policy"), "img-src https://files.agency.example data:") {
		t.Fatalf("the frame's picture is %q under %q", address, page.Header().Get("Content-Security-Policy"))
	}
	d.site = d.files // a browser that asks there
	at := strings.TrimPrefix(address, "https://files.agency.example")
	if w := d.ask(http.MethodGet, at, nil); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %d %s", w.Code, w.Body)
	}
	for _, host := range []string{"files.agency.example", "FILES.agency.example.", "files.agency.example:443", "files.agency.example.:8443"} {
		d.site = &url.URL{Scheme: "https", Host: host}
		for _, address := range []string{"/", "/m/" + f.message, "/sign-in", "/static/style.css"} {
			if w := d.ask(http.MethodGet, address, nil, c); w.Code != http.StatusNotFound {
				t.Errorf("the host of files, as %s, answers %s with %d", host, address, w.Code)
			}
		}
	}
}
