package config

import (
	"path/filepath"
	"strings"
	"time"
)

// The defaults, which config.example.yaml explains.
const (
	defaultStore      = "sqlite:rapport.db"
	defaultReplyKey   = "reply.key"
	defaultListen     = "127.0.0.1:8470"
	defaultFolder     = "INBOX"
	defaultAfter      = "keep"
	defaultPoll       = 2 * time.Minute
	defaultMessage    = 50 << 20
	defaultAttachment = 25 << 20
	defaultLetter     = 25 << 20
)

func (c *Config) defaults() {
	or(&c.Store.URL, defaultStore)
	c.Store.URL = c.storeURL()
	or(&c.Agency.ReplyKeyFile, defaultReplyKey)
	c.Agency.ReplyKeyFile = c.path(c.Agency.ReplyKeyFile)
	or(&c.Web.Listen, defaultListen)
	c.Web.OIDC.ClientSecretFile = c.path(c.Web.OIDC.ClientSecretFile)
	or(&c.Limits.Message, defaultMessage)
	or(&c.Limits.Attachment, defaultAttachment)
	or(&c.Limits.Letter, defaultLetter)
	or(&c.Authentication.DKIM, "check")
	c.readerDefaults()
	c.noticeDefaults()
	c.logDefaults()
	c.imapArchiveDefaults()
	c.Store.PasswordFile = c.path(c.Store.PasswordFile)
	for i := range c.Mailboxes {
		m := &c.Mailboxes[i]
		or(&m.Folder, defaultFolder)
		or(&m.After, defaultAfter)
		or(&m.Poll, defaultPoll)
		or(&m.TLS, tlsFor(m.Server, ":143"))
		m.PasswordFile, m.CAFile = c.path(m.PasswordFile), c.path(m.CAFile)
		c.oauthDefaults(&m.OAuth)
	}
	s := &c.SMTP
	or(&s.TLS, tlsFor(s.Server, ":587", ":25"))
	c.oauthDefaults(&s.OAuth)
	s.PasswordFile, s.CAFile, s.DKIM.KeyFile = c.path(s.PasswordFile), c.path(s.CAFile), c.path(s.DKIM.KeyFile)
	s.SMIME.CertFile, s.SMIME.KeyFile = c.path(s.SMIME.CertFile), c.path(s.SMIME.KeyFile)
	for i := range c.Projects {
		p := &c.Projects[i]
		if len(p.Languages) > 0 {
			or(&p.Language, p.Languages[0])
		}
		or(&p.Language, "en")
		if p.Skeleton != "" && !filepath.IsAbs(p.Skeleton) { // beside the file that names it
			p.Skeleton = filepath.Join(filepath.Dir(p.Place.file), p.Skeleton)
		}
		if p.Zone.Location == nil {
			p.Zone.Location = time.UTC
		}
		if p.Report.Every != "" {
			or(&p.Report.At, "16:00")
			or(&p.Report.Day, Weekday{true, time.Friday})
		}
	}
}

func or[T comparable](v *T, fallback T) {
	var zero T
	if *v == zero {
		*v = fallback
	}
}

// tlsFor is starttls on the ports that begin in plain text.
func tlsFor(s Server, plain ...string) string {
	for _, port := range plain {
		if strings.HasSuffix(string(s), port) {
			return "starttls"
		}
	}
	return "tls"
}

// storeURL makes the path of a SQLite file relative to the configuration.
func (c *Config) storeURL() string {
	url := c.Store.URL
	if strings.Contains(url, "://") && !strings.HasPrefix(url, "sqlite:") { // PostgreSQL, or something that the check refuses
		return url
	}
	return "sqlite:" + c.path(strings.TrimPrefix(url, "sqlite:"))
}
