package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"rapport/compose"
	"rapport/threads"
)

const account = "projects@agency.example"

// tokenHouse is an agency whose mail servers take tokens only: a provider, an
// IMAP and an SMTP server, and a configuration that names them.
type tokenHouse struct {
	t      *testing.T
	config string
	imap   string // the address of the IMAP server
	inbox  *imapmemserver.User

	mu      sync.Mutex
	n       int    // tokens given
	valid   string // the token that the mail servers take
	refresh string
	ended   bool // the provider takes no refresh token any more
	letters []string
}

func newTokenHouse(t *testing.T, mechanisms ...string) *tokenHouse {
	t.Helper()
	h := &tokenHouse{t: t, inbox: imapmemserver.NewUser(account, "inside")}
	if err := h.inbox.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(h.inbox)
	quiet := log.New(io.Discard, "", 0)
	imaps := imapserver.New(&imapserver.Options{InsecureAuth: true, Logger: quiet, Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{mem.NewSession(), h, mechanisms}, nil, nil
		}})
	smtps := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &smtpSession{h: h}, nil }))
	smtps.Domain, smtps.AllowInsecureAuth, smtps.ErrorLog = "mail.agency.example", true, quiet
	provider := httptest.NewServer(http.HandlerFunc(h.provide))
	t.Cleanup(provider.Close)
	dir := t.TempDir()
	h.config = filepath.Join(dir, "rapport.yaml")
	h.imap = h.serve(imaps.Serve, imaps.Close)
	text := strings.NewReplacer("{{imap}}", h.imap, "{{smtp}}", h.serve(smtps.Serve, smtps.Close), "{{provider}}", provider.URL).Replace(tokenConfig)
	put(t, dir, "rapport.yaml", text)
	return h
}

const tokenConfig = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: mara, name: Mara Lindqvist, addresses: [mara@agency.example], role: manager}]
mailboxes:
  - name: projects
    server: "{{imap}}"
    tls: none
    allow_plaintext: true
    username: projects@agency.example
    oauth: {provider: custom, client_id: rapport, token_file: token, auth_url: "{{provider}}/authorize", token_url: "{{provider}}/token", scopes: mail}
    start: all
smtp:
  server: "{{smtp}}"
  tls: none
  allow_plaintext: true
  username: projects@agency.example
  from: projects@agency.example
  oauth: {provider: custom, client_id: rapport, token_file: token, auth_url: "{{provider}}/authorize", token_url: "{{provider}}/token", scopes: mail}
projects:
  - {key: ACME-WEB, name: Web shop, client: Acme Books, managers: [mara], contacts: [{name: Ellen Whitcombe, addresses: [ellen@acme.example]}]}
`

func (h *tokenHouse) serve(run func(net.Listener) error, stop func() error) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { run(l); close(done) }()
	h.t.Cleanup(func() { stop(); <-done })
	return l.Addr().String()
}

// provide is the token endpoint, and the page on which everybody signs in at once.
func (h *tokenHouse) provide(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if q := r.URL.Query(); r.Method == http.MethodGet {
		http.Redirect(w, r, q.Get("redirect_uri")+"?code=once&state="+q.Get("state"), http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if r.FormValue("grant_type") == "refresh_token" && (h.ended || r.FormValue("refresh_token") != h.refresh) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error": "invalid_grant", "error_description": "the password was changed"}`)
		return
	}
	h.n++
	h.valid, h.refresh = fmt.Sprintf("access-%d", h.n), fmt.Sprintf("refresh-%d", h.n)
	json.NewEncoder(w).Encode(map[string]any{"access_token": h.valid, "refresh_token": h.refresh, "expires_in": 3600, "token_type": "Bearer"})
}

