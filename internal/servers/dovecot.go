package servers

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// Dovecot is a running IMAP server with Maildirs, filled over LMTP.
type Dovecot struct {
	Addr    string         // IMAP with STARTTLS; plain logins are allowed on it
	TLSAddr string         // IMAP with TLS from the first byte
	LMTP    string         // local delivery, RFC 2033
	Pool    *x509.CertPool // trusts the certificate, which names 127.0.0.1 and localhost
	CA      string         // the same certificate as a PEM file
	SASL    string         // socket at which Postfix checks logins

	dir    string
	config string
	bin    string
	cert   certificate
	keeper *keeper

	mu    sync.Mutex
	users map[string]string // name → password
}

// StartDovecot starts an IMAP server that has no users yet. It ends with the
// test. Further settings go at the end of its configuration, where they win.
func StartDovecot(t testing.TB, settings ...string) *Dovecot {
	t.Helper()
	bin := Program(t, "dovecot", "dovecot-imapd dovecot-lmtpd", "/usr/sbin")
	Program(t, "lmtp", "dovecot-lmtpd", "/usr/lib/dovecot", "/usr/libexec/dovecot")
	d := &Dovecot{
		Addr: loopback(freePort(t)), TLSAddr: loopback(freePort(t)), LMTP: loopback(freePort(t)),
		dir: tempDir(t, "", "imap"), bin: bin, users: map[string]string{},
	}
	d.SASL = filepath.Join(d.dir, "sasl")
	d.config = filepath.Join(d.dir, "dovecot.conf")
	d.cert = newCertificate(t, d.dir)
	d.Pool, d.CA = d.cert.pool, d.cert.cert
	d.configure(t, settings)
	d.writeUsers(t)
	t.Cleanup(func() {
		logOnFailure(t, "Dovecot", filepath.Join(d.dir, "log"))
		if d.keeper != nil {
			d.keeper.kill()
		}
		os.RemoveAll(d.dir)
	})
	d.Start(t)
	return d
}

// Start starts the server again after Stop, with the same ports and mail.
func (d *Dovecot) Start(t testing.TB) {
	t.Helper()
	k, err := start(job{args: []string{d.bin, "-F", "-c", d.config}, dir: d.dir, signal: "TERM"})
	if err != nil {
		t.Fatalf("start Dovecot: %v", err)
	}
	d.keeper = k
	for _, addr := range []string{d.Addr, d.LMTP} {
		ready(t, "Dovecot", filepath.Join(d.dir, "output"), func() error { return listening(addr) })
	}
}

// Stop ends the server; connections to it break.
func (d *Dovecot) Stop() {
	if d.keeper != nil {
		d.keeper.stop()
		d.keeper = nil
	}
}

// Restart ends and starts the server.
func (d *Dovecot) Restart(t testing.TB) {
	t.Helper()
	d.Stop()
	d.Start(t)
}

// Maildir is where a user's mail lies, with what Dovecot knows about it.
func (d *Dovecot) Maildir(user string) string {
	return filepath.Join(d.dir, "mail", user, "Maildir")
}

// AddUser makes a mailbox. The name is an address; its plus part may be
// anything (RFC 5233).
func (d *Dovecot) AddUser(t testing.TB, name, password string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users[name] = password
	d.writeUsers(t)
}

// writeUsers replaces the user file. Dovecot reads it again when its time or
// size has changed.
func (d *Dovecot) writeUsers(t testing.TB) {
	t.Helper()
	var b strings.Builder
	for name, password := range d.users {
		fmt.Fprintf(&b, "%s:{PLAIN}%s::::::\n", name, password)
	}
	path := filepath.Join(d.dir, "users")
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// Deliver hands a mail to the server as a mail server would, over LMTP.
// Dovecot adds Return-Path, Delivered-To and Received on top; everything below
// is as given.
func (d *Dovecot) Deliver(t testing.TB, recipient string, raw []byte) {
	t.Helper()
	if err := d.deliver(recipient, raw); err != nil {
		t.Fatalf("deliver to %s: %v", recipient, err)
	}
}

func (d *Dovecot) deliver(recipient string, raw []byte) error {
	conn, err := net.Dial("tcp", d.LMTP)
	if err != nil {
		return err
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	return c.SendMail("sender@outside.example", []string{recipient}, bytes.NewReader(raw))
}

// Append puts a mail into a user's INBOX over IMAP: byte for byte, nothing added.
func (d *Dovecot) Append(t testing.TB, user string, raw []byte) {
	t.Helper()
	c := d.Login(t, user)
	defer c.Close()
	cmd := c.Append("INBOX", int64(len(raw)), nil)
	_, err := cmd.Write(raw)
	if err == nil {
		err = cmd.Close()
	}
	if err == nil {
		_, err = cmd.Wait()
	}
	if err != nil {
		t.Fatalf("append for %s: %v", user, err)
	}
}

// Login opens a connection for a user, over TLS. The caller closes it.
func (d *Dovecot) Login(t testing.TB, user string) *imapclient.Client {
	t.Helper()
	d.mu.Lock()
	password := d.users[user]
	d.mu.Unlock()
	c, err := imapclient.DialTLS(d.TLSAddr, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: d.Pool}})
	if err != nil {
		t.Fatalf("connect to Dovecot: %v", err)
	}
	if err := c.Login(user, password).Wait(); err != nil {
		c.Close()
		t.Fatalf("log in as %s: %v", user, err)
	}
	return c
}

// Messages counts the mails in a user's INBOX.
func (d *Dovecot) Messages(t testing.TB, user string) int {
	t.Helper()
	return len(d.Inbox(t, user))
}

// Inbox returns the mails in a user's INBOX, oldest first, without touching
// their flags.
func (d *Dovecot) Inbox(t testing.TB, user string) [][]byte {
	t.Helper()
	c := d.Login(t, user)
	defer c.Close()
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatalf("open INBOX of %s: %v", user, err)
	}
	if box.NumMessages == 0 {
		return nil
	}
	body := &imap.FetchItemBodySection{Peek: true}
	mails, err := c.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		t.Fatalf("read INBOX of %s: %v", user, err)
	}
	var raws [][]byte
	for _, m := range mails {
		raws = append(raws, m.FindBodySection(body))
	}
	return raws
}

// Await waits until a user's INBOX holds n mails, and returns them, oldest
// first: a mail server delivers when it likes. It fails the test when they do
// not come.
func (d *Dovecot) Await(t testing.TB, user string, n int) [][]byte {
	t.Helper()
	var mails [][]byte
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if mails = d.Inbox(t, user); len(mails) >= n {
			return mails
		}
	}
	t.Fatalf("%s has %d mails, and %d were to come", user, len(mails), n)
	return nil
}

// identity is under which users the server's processes run: Debian's own as
// root, all under ours otherwise.
func (d *Dovecot) identity(t testing.TB) (internal, login, group string) {
	t.Helper()
	if os.Getuid() == 0 {
		credential(t, "dovecot", "dovecot-core")
		credential(t, "dovenull", "dovecot-core")
		return "dovecot", "dovenull", "dovecot"
	}
	u, err := user.Current()
	if err != nil {
		t.Fatalf("who am I: %v", err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		t.Fatalf("which group is %s: %v", u.Gid, err)
	}
	return u.Username, u.Username, g.Name
}
