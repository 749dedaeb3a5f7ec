package servers

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

// Postfix is a running mail server. Mail for every domain under .example goes
// to its Dovecot; for any other domain it is refused. An address that Dovecot
// does not know is accepted and then bounced, as mail servers often do.
type Postfix struct {
	Addr    string         // SMTP with STARTTLS and, after it, AUTH with Dovecot's users
	TLSAddr string         // the same with TLS from the first byte
	Pool    *x509.CertPool // trusts the certificate, which names 127.0.0.1 and localhost
	CA      string         // the same certificate as a PEM file

	dir    string
	config string
	policy *policy
	keeper *keeper
}

// masterConfig are the services of a small Postfix, none chrooted.
const masterConfig = `127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// mainConfig keeps everything on loopback: no DNS, no relay, no other network.
// Back-off times are short, so that a deferred mail comes within seconds.
const mainConfig = `compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
maillog_file = {dir}/log
maillog_file_prefixes = {dir}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.agency.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = regexp:{dir}/domains
virtual_transport = lmtp:inet:{lmtp}
default_transport = error:5.7.1 this server reaches loopback only
relay_transport = error:5.7.1 this server reaches loopback only
smtputf8_enable = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:{policy}
smtpd_policy_service_max_idle = 1s
smtpd_tls_security_level = may
smtpd_tls_cert_file = {dir}/cert.pem
smtpd_tls_key_file = {dir}/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {sasl}
smtpd_tls_auth_only = yes
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
`

// StartPostfix starts a mail server in front of d. It needs root, as Postfix
// does; the test is skipped otherwise. It ends with the test.
func StartPostfix(t testing.TB, d *Dovecot) *Postfix {
	t.Helper()
	const daemons = "/usr/lib/postfix/sbin"
	master := Program(t, "master", "postfix", daemons)
	if os.Getuid() != 0 {
		Missing(t, "Postfix starts as root only; run this test as root")
	}
	p := &Postfix{
		Addr: loopback(freePort(t)), TLSAddr: loopback(freePort(t)),
		dir: tempDir(t, "", "smtp"), policy: newPolicy(t),
	}
	p.config = filepath.Join(p.dir, "conf")
	cert := newCertificate(t, p.dir)
	p.Pool, p.CA = cert.pool, cert.cert
	t.Cleanup(func() {
		logOnFailure(t, "Postfix", filepath.Join(p.dir, "log"))
		if p.keeper != nil {
			p.keeper.stop()
		}
		os.RemoveAll(p.dir)
	})
	p.configure(t, d)
	k, err := start(job{args: []string{master, "-c", p.config, "-s"}, dir: p.dir, signal: "TERM"})
	if err != nil {
		t.Fatalf("start Postfix: %v", err)
	}
	p.keeper = k
	ready(t, "Postfix", filepath.Join(p.dir, "log"), func() error { return listening(p.Addr) })
	return p
}

// Answer sets what the server says to RCPT for an address from now on, as an
// access(5) action: "550 5.1.1 no such user", "450 4.2.1 try later",
// "421 4.3.0 going down"; "" accepts it again.
func (p *Postfix) Answer(recipient, action string) { p.policy.set(recipient, action) }

// Deliver sends a mail to an address behind the server, as another mail server
// would: without a login.
func (p *Postfix) Deliver(t testing.TB, from, to string, raw []byte) {
	t.Helper()
	c, err := smtp.DialStartTLS(p.Addr, &tls.Config{RootCAs: p.Pool, ServerName: "localhost"})
	if err != nil {
		t.Fatalf("connect to Postfix: %v", err)
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, bytes.NewReader(raw)); err != nil {
		t.Fatalf("send to %s: %v", to, err)
	}
}

// Log is the server's log so far.
func (p *Postfix) Log() string { return tail(filepath.Join(p.dir, "log")) }

// configure writes the configuration and the directories that it names.
func (p *Postfix) configure(t testing.TB, d *Dovecot) {
	t.Helper()
	p.makeQueue(t)
	fill := strings.NewReplacer("{dir}", p.dir, "{smtp}", portOf(p.Addr), "{smtps}", portOf(p.TLSAddr),
		"{lmtp}", d.LMTP, "{policy}", p.policy.addr(), "{sasl}", d.SASL)
	for name, text := range map[string]string{
		"conf/main.cf":   mainConfig,
		"conf/master.cf": masterConfig,
		"domains":        "/\\.example$/ yes\n",
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(fill.Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// makeQueue makes the directories that "postfix check" would make in two
// seconds, with the owners and modes of Debian's postfix-files.
func (p *Postfix) makeQueue(t testing.TB) {
	t.Helper()
	owner := int(credential(t, "postfix", "postfix").Uid)
	postdrop, err := user.LookupGroup("postdrop")
	if err != nil {
		Missing(t, "there is no group postdrop: apt-get install postfix")
	}
	drop, err := strconv.Atoi(postdrop.Gid)
	if err != nil {
		t.Fatalf("group postdrop has the odd id %s", postdrop.Gid)
	}
	mkdir := func(name string, uid, gid int, mode os.FileMode) {
		path := filepath.Join(p.dir, name)
		if err := errors.Join(os.Mkdir(path, mode), os.Chmod(path, mode), os.Chown(path, uid, gid)); err != nil {
			t.Fatal(err)
		}
	}
	mkdir("conf", 0, 0, 0o755)
	mkdir("queue", 0, 0, 0o755)
	mkdir("queue/pid", 0, 0, 0o755)
	mkdir("data", owner, 0, 0o700)
	mkdir("queue/maildrop", owner, drop, 0o730)
	mkdir("queue/public", owner, drop, 0o710)
	for _, name := range []string{"active", "bounce", "corrupt", "defer", "deferred", "flush",
		"hold", "incoming", "private", "saved", "trace"} {
		mkdir("queue/"+name, owner, 0, 0o700)
	}
}