func (h *tokenHouse) change(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

// takes is what the mail servers think of a token.
func (h *tokenHouse) takes(user, token string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return user == account && token == h.valid
}

func (h *tokenHouse) deliver(raw string) {
	h.t.Helper()
	if _, err := h.inbox.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		h.t.Fatal(err)
	}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// login runs the command with a browser at hand.
func (h *tokenHouse) login(name string) (string, int) {
	var out, errs output
	code := make(chan int, 1)
	go func() {
		code <- run(h.t.Context(), []string{"-c", h.config, "login", name}, strings.NewReader(""), &out, &errs)
	}()
	address := ""
	eventually(h.t, "the sign-in address is shown", func() bool {
		for _, l := range strings.Split(out.String(), "\n") {
			if at, found := strings.CutPrefix(l, "  http"); found && strings.Contains(out.String(), "paste it here") {
				address = "http" + at
			}
		}
		return address != "" || errs.String() != ""
	})
	if address != "" {
		page, err := http.Get(address)
		if err != nil {
			h.t.Fatal(err)
		}
		page.Body.Close()
	}
	got := <-code
	return out.String() + errs.String(), got
}

// xoauth2Server is the server's side of the mechanism.
type xoauth2Server struct {
	h       *tokenHouse
	in      func() error
	refused bool
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.refused {
		return nil, true, errors.New("authentication failed")
	}
	if response == nil {
		return []byte{}, false, nil
	}
	fields := strings.Split(string(response), "\x01")
	if len(fields) == 4 && x.h.takes(strings.TrimPrefix(fields[0], "user="), strings.TrimPrefix(fields[1], "auth=Bearer ")) {
		return nil, true, x.in()
	}
	x.refused = true
	return []byte(`{"status":"401","schemes":"bearer"}`), false, nil
}

func (h *tokenHouse) mechanism(name string, in func() error) (sasl.Server, error) {
	switch name {
	case "XOAUTH2":
		return &xoauth2Server{h: h, in: in}, nil
	case sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if !h.takes(o.Username, o.Token) || in() != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token"}
			}
			return nil
		}), nil
	}
	return nil, errors.New("no such mechanism")
}

type imapSession struct {
	imapserver.Session
	h          *tokenHouse
	mechanisms []string
}

func (s *imapSession) AuthenticateMechanisms() []string { return s.mechanisms }

func (s *imapSession) Authenticate(mechanism string) (sasl.Server, error) {
	if !slices.Contains(s.mechanisms, mechanism) {
		mechanism = "none"
	}
	return s.h.mechanism(mechanism, func() error { return s.Session.Login(account, "inside") })
}

func (s *imapSession) Login(string, string) error { return imapserver.ErrAuthFailed }

type smtpSession struct {
	h      *tokenHouse
	inside bool
}

func (s *smtpSession) AuthMechanisms() []string { return []string{"XOAUTH2"} }

func (s *smtpSession) Auth(mechanism string) (sasl.Server, error) {
	return s.h.mechanism(mechanism, func() error { s.inside = true; return nil })
}

