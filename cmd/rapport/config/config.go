// Package config reads Rapport's configuration: one strict YAML file and the
// project files that it includes.
//
// Files come in; a Config, or all of its problems at once, each with file, line
// and what to do, goes out. Secrets are never part of a Config: it knows the
// file or the environment variable in which they lie, and no error and no print
// of it shows one.
package config

import "time"

// Config is everything that can be set. The zero value of a field means its
// default, which Load fills in.
type Config struct {
	Store       Store       `yaml:"store"`
	Agency      Agency      `yaml:"agency"`
	People      []Person    `yaml:"people"`
	Mailboxes   []Mailbox   `yaml:"mailboxes"`
	SMTP        SMTP        `yaml:"smtp"`
	Web         Web         `yaml:"web"`
	Reader      Reader      `yaml:"reader"`
	IMAPArchive IMAPArchive `yaml:"imap_archive"`
	Log         Log         `yaml:"log"`
	Notices     Notices     `yaml:"notices"`
	Metrics     Metrics     `yaml:"metrics"`
	Limits      Limits      `yaml:"limits"`
	Checks      Checks      `yaml:"checks"`
	Projects    []Project   `yaml:"projects"`
	Include     []string    `yaml:"include"`

	Authentication Authentication `yaml:"authentication"`

	Dir   string `yaml:"-"` // of the file: relative paths start here
	lines lines
}

// Store is where everything is kept.
type Store struct {
	URL          string `yaml:"url"`
	PasswordFile string `yaml:"password_file"`
	PasswordEnv  string `yaml:"password_env"`
}

// Agency is us.
type Agency struct {
	Name         string   `yaml:"name"`
	Addresses    []string `yaml:"addresses"`
	ReplyKeyFile string   `yaml:"reply_key_file"`
	Language     string   `yaml:"language"`
}

// Person is somebody with a login.
type Person struct {
	Login     string   `yaml:"login"`
	Name      string   `yaml:"name"`
	Addresses []string `yaml:"addresses"`
	Role      string   `yaml:"role"`
	Language  string   `yaml:"language"`

	WithoutDaily bool `yaml:"without_daily"`

	Projects []string `yaml:"projects"`
	From     Day      `yaml:"from"`
	To       Day      `yaml:"to"`
	Until    Day      `yaml:"until"`
}

// Mailbox is an IMAP folder that is polled.
type Mailbox struct {
	Name           string        `yaml:"name"`
	Server         Server        `yaml:"server"`
	TLS            string        `yaml:"tls"`
	CAFile         string        `yaml:"ca_file"`
	AllowPlaintext bool          `yaml:"allow_plaintext"`
	Username       string        `yaml:"username"`
	PasswordFile   string        `yaml:"password_file"`
	PasswordEnv    string        `yaml:"password_env"`
	OAuth          OAuth         `yaml:"oauth"`
	Folder         string        `yaml:"folder"`
	Start          Start         `yaml:"start"`
	After          string        `yaml:"after"`
	Poll           time.Duration `yaml:"poll"`
	AuthservIDs    []string      `yaml:"authserv_ids"`
}

// SMTP is the server that takes our letters.
type SMTP struct {
	Server         Server `yaml:"server"`
	TLS            string `yaml:"tls"`
	CAFile         string `yaml:"ca_file"`
	AllowPlaintext bool   `yaml:"allow_plaintext"`
	Username       string `yaml:"username"`
	PasswordFile   string `yaml:"password_file"`
	PasswordEnv    string `yaml:"password_env"`
	OAuth          OAuth  `yaml:"oauth"`
	From           string `yaml:"from"`
	Copy           string `yaml:"copy"`
	DKIM           DKIM   `yaml:"dkim"`
	SMIME          SMIME  `yaml:"smime"`
}

// DKIM signs letters where the mail server does not.
type DKIM struct {
	Domain   string `yaml:"domain"`
	Selector string `yaml:"selector"`
	KeyFile  string `yaml:"key_file"`
}

// Web is the pages.
type Web struct {
	Listen   string   `yaml:"listen"`
	URL      string   `yaml:"url"`
	FilesURL string   `yaml:"files_url"`
	Hosts    []string `yaml:"hosts"`
	OIDC     OIDC     `yaml:"oidc"`
}

// OIDC is a sign-in elsewhere (OpenID Connect).
type OIDC struct {
	Name             string `yaml:"name"`
	Issuer           string `yaml:"issuer"`
	ClientID         string `yaml:"client_id"`
	ClientSecretFile string `yaml:"client_secret_file"`
	ClientSecretEnv  string `yaml:"client_secret_env"`
}

// Limits bound what one mail or letter may cost.
type Limits struct {
	Message    Size `yaml:"message"`
	Attachment Size `yaml:"attachment"`
	Letter     Size `yaml:"letter"`
}

// Checks are what the check of a draft may do beside reading it.
type Checks struct {
	Links bool `yaml:"links"` // ask web servers whether its links lead anywhere
}

// Project is one project of a client.
type Project struct {
	Key       string    `yaml:"key"`
	Name      string    `yaml:"name"`
	Client    string    `yaml:"client"`
	Address   string    `yaml:"address"`
	Language  string    `yaml:"language"`
	Languages []string  `yaml:"languages"`
	Skeleton  string    `yaml:"skeleton"`
	Zone      Zone      `yaml:"time_zone"`
	Managers  []string  `yaml:"managers"`
	Domains   []string  `yaml:"domains"`
	Contacts  []Contact `yaml:"contacts"`
	Report    Rhythm    `yaml:"report"`
	Hours     Hours     `yaml:"hours"`
	Jargon    []string  `yaml:"jargon"`
	Receipts  bool      `yaml:"receipts"`
	Retention Retention `yaml:"retention"`
	Place     place     `yaml:"-"`
}

// Contact is a person at the client.
type Contact struct {
	Name        string   `yaml:"name"`
	Addresses   []string `yaml:"addresses"`
	GetsReports bool     `yaml:"gets_reports"`
}

// Hours are when people at the client read mail, in their time zone.
type Hours struct {
	From     string    `yaml:"from"`
	Until    string    `yaml:"until"`
	Days     []Weekday `yaml:"days"`
	Holidays []string  `yaml:"holidays"`
}

// Rhythm is how often a report is due.
type Rhythm struct {
	Every string  `yaml:"every"`
	Day   Weekday `yaml:"day"`
	At    string  `yaml:"at"`
	Send  string  `yaml:"send"` // "due", or "" and "released" for when somebody says so
}
