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
}

func (k *checker) log() {
	l := k.c.Log
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
		if u, err := url.Parse(w.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			k.problem(key+".url", fmt.Sprintf("%q is no address", w.URL), "write the address that the witness has given you, such as https://witness.example")
		}
		if strings.Count(w.Key, "+") < 2 {
			k.problem(key+".key", fmt.Sprintf("%q is no public key", w.Key), "write the one that the witness has given you; it looks like: name+0a1b2c3d+BAbC…=")
		}
	}
}