func (s *smtpSession) Mail(string, *smtp.MailOptions) error {
	if !s.inside {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *smtpSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.h.change(func() { s.h.letters = append(s.h.letters, string(raw)) })
	return err
}
func (s *smtpSession) Reset()        {}
func (s *smtpSession) Logout() error { return nil }

// A login is made once, serves mailbox and submission, outlives its tokens, and
// when it has ended everybody says what to do.
func TestLoginsByToken(t *testing.T) {
	h := newTokenHouse(t, "XOAUTH2")
	h.deliver(firstMail)
	if out := inProcess(t, exitFailed, "-c", h.config, "poll", "--once"); !strings.Contains(out, `nobody has logged in for projects yet; run "rapport login projects"`) {
		t.Errorf("without a login:\n%s", out)
	}
	if out := inProcess(t, exitUsage, "-c", h.config, "login", "office"); !strings.Contains(out, `there is no login "office"; there are: projects, smtp`) {
		t.Errorf("an unknown login:\n%s", out)
	}
	out, code := h.login("projects")
	if code != exitOK || !strings.Contains(out, "The login is kept in "+filepath.Join(filepath.Dir(h.config), "token")) ||
		!strings.Contains(out, "The mail server lets projects@agency.example in.") {
		t.Fatalf("login ends with %d:\n%s", code, out)
	}
	if out := inProcess(t, exitOK, "-c", h.config, "poll", "--once"); !strings.Contains(out, "projects: 1 new") {
		t.Errorf("after the login:\n%s", out)
	}

	// A letter goes out with the same login.
	e := &env{ctx: t.Context(), config: h.config, err: &bytes.Buffer{}}
	house, err := e.settings()
	if err != nil {
		t.Fatal(err)
	}
	sender, err := house.sender()
	if err != nil {
		t.Fatal(err)
	}
	letter := compose.Submission{From: account, To: "ellen@acme.example", Raw: []byte("Subject: one\r\n\r\n.\r\n")}
	if got := sender.Submit(t.Context(), letter); got.State != threads.Taken {
		t.Errorf("the letter is %+v", got)
	}
	sender.Close()

	// The provider withdraws the token before its time: it is tried once, then
	// another is got.
	h.change(func() { h.valid = "" })
	if got := sender.Submit(t.Context(), letter); got.State != threads.Deferring || !got.Down {
		t.Errorf("with a withdrawn token the letter is %+v", got)
	}
	if got := sender.Submit(t.Context(), letter); got.State != threads.Taken {
		t.Errorf("with a new token the letter is %+v", got)
	}
	sender.Close()
	box, err := house.mailbox(house.config().Mailboxes[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if i == 0 {
			h.change(func() { h.valid = "" })
		}
		s, err := box.Open(t.Context(), false)
		if i == 0 && (err == nil || !strings.Contains(err.Error(), "the server refuses the login") || !strings.Contains(err.Error(), "another account's")) {
			t.Errorf("with a withdrawn token: %v", err)
		}
		if i == 1 && err != nil {
			t.Errorf("with a new token: %v", err)
		}
		if s != nil {
			s.Close()
		}
	}
	if h.n != 3 || len(h.letters) != 2 {
		t.Errorf("%d tokens and %d letters, want 3 and 2", h.n, len(h.letters))
	}

	// Somebody has changed the password: the refresh token is worth nothing.
	h.change(func() { h.valid, h.ended = "", true })
	inProcess(t, exitFailed, "-c", h.config, "poll", "--once") // tries the token that it has
	h.edit("token", `"expires": "2`, `"expires": "1`)
	for _, command := range []string{"poll --once", "status", "doctor"} {
		want := exitFailed
		if command == "status" {
			want = exitOK
		}
		out := inProcess(t, want, append([]string{"-c", h.config}, strings.Fields(command)...)...)
		if !strings.Contains(out, "the login of projects has ended (the provider says invalid_grant: the password was changed)") || !strings.Contains(out, `run "rapport login projects"`) {
			t.Errorf("%s says:\n%s", command, out)
		}
		if strings.Contains(out, "access-") || strings.Contains(out, "refresh-") {
			t.Errorf("%s shows a token:\n%s", command, out)
		}
	}
	h.change(func() { h.ended = false })
	if out, code := h.login("smtp"); code != exitOK {
		t.Errorf("login ends with %d:\n%s", code, out)
	}
	if out := inProcess(t, exitOK, "-c", h.config, "poll", "--once"); !strings.Contains(out, "projects: 0 new") {
		t.Errorf("after the new login:\n%s", out)
	}
}

func TestTheMechanismIsTheServers(t *testing.T) {
	h := newTokenHouse(t, sasl.OAuthBearer)
	if out, code := h.login("projects"); code != exitFailed || !strings.Contains(out, "the mail server does not take it") {
		t.Errorf("login ends with %d:\n%s", code, out)
	}
	if out := inProcess(t, exitFailed, "-c", h.config, "doctor"); !strings.Contains(out, "the server takes no XOAUTH2; it offers OAUTHBEARER") ||
		!strings.Contains(out, "→ set oauth.mechanism: oauthbearer") {
		t.Errorf("doctor says:\n%s", out)
	}
	h.edit("rapport.yaml", "scopes: mail}\n    start", "scopes: mail, mechanism: oauthbearer}\n    start")
	if out, code := h.login("projects"); code != exitOK || !strings.Contains(out, "lets projects@agency.example in") {
		t.Errorf("login ends with %d:\n%s", code, out)
	}
	h.change(func() { h.valid = "" })
	if out := inProcess(t, exitFailed, "-c", h.config, "poll", "--once"); !strings.Contains(out, "the server refuses the token: invalid_token") {
		t.Errorf("with a withdrawn token:\n%s", out)
	}
}
