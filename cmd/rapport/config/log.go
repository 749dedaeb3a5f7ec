package config

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Log is how the log is signed, and who cosigns it.
type Log struct {
	KeyFile   string        `yaml:"key_file"`
	Every     time.Duration `yaml:"every"`
	Witnesses []Witness     `yaml:"witnesses"`
	Mail      LogMail       `yaml:"mail"`
	Timestamp Timestamp     `yaml:"timestamp"`
}

// Timestamp is an authority that stamps checkpoints with the time (RFC 3161).
type Timestamp struct {
	URL    string        `yaml:"url"` // "" for none
	CAFile string        `yaml:"ca_file"`
	Every  time.Duration `yaml:"every"`
}

// LogMail is the daily mail of the checkpoints to auditors.
type LogMail struct {
	At   string   `yaml:"at"` // "" for no such mail
	Zone Zone     `yaml:"time_zone"`
	To   []string `yaml:"to"` // beside the auditors
}

// On is when the mail is due on the day of that moment, which is in its zone.
func (m LogMail) On(day time.Time) time.Time {
	at, _ := time.Parse("15:04", m.At) // was checked
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, day.Location())
}

// Witness is somebody elsewhere who cosigns checkpoints.
type Witness struct {
	URL string `yaml:"url"`
	Key string `yaml:"key"`
}

const defaultLogEvery = time.Hour

func (c *Config) logDefaults() {
	l := &c.Log
	l.KeyFile = c.path(l.KeyFile)
	or(&l.Every, defaultLogEvery)
	or(&l.Timestamp.Every, 24*time.Hour)
	l.Timestamp.CAFile = c.path(l.Timestamp.CAFile)
	if l.Mail.Zone.Location == nil {
		l.Mail.Zone.Location = time.UTC
	}
}

func (k *checker) log() {
	l := k.c.Log
	k.logMail()
	k.timestamp()
	if l.KeyFile == "" {
		if len(l.Witnesses) > 0 {
			k.problem("log.key_file", "is missing, so nothing is signed that a witness could cosign", "make a key with: rapport key new FILE, and write its path")
		}
		return
	}
	if _, err := readSecret(l.KeyFile, ""); err != nil {
		k.problem("log.key_file", err.Error(), "make a key with: rapport key new FILE, and write its path")
	}
	if l.Every < time.Minute {
		k.problem("log.every", "is less than a minute", "write how often the log is signed, such as 1h")
	}
	for i, w := range l.Witnesses {
		key := fmt.Sprintf("log.witnesses[%d]", i)
		if !webAddress(w.URL) {
			k.problem(key+".url", fmt.Sprintf("%q is no address", w.URL), "write the address that the witness has given you, such as https://witness.example")
		}
		if strings.Count(w.Key, "+") < 2 {
			k.problem(key+".key", fmt.Sprintf("%q is no public key", w.Key), "write the one that the witness has given you; it looks like: name+0a1b2c3d+BAbC…=")
		}
	}
}

func (k *checker) logMail() {
	m := k.c.Log.Mail
	for i, to := range m.To {
		k.address(fmt.Sprintf("log.mail.to[%d]", i), to)
	}
	if m.At == "" {
		if len(m.To) > 0 {
			k.problem("log.mail.at", "is missing, so nothing is mailed to anybody", "write the time of day such as 18:00, or remove log.mail")
		}
		return
	}
	if _, err := time.Parse("15:04", m.At); err != nil {
		k.problem("log.mail.at", fmt.Sprintf("%q is no time of day", m.At), "write it as 18:00")
	}
	if k.c.Log.KeyFile == "" {
		k.problem("log.mail.at", "wants signed checkpoints to be mailed, and the log has no key", "make a key with: rapport key new FILE, and write its path into log.key_file")
	}
	if k.c.SMTP.Server == "" {
		k.problem("log.mail.at", "wants mail to be sent, and nothing can be sent", "add the section smtp, or remove it")
	}
}

func (k *checker) timestamp() {
	t := k.c.Log.Timestamp
	if t.URL == "" {
		if t.CAFile != "" {
			k.problem("log.timestamp.url", "is missing, so nothing is stamped", "write the address of the authority, or remove log.timestamp")
		}
		return
	}
	if !webAddress(t.URL) {
		k.problem("log.timestamp.url", fmt.Sprintf("%q is no address", t.URL), "write the address of the authority, such as https://tsa.example/tsr")
	}
	if k.c.Log.KeyFile == "" {
		k.problem("log.timestamp.url", "wants signed checkpoints to be stamped, and the log has no key", "make a key with: rapport key new FILE, and write its path into log.key_file")
	}
	if t.Every < time.Minute {
		k.problem("log.timestamp.every", "is less than a minute", "write how much time lies between two time-stamps, such as 24h")
	}
	if _, err := k.c.Roots(t.CAFile); err != nil {
		k.problem("log.timestamp.ca_file", err.Error(), "write the path of the authority's root certificate in PEM form")
	}
}

// webAddress reports whether something can be asked over HTTP.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
