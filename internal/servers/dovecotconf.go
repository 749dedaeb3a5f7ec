package servers

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dovecotConfig is for Dovecot 2.3 (Debian 12). The login services are not
// chrooted and the process limits are small, so that it also runs as a normal
// user. Refused logins do not slow down the next ones, and mail is not fsynced:
// it is for tests only.
const dovecotConfig = `base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
default_process_limit = 200

ssl = yes
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
recipient_delimiter = +

mail_location = maildir:~/Maildir
mail_uid = {owner}
mail_gid = {ownergroup}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mailbox_list_index = yes
mail_max_userip_connections = 100

passdb {
  driver = passwd-file
  args = {dir}/users
}
userdb {
  driver = static
  args = uid={owner} gid={ownergroup} home={dir}/mail/%u
}
namespace inbox {
  inbox = yes
}

service imap-login {
  chroot =
  inet_listener imap {
    port = {imap}
  }
  inet_listener imaps {
    port = {imaps}
    ssl = yes
  }
}
service lmtp {
  chroot =
  inet_listener lmtp {
    port = {lmtp}
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service auth {
  unix_listener {dir}/sasl {
    mode = 0666
  }
}
`

// configure writes the configuration and the directories that it names.
func (d *Dovecot) configure(t testing.TB, settings []string) {
	t.Helper()
	mail := filepath.Join(d.dir, "mail")
	if err := os.Mkdir(mail, 0o755); err != nil {
		t.Fatal(err)
	}
	internal, login, group := d.identity(t)
	owner, ownerGroup := internal, group
	if os.Getuid() == 0 {
		// Mail belongs to nobody in particular: Dovecot refuses to keep root's.
		owner, ownerGroup = "nobody", "nogroup"
		cred := credential(t, owner, "base-passwd")
		if err := os.Chown(mail, int(cred.Uid), int(cred.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	text := strings.NewReplacer(
		"{dir}", d.dir, "{internal}", internal, "{login}", login, "{group}", group,
		"{owner}", owner, "{ownergroup}", ownerGroup,
		"{imap}", portOf(d.Addr), "{imaps}", portOf(d.TLSAddr), "{lmtp}", portOf(d.LMTP),
	).Replace(dovecotConfig) + strings.Join(settings, "\n") + "\n"
	if err := os.WriteFile(d.config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// portOf is the port of an address made by loopback.
func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}
