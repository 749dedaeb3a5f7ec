package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport/threads"
)

func TestOnlyLoopbackNamesAreAnswered(t *testing.T) {
	s := serve(t, newWorld(t))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8470": 200, "127.0.0.1:8470": 200, "127.3.2.1": 200, "[::1]:8470": 200, "rapport.localhost": 200,
		"LOCALHOST.": 200, "rapport.internal": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "10.0.0.5": 421, "0.0.0.0": 421, "": 421, "notlocalhost": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
		if want != 200 && strings.Contains(w.Body.String(), "Harbour") {
			t.Errorf("Host %q sees a client's name", host)
		}
	}
}

func TestNothingButReading(t *testing.T) {
	s := serve(t, newWorld(t))
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		r := httptest.NewRequest(method, "/tray", nil)
		r.Host = "localhost"
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s /tray: %d", method, w.Code)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := serve(t, newWorld(t))
	const m = "/m/m0000000000000003"
	for address, policy := range map[string]string{
		"/": pagePolicy, "/nothing": pagePolicy, m: pagePolicy, m + "/source": pagePolicy, m + "/body": mailPolicy, "/l/l0000000000000001/body": mailPolicy,
		m + "/raw": filePolicy, s.signed(m + "/part/3"): filePolicy, s.signed(m + "/picture/2"): filePolicy, "/l/l0000000000000001/raw": filePolicy,
	} {
		h := get(t, s, address).Header()
		if got := h.Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s has the policy %q, want %q", address, got, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" || h.Get("X-Frame-Options") == "" {
			t.Errorf("%s lacks headers: %v", address, h)
		}
	}
	for _, policy := range []string{pagePolicy, mailPolicy, filePolicy} {
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script") || strings.Contains(policy, "*") {
			t.Errorf("the policy %q allows too much", policy)
		}
	}
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	s := serve(t, newWorld(t))
	for file, mediaType := range assetTypes {
		w := get(t, s, s.assets.url(file))
		if w.Code != 200 || w.Header().Get("Content-Type") != mediaType || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() == 0 {
			t.Errorf("%s: %d %v", file, w.Code, w.Header())
		}
	}
}

func TestConfigMustSayWhatToRead(t *testing.T) {
	if _, err := New(Config{Directory: func() *threads.Directory { return nil }}); err == nil {
		t.Error("a server without an archive was made")
	}
	if _, err := New(Config{Archive: all(&memory{})}); err == nil {
		t.Error("a server without a directory was made")
	}
}
