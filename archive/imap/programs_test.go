package imap

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/internal/servers"
	"rapport/threads"
)

// Other people's programs read the archive, and none of them can change it.

func TestMbsyncReads(t *testing.T) {
	mbsync := servers.Program(t, "mbsync", "isync")
	w := newWorld(t)
	w.file("ACME", threads.In, noon, plain)
	w.file("ACME", threads.Out, noon, letter) // mbsync refuses mail whose header has no end
	dir := t.TempDir()
	host, port, _ := net.SplitHostPort(w.address)
	rc := fmt.Sprintf("IMAPAccount a\nHost %s\nPort %s\nUser ruth\nPass secret\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\n"+
		"MaildirStore near\nPath %s/\nSubFolders Verbatim\n\nChannel c\nFar :far:\nNear :near:\nPatterns ACME*\nCreate Near\nSync Pull\nSyncState *\n", host, port, dir)
	path := filepath.Join(dir, "rc")
	if err := os.WriteFile(path, []byte(rc), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing new
		if out, err := exec.Command(mbsync, "-c", path, "c").CombinedOutput(); err != nil {
			t.Fatalf("mbsync: %v\n%s", err, out)
		}
		var got []string
		files, _ := filepath.Glob(filepath.Join(dir, "ACME", "[cn][ue][rw]", "*"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			// A Maildir has its own line ends, and mbsync marks what it is about to add.
			got = append(got, regexp.MustCompile("(?m)^X-TUID: .*\n").ReplaceAllString(strings.ReplaceAll(string(b), "\r\n", "\n"), ""))
		}
		want := []string{plain, letter}
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], "\r\n", "\n")
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("mbsync has read %d mails:\n%q\nwant\n%q", len(got), got, want)
		}
	}
}

func TestPythonReads(t *testing.T) {
	python := servers.Program(t, "python3", "python3")
	w := newWorld(t)
	w.fill()
	host, port, _ := net.SplitHostPort(w.address)
	const script = `
import hashlib, imaplib, sys
c = imaplib.IMAP4(sys.argv[1], int(sys.argv[2]), timeout=60)
c.login("ruth", "secret")
print(sorted(line.decode().rsplit(' ', 1)[1] for line in c.list()[1]))
print(c.select("ACME", readonly=True))
print(c.uid("search", None, "ALL")[1][0].decode())
for uid in c.uid("search", None, "ALL")[1][0].split():
    typ, data = c.uid("fetch", uid, "(RFC822.SIZE BODY.PEEK[])")
    print(hashlib.sha256(data[0][1]).hexdigest())
for name, run in [("store", lambda: c.store("1", "+FLAGS", "\\Deleted")), ("append", lambda: c.append("ACME", None, None, b"x")),
                  ("create", lambda: c.create("NEW")), ("delete", lambda: c.delete("ACME")), ("copy", lambda: c.copy("1", "TEA"))]:
    try:
        print(name, run()[0])
    except imaplib.IMAP4.error as e:
        print(name, "refused")
print(c.expunge()[0], c.close()[0], c.logout()[0])
`
	out, err := exec.Command(python, "-c", script, host, port).CombinedOutput()
	if err != nil {
		t.Fatalf("python: %v\n%s", err, out)
	}
	said := string(out)
	for _, m := range []string{plain, broken, letter} {
		if !strings.Contains(said, sum(m)) {
			t.Errorf("imaplib has not read %q", m)
		}
	}
	if strings.Contains(said, "SECRET") || !strings.Contains(said, "ACME/Received") || strings.Count(said, "NO")+strings.Count(said, "refused") != 5 ||
		!strings.Contains(said, "OK OK BYE") {
		t.Errorf("imaplib says\n%s", said)
	}
}

// Dovecot's own client, which Dovecot's tools use.
func TestDovecotsToolsRead(t *testing.T) {
	doveadm := servers.Program(t, "doveadm", "dovecot-core")
	w := newWorld(t)
	w.fill()
	dir := t.TempDir()
	host, port, _ := net.SplitHostPort(w.address)
	conf := fmt.Sprintf("base_dir = %s/run\nstate_dir = %s/run\nlog_path = /dev/stderr\nssl = no\nmail_uid = 65534\nmail_gid = 65534\nmail_home = %s/home\n"+
		"mail_location = imapc:%s/mail\nimapc_host = %s\nimapc_port = %s\nimapc_user = ruth\nimapc_password = secret\nimapc_features = rfc822.size fetch-headers\n"+
		"imapc_list_prefix =\nimapc_ssl = no\nnamespace inbox {\n  inbox = yes\n  separator = /\n}\n", dir, dir, dir, dir, host, port)
	path := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(path, []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	for p := dir; len(p) > len(os.TempDir()); p = filepath.Dir(p) { // Dovecot reads as nobody
		if err := os.Chmod(p, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for command, want := range map[string]string{
		"mailbox list":                                             "ACME/Sent",
		"mailbox status messages ACME":                             "messages=3",
		"fetch hdr.subject mailbox ACME/Sent all":                  "Weekly report",
		"fetch text mailbox ACME subject Weekly":                   "All is well.",
		"search mailbox ACME body printer":                         " 1",
		"search mailbox ACME since 2026-11-24 not from nobody":     " 4",
		"search mailbox ACME text nothing or subject weekl":        " 4",
		"fetch size.physical mailbox ACME/Sent uid 4":              fmt.Sprintf("size.physical: %d", len(letter)),
		"mailbox status messages SECRET":                           "not found|doesn't exist|NONEXISTENT|no such folder",
		"flags add \\Deleted mailbox ACME all":                     "",
		"mailbox status messages ACME ACME/Received ACME/Sent TEA": "ACME messages=3",
	} {
		args := append([]string{"-c", path}, strings.Fields(command)...)
		cmd := exec.Command(doveadm, args...)
		cmd.Env = append(os.Environ(), "USER=ruth")
		out, _ := cmd.CombinedOutput() // what it says counts
		if !slices.ContainsFunc(strings.Split(want, "|"), func(words string) bool { return strings.Contains(strings.ToLower(string(out)), strings.ToLower(words)) }) {
			t.Errorf("doveadm %s says\n%s\nwant %s", command, out, want)
		}
	}
}
