package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/demo"
	"rapport/threads"
)

// office is a folder with the agency's configuration, and its mail servers.
type office struct {
	*testing.T
	dir     string
	servers *demo.Servers
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, dir: t.TempDir()}
	var err error
	if o.servers, err = demo.StartServers(filepath.Join(o.dir, "spool"), "secret", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.servers.Close() })
	if err := os.CopyFS(o.dir, os.DirFS(filepath.Join(storyData, "agency"))); err != nil {
		t.Fatal(err)
	}
	o.configure("")
	o.user("add", "olga")
	return o
}

// officePassword is everybody's in the office.
const officePassword = "correct horse battery staple"

// user runs `rapport user` with the password on its standard input.
func (o *office) user(command, login string) {
	o.Helper()
	cmd := program(o.Context(), o.dir, "user", command, login)
	cmd.Stdin = strings.NewReader(officePassword + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		o.Fatalf("user %s %s: %v\n%s", command, login, err, out)
	}
}

// configure writes the agency's configuration, with more at its end: projects
// are what it ends with.
func (o *office) configure(more string) {
	o.Helper()
	text, err := os.ReadFile(filepath.Join(storyData, "agency", "rapport.yaml"))
	if err != nil {
		o.Fatal(err)
	}
	fill := strings.NewReplacer("$IMAP", o.servers.IMAPAddr, "$SMTP", o.servers.SMTPAddr)
	put(o.T, o.dir, "rapport.yaml", "web: {listen: \"127.0.0.1:0\"}\n"+fill.Replace(string(text))+more)
}

// receive lets a mail arrive.
func (o *office) receive(from, subject string) {
	o.Helper()
	raw := "From: " + from + "\nTo: projects@northlight.example\nSubject: " + subject +
		"\nDate: Mon, 23 Nov 2026 09:00:00 +0000\nMessage-ID: <" + strings.ReplaceAll(subject, " ", ".") + "@mail.example>\n\nCould you look into it?\n"
	if _, err := o.servers.Receive(subject, []byte(raw)); err != nil {
		o.Fatal(err)
	}
}

// serving is a running server.
type serving struct {
	*office
	cmd     *exec.Cmd
	out     output
	address string
	browser *http.Client // signed in
}

// serve starts the server and waits until its pages are there.
func (o *office) serve() *serving {
	o.Helper()
	s := &serving{office: o, cmd: program(o.Context(), o.dir, "serve")}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() {
		s.cmd.Process.Kill()
		if o.Failed() {
			o.Logf("the server said:\n%s", s.out.String())
		}
	})
	eventually(o.T, "the server is there", func() bool {
		s.address = regexp.MustCompile(`http://\S+`).FindString(s.out.String())
		return s.address != "" && strings.Contains(s.out.String(), "server.started")
	})
	s.signIn("olga")
	return s
}

// signIn opens a browser as that person.
func (s *serving) signIn(login string) {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	s.browser = &http.Client{Jar: jar}
	r, err := s.browser.PostForm(s.address+"/sign-in", url.Values{"login": {login}, "password": {officePassword}})
	if err != nil {
		s.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || len(jar.Cookies(r.Request.URL)) == 0 {
		s.Fatalf("%s cannot sign in: %s", login, r.Status)
	}
}

// page reads one of the pages.
func (s *serving) page(path string) (status int, body string) {
	s.Helper()
	r, err := s.browser.Get(s.address + path)
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// shows waits until a page has these words.
func (s *serving) shows(path, words string) {
	s.Helper()
	eventually(s.T, path+" shows "+words, func() bool {
		status, body := s.page(path)
		return status == http.StatusOK && strings.Contains(body, words)
	})
}

// reload sends SIGHUP and waits for what the server says to it.
func (s *serving) reload(answer string) {
	s.Helper()
	said := len(s.out.String())
	if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		s.Fatal(err)
	}
	eventually(s.T, "the server says "+answer, func() bool { return strings.Contains(s.out.String()[said:], answer) })
}

// end sends SIGTERM, to which the server must end well.
func (s *serving) end() {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.Errorf("the server ends with %v", err)
	}
	if !strings.Contains(s.out.String(), "server.stopped") {
		s.Error("the server does not say that it has stopped")
	}
}

const thirdProject = `
  - key: MERIDIAN-PORTAL
    name: Customer portal
    client: Meridian Logistics
    managers: [mara]
    domains: [meridian.example]
`

