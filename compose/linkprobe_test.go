package compose

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

// site is a web server with pages of all kinds; inside counts who has come to
// the one that must not be reached.
func site(t *testing.T) (base string, probe *LinkProbe, inside *atomic.Int32) {
	t.Helper()
	inside = &atomic.Int32{}
	private := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	t.Cleanup(private.Close)
	pages := http.NewServeMux()
	pages.HandleFunc("/good", func(w http.ResponseWriter, r *http.Request) {})
	pages.HandleFunc("GET /only-get", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
	pages.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) })
	pages.HandleFunc("/gone", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusGone) })
	pages.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	pages.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	pages.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, private.URL+"/admin", http.StatusFound)
	})
	public := httptest.NewTLSServer(pages)
	t.Cleanup(public.Close)
	at := netip.MustParseAddrPort(strings.TrimPrefix(public.URL, "https://"))
	// For the test the one server is public, and trusted.
	probe = newLinkProbe(func(a netip.AddrPort) bool { return a == at }, func(h *http.Transport) {
		h.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	})
	return public.URL, probe, inside
}

func TestDeadLinks(t *testing.T) {
	base, probe, inside := site(t)
	dead := probe.Dead(context.Background(), []string{
		base + "/good", base + "/only-get", base + "/login", base + "/missing", base + "/gone", base + "/broken", base + "/round", base + "/in",
	})
	for path, want := range map[string]string{
		"/good": "", "/only-get": "", "/login": "",
		"/missing": "404 Not Found", "/gone": "410 Gone", "/broken": "502 Bad Gateway", "/round": "again and again", "/in": "private network",
	} {
		if got := dead[base+path]; got == "" != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if inside.Load() != 0 {
		t.Error("a redirect led into the private network")
	}
}

// TestNothingPrivateIsAsked: the probe that is really used reaches no address
// of ours, in whichever way it is written.
func TestNothingPrivateIsAsked(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	port := server.URL[strings.LastIndexByte(server.URL, ':'):]
	probe := NewLinkProbe()
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"} {
		if dead := probe.Dead(context.Background(), []string{"http://" + host + port + "/"}); len(dead) != 1 {
			t.Errorf("%s was asked", host)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the server was asked %d times", asked.Load())
	}
	for _, a := range []string{"10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "fe80::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "::", "::127.0.0.1", "::10.0.0.1", "fec0::1", "192.88.99.1", "::ffff:10.0.0.1"} {
		if public(netip.AddrPortFrom(netip.MustParseAddr(a), 443)) {
			t.Errorf("%s counts as public", a)
		}
	}
	for _, a := range []string{"93.184.216.34", "2606:2800:220:1::1"} {
		if !public(netip.AddrPortFrom(netip.MustParseAddr(a), 443)) {
			t.Errorf("%s counts as private", a)
		}
	}
}
