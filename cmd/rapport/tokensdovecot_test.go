package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// onDovecot gives the house Dovecot as its IMAP server, which asks the provider
// about each token, and returns how to put mail there.
func (h *tokenHouse) onDovecot(mechanism string) (deliver func(raw string)) {
	h.t.Helper()
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"active": h.takes(account, token), "username": account})
	}))
	h.t.Cleanup(endpoint.Close)
	dovecot := servers.StartDovecot(h.t, servers.OAuth2(h.t, endpoint.URL))
	dovecot.AddUser(h.t, account, "inside")
	h.edit("rapport.yaml", h.imap, dovecot.Addr)
	h.edit("rapport.yaml", "scopes: mail}\n    start", "scopes: mail, mechanism: "+mechanism+"}\n    start")
	return func(raw string) { dovecot.Append(h.t, account, []byte(raw)) }
}

// edit replaces words in a file of the house.
func (h *tokenHouse) edit(name, old, new string) {
	h.t.Helper()
	dir := filepath.Dir(h.config)
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		h.t.Fatalf("%s does not say %q", name, old)
	}
	put(h.t, dir, name, strings.Replace(string(text), old, new, 1))
}

// TestLoginsByTokenOnDovecot: a real server, which believes the provider only.
func TestLoginsByTokenOnDovecot(t *testing.T) {
	for _, mechanism := range []string{"xoauth2", "oauthbearer"} {
		t.Run(mechanism, func(t *testing.T) {
			h := newTokenHouse(t, "XOAUTH2")
			deliver := h.onDovecot(mechanism)
			poll := func(code int, want string) {
				t.Helper()
				if out := inProcess(t, code, "-c", h.config, "poll", "--once"); !strings.Contains(out, want) || strings.Contains(out, "access-") {
					t.Errorf("poll says, not %q:\n%s", want, out)
				}
			}
			if out, code := h.login("projects"); code != exitOK || !strings.Contains(out, "The mail server lets "+account+" in.") {
				t.Fatalf("login ends with %d:\n%s", code, out)
			}
			deliver(firstMail)
			poll(exitOK, "projects: 1 new")

			h.edit("token", `"expires": "2`, `"expires": "1`) // it has run out
			deliver(strings.Replace(firstMail, "Subject:", "Subject: Again:", 1))
			poll(exitOK, "projects: 1 new")
			if h.n != 2 {
				t.Errorf("%d tokens were got, want 2", h.n)
			}

			h.change(func() { h.valid = "" }) // withdrawn before its time
			poll(exitFailed, "poll again, which gets a new token")
			poll(exitOK, "projects: 0 new")

			h.change(func() { h.valid, h.ended = "", true }) // the password was changed
			poll(exitFailed, "refuses the")
			poll(exitFailed, `the login of projects has ended (the provider says invalid_grant: the password was changed)`)
			if out := inProcess(t, exitOK, "-c", h.config, "status"); !strings.Contains(out, `run "rapport login projects"`) {
				t.Errorf("status says:\n%s", out)
			}
			if out := inProcess(t, exitFailed, "-c", h.config, "doctor"); !strings.Contains(out, `run "rapport login projects"`) {
				t.Errorf("doctor says:\n%s", out)
			}
		})
	}
}
