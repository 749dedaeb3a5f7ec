package imap_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What filing is held against: reading the mails and forgetting them, and the
// programs that people use to have their mail at hand.

// socket reads the literals as fast as the server sends them.
func socket(b *testing.B, h *house) {
	c, err := tls.Dial("tcp", h.dovecot.TLSAddr, &tls.Config{RootCAs: h.dovecot.Pool})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	line := func() string {
		s, err := in.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	command := func(tag, s string) {
		fmt.Fprintf(c, "%s %s\r\n", tag, s)
		for {
			s := line()
			if i := strings.LastIndexByte(s, '{'); i > 0 {
				if n, err := strconv.Atoi(strings.TrimRight(s[i+1:], "}\r\n")); err == nil {
					io.CopyN(io.Discard, in, int64(n))
				}
			}
			if strings.HasPrefix(s, tag+" ") {
				return
			}
		}
	}
	line()
	command("a", `AUTHENTICATE PLAIN `+plain(user, "sécret"))
	command("b", "EXAMINE INBOX")
	command("c", "UID FETCH 1:* (UID INTERNALDATE BODY.PEEK[])")
}

func plain(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
}

// mbsync reads the mailbox into a fresh Maildir, and then, if it is given,
// lets another program loose on it.
func mbsync(b *testing.B, h *house, mails int, then func(dir string)) {
	b.StopTimer()
	dir := b.TempDir()
	_, port, _ := strings.Cut(h.dovecot.TLSAddr, ":")
	path := write(b, dir, "rc", fmt.Sprintf("IMAPAccount a\nHost localhost\nPort %s\nUser %s\nPass sécret\nSSLType IMAPS\nCertificateFile %s\nAuthMechs PLAIN\n\n"+
		"IMAPStore far\nAccount a\n\nMaildirStore near\nInbox %s/mail/inbox\nPath %s/mail/\n\nChannel c\nFar :far:INBOX\nNear :near:INBOX\nCreate Near\nSync Pull\nSyncState *\n",
		port, user, certificate(b, h, dir), dir, dir))
	if err := os.Mkdir(filepath.Join(dir, "mail"), 0o700); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	if out, err := exec.Command("mbsync", "-q", "-c", path, "c").CombinedOutput(); err != nil {
		b.Fatalf("mbsync: %v\n%s", err, out)
	}
	if then != nil {
		then(dir)
	}
	b.StopTimer()
	found, _ := filepath.Glob(filepath.Join(dir, "mail", "inbox", "*", "*"))
	if len(found) < mails {
		b.Fatalf("mbsync has read %d mails", len(found))
	}
	b.StartTimer()
}

// notmuch makes the mails that mbsync has read searchable.
func notmuch(b *testing.B, dir string) {
	config := write(b, dir, "notmuch", "[database]\npath="+filepath.Join(dir, "mail")+"\n[user]\nname=Mara\nprimary_email="+user+"\n[new]\ntags=new\n")
	cmd := exec.Command("notmuch", "new", "--quiet")
	cmd.Env = append(os.Environ(), "NOTMUCH_CONFIG="+config, "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("notmuch: %v\n%s", err, out)
	}
}

// certificate writes the server's certificate to a file, as mbsync wants it.
func certificate(b *testing.B, h *house, dir string) string {
	c, err := tls.Dial("tcp", h.dovecot.TLSAddr, &tls.Config{RootCAs: h.dovecot.Pool})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	return write(b, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.ConnectionState().PeerCertificates[0].Raw})))
}

func write(b *testing.B, dir, name, text string) (path string) {
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}
