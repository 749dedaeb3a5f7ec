package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Reader is a language model that helps to read clients' mail.
type Reader struct {
	URL      string        `yaml:"url"`
	Model    string        `yaml:"model"`
	KeyFile  string        `yaml:"key_file"`
	KeyEnv   string        `yaml:"key_env"`
	Timeout  time.Duration `yaml:"timeout"`
	MaxChars int           `yaml:"max_chars"`
}

const (
	defaultReaderTimeout  = 20 * time.Second
	defaultReaderMaxChars = 20000
)

// Used reports whether a model is asked at all. Without the block, no word of a
// client leaves this program for one.
func (r Reader) Used() bool { return r != Reader{} }

// Key reads the endpoint's key as it is now, "" if it needs none.
func (r Reader) Key() (string, error) { return readSecret(r.KeyFile, r.KeyEnv) }

func (c *Config) readerDefaults() {
	r := &c.Reader
	if !r.Used() {
		return
	}
	or(&r.Timeout, defaultReaderTimeout)
	or(&r.MaxChars, defaultReaderMaxChars)
	r.KeyFile = c.path(r.KeyFile)
}

func (k *checker) reader() {
	r := k.c.Reader
	if !r.Used() {
		return
	}
	k.needed("reader.model", r.Model, "write the model's name as the endpoint knows it, such as qwen3:8b")
	k.readerURL(r)
	if r.Timeout < 0 {
		k.problem("reader.timeout", "is less than nothing", "write how long one mail may wait for the model, such as 20s")
	}
	if r.MaxChars < 0 {
		k.problem("reader.max_chars", "is less than nothing", "write how many characters of one mail may be sent, such as 20000")
	}
	switch _, err := r.Key(); {
	case r.KeyFile != "" && r.KeyEnv != "":
		k.problem("reader", "has both key_file and key_env", "keep one of them")
	case err != nil:
		k.problem("reader", err.Error(), "create it, or mend the setting")
	}
}

// readerURL looks at where clients' words would go.
func (k *checker) readerURL(r Reader) {
	const fix = "write where /chat/completions is put behind, such as http://localhost:11434/v1"
	u, err := url.Parse(r.URL)
	switch {
	case r.URL == "":
		k.problem("reader.url", "is missing", fix)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		k.problem("reader.url", "is no address of an endpoint", fix)
	case u.User != nil || u.RawQuery != "":
		k.problem("reader.url", "has more in it than an address", "take it out; a key belongs into key_file or key_env")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/chat/completions"):
		k.problem("reader.url", "ends with /chat/completions, which is put behind it", "leave that out")
	case u.Scheme == "http" && (r.KeyFile != "" || r.KeyEnv != "") && !loopback(u.Hostname()):
		k.problem("reader.url", fmt.Sprintf("would send the key to %s in the clear", u.Hostname()), "use https")
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