// A day of the server: mail comes in, the configuration is changed, wrongly at
// first, and in the evening it is told to stop.
func TestServe(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := o.serve()
	s.shows("/", "Harbour Lane Books")
	o.receive("Ellen <ellen@harbourlane.example>", "The checkout")
	s.shows("/p/HARBOUR-WEB", "The checkout")
	o.receive("Grace <grace@meridian.example>", "A new portal")
	s.shows("/tray", "A new portal")
	if status, _ := s.page("/p/MERIDIAN-PORTAL"); status != http.StatusNotFound {
		t.Errorf("a project that is not there answers %d", status)
	}

	// A mistake in the file: the server says which, and goes on as before.
	o.configure("\n    domain: [meridian.example]\n")
	s.reload(`rapport.yaml:`)
	if said := s.out.String(); !strings.Contains(said, "config.kept") || !strings.Contains(said, `domain: is no key that Rapport knows; did you mean`) {
		t.Error("the server does not say what is wrong with the file")
	}
	o.receive("Tom <tom@harbourlane.example>", "The York shop")
	s.shows("/p/HARBOUR-WEB", "The York shop")

	// What cannot change while it runs.
	o.configure(thirdProject)
	put(t, o.dir, "rapport.yaml", "store: {url: other.db}\n"+read(t, o.dir, "rapport.yaml"))
	s.reload("store.url has changed; that needs a restart")
	if status, _ := s.page("/p/MERIDIAN-PORTAL"); status != http.StatusNotFound {
		t.Errorf("the project of a refused file answers %d", status)
	}

	// A third client: their next mail is filed, without a restart.
	o.configure(thirdProject)
	s.reload("config.changed")
	s.shows("/", "Meridian Logistics")
	o.receive("Grace <grace@meridian.example>", "Login with a token")
	s.shows("/p/MERIDIAN-PORTAL", "Login with a token")

	s.end()
}

// A server that was killed takes its mailbox back at once when it is started
// again, and neither loses nor doubles a mail.
func TestServeAfterAKill(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := o.serve()
	o.receive("Ellen <ellen@harbourlane.example>", "The checkout")
	s.shows("/p/HARBOUR-WEB", "The checkout")
	s.cmd.Process.Kill()
	s.cmd.Wait()

	o.receive("Tom <tom@harbourlane.example>", "The York shop")
	s = o.serve()
	s.shows("/p/HARBOUR-WEB", "The York shop")
	s.end()
	if list := rapport(t, o.dir, "thread", "list"); strings.Count(list, "HARBOUR-WEB") != 2 {
		t.Errorf("after the kill there are\n%s", list)
	}
}

// Two servers cannot have one port; the second says what to do.
func TestServeOnATakenPort(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := o.serve()
	put(t, o.dir, "second.yaml", strings.Replace(read(t, o.dir, "rapport.yaml"), "127.0.0.1:0", strings.TrimPrefix(s.address, "http://"), 1))
	out, err := program(t.Context(), o.dir, "--config", "second.yaml", "serve").CombinedOutput()
	exit, ok := err.(*exec.ExitError)
	if !ok || exit.ExitCode() != exitFailed || !strings.Contains(string(out), "another program has that port, or choose another one") {
		t.Errorf("the second server ends with %v and says\n%s", err, out)
	}
	s.end()
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A client's mail gets its receipt if it is proven to be theirs, and status
// tells of both.
func TestReceiptsGoOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text, err := os.ReadFile(filepath.Join(o.dir, "rapport.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, o.dir, "rapport.yaml", strings.Replace(string(text), "    client: Harbour Lane Books\n", "    client: Harbour Lane Books\n    receipts: true\n", 1))
	s := o.serve()
	now := time.Now().Format(time.RFC1123Z)
	authentic := "Received: from mail.harbourlane.example (mail.harbourlane.example [203.0.113.4]) by mx.northlight.example; " + now + "\r\n" +
		"Authentication-Results: mx.northlight.example; dmarc=pass header.from=harbourlane.example\r\n"
	for name, header := range map[string]string{
		"printer":  authentic + "From: ellen@harbourlane.example\r\n",
		"vouchers": "From: somebody@harbourlane.example\r\n",
		"cable":    authentic + "From: j\xc3\xbcrgen@harbourlane.example\r\n", // to whom nothing can be sent
	} {
		raw := header + "To: projects@northlight.example\r\nSubject: " + name + "\r\nDate: " + now + "\r\nMessage-ID: <" + name +
			"@harbourlane.example>\r\n\r\nThe label printer is broken. Please repair it.\r\n"
		if _, err := o.servers.Receive(name, []byte(raw)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "one receipt is sent and two are held", func() bool {
		var st status
		rapportJSON(t, &st, o.dir, "status", "--json")
		return st.Notices.States[threads.Taken] == 1 && st.Notices.Brakes[threads.BrakeStranger] == 2
	})
	s.end()
}
