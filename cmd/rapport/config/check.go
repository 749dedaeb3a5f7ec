package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"rapport/threads"
)

// checker looks for what a well-formed file may still get wrong.
type checker struct {
	c        *Config
	at       place  // what the keys that follow are relative to
	name     string // the same for people: "projects.ACME-WEB"
	problems Problems
}

func check(c *Config, file string) Problems {
	k := &checker{c: c, at: place{file: file}}
	k.store()
	k.agency()
	k.people()
	k.mailboxes()
	k.authentication()
	k.smtp()
	k.tokenFiles()
	k.web()
	k.notices()
	k.metrics()
	k.reader()
	k.log()
	k.imapArchive()
	k.projects()
	return k.problems
}

func (k *checker) problem(key, words, fix string) {
	k.problems = append(k.problems, Problem{File: k.at.file, Line: k.c.lines.of(place{k.at.file, k.at.key + key}), Key: k.name + key, Words: words, Fix: fix})
}

// needed reports an empty value.
func (k *checker) needed(key, value, fix string) {
	if strings.TrimSpace(value) == "" {
		k.problem(key, "is missing", fix)
	}
}

func (k *checker) oneOf(key, value string, words ...string) {
	for _, w := range words {
		if value == w {
			return
		}
	}
	k.problem(key, fmt.Sprintf("%q is not possible", value), "use one of: "+strings.Join(words, ", "))
}

// address reports what is no plain mail address.
func (k *checker) address(key, address string) {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || a.Name != "" {
		k.problem(key, fmt.Sprintf("%q is no mail address", address), "write it as name@example.com, without a name and brackets")
	}
}

func (k *checker) store() {
	s := k.c.Store
	if scheme, _, ok := strings.Cut(s.URL, "://"); ok && !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, scheme) {
		k.problem("store.url", fmt.Sprintf("names a database that Rapport cannot use: %q", scheme), "write sqlite: and the path of a file, or postgres://user@host/database")
	}
	if u, err := url.Parse(s.URL); err == nil && u.User != nil {
		if _, has := u.User.Password(); has {
			k.problem("store.url", "has a password in it", "take it out and set store.password_file or store.password_env")
		}
	}
	k.secret("store", s.PasswordFile, s.PasswordEnv, false)
}

func (k *checker) agency() {
	a := k.c.Agency
	k.needed("agency.name", a.Name, "write the name under which clients know you")
	if len(a.Addresses) == 0 {
		k.problem("agency.addresses", "is missing", "list the addresses at which clients write to you; the first one gets the answers to reports")
	}
	for i, address := range a.Addresses {
		k.address(fmt.Sprintf("agency.addresses[%d]", i), address)
	}
}

func (k *checker) mailboxes() {
	seen := map[string]bool{}
	for i, m := range k.c.Mailboxes {
		key := fmt.Sprintf("mailboxes[%d]", i)
		k.needed(key+".name", m.Name, "give it a short name; the archive remembers it by that")
		k.needed(key+".server", string(m.Server), "write the IMAP server with its port, such as imap.example.com:993")
		k.needed(key+".username", m.Username, "write the login, mostly the whole mail address")
		k.tls(key, m.TLS, m.AllowPlaintext)
		k.login(key, m.OAuth, m.PasswordFile, m.PasswordEnv, true)
		if !strings.HasPrefix(m.After, "move ") || strings.TrimSpace(m.After[5:]) == "" {
			k.oneOf(key+".after", m.After, "keep", "seen", "move FOLDER")
		}
		if seen[m.Name] && m.Name != "" {
			k.problem(key+".name", fmt.Sprintf("%q is there twice", m.Name), "give each mailbox a name of its own")
		}
		seen[m.Name] = true
	}
}

func (k *checker) tls(key, mode string, allowed bool) {
	k.oneOf(key+".tls", mode, "tls", "starttls", "none")
	if mode == "none" && !allowed {
		k.problem(key+".tls", "would send the password in the clear", "use tls or starttls; if you really mean it, add allow_plaintext: true")
	}
}

// secret looks whether a secret can be had, without keeping it.
func (k *checker) secret(key, file, env string, needed bool) {
	switch {
	case file != "" && env != "":
		k.problem(key, "has both password_file and password_env", "keep one of them")
	case file == "" && env == "" && needed:
		k.problem(key, "has no password", "set password_file: PATH, or password_env: NAME of an environment variable")
	default:
		if _, err := readSecret(file, env); err != nil {
			k.problem(key, err.Error(), "create it, or mend the setting")
		}
	}
}

func (k *checker) smtp() {
	s := k.c.SMTP
	if s == (SMTP{TLS: s.TLS}) {
		return // reading only: no letters go out
	}
	k.needed("smtp.server", string(s.Server), "write the submission server with its port, such as smtp.example.com:465")
	k.tls("smtp", s.TLS, s.AllowPlaintext)
	k.login("smtp", s.OAuth, s.PasswordFile, s.PasswordEnv, s.Username != "")
	if s.OAuth.Used() {
		k.needed("smtp.username", s.Username, "write the account whose token it is, mostly the whole mail address")
		if s.OAuth.Mechanism == "oauthbearer" {
			k.problem("smtp.oauth.mechanism", "letters are submitted with xoauth2 only", "remove it")
		}
	}
	k.needed("smtp.from", s.From, "write the address in the From line of reports")
	if s.From != "" {
		k.address("smtp.from", s.From)
	}
	if s.Copy != "" {
		k.address("smtp.copy", s.Copy)
	}
	k.smime()
	if d := s.DKIM; d != (DKIM{}) {
		k.needed("smtp.dkim.domain", d.Domain, "write the domain that signs")
		k.needed("smtp.dkim.selector", d.Selector, "write the selector under which DNS has the key")
		if _, err := readSecret(d.KeyFile, ""); err != nil || d.KeyFile == "" {
			k.problem("smtp.dkim.key_file", "has no readable key", "write the path of the private key in PEM form")
		}
	}
}

// ours reports whether an address is one of our own.
func (k *checker) ours(address string) bool {
	for _, a := range k.c.Agency.Addresses {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	for _, p := range k.c.People {
		for _, a := range p.Addresses {
			if strings.EqualFold(a, address) {
				return true
			}
		}
	}
	return strings.EqualFold(threads.WithoutTag(address), k.c.SMTP.From)
}
