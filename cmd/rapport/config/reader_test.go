package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// withReader is the example with a block of that text.
func withReader(t *testing.T, block string) (*Config, error) {
	t.Helper()
	path := example(t)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	write(t, dir, "rapport.yaml", string(src)+"\n"+block)
	write(t, dir, "secrets/model", "sesame\n")
	return Load(path)
}

func TestNoModelIsAskedUnlessConfigured(t *testing.T) {
	for _, block := range []string{"", "reader:\n", "reader: {}\n"} {
		c, err := withReader(t, block)
		if err != nil || c.Reader.Used() {
			t.Errorf("%q: reader %+v, %v", block, c.Reader, err)
		}
	}
}

func TestReader(t *testing.T) {
	c, err := withReader(t, "reader:\n  url: https://models.example/v1\n  model: qwen3:8b\n  key_file: secrets/model\n")
	if err != nil {
		t.Fatal(err)
	}
	key, err := c.Reader.Key()
	if key != "sesame" || err != nil || c.Reader.Timeout != 20*time.Second || c.Reader.MaxChars != 20000 || !c.Reader.Used() {
		t.Errorf("reader %+v, key %q, %v", c.Reader, key, err)
	}
	shown, err := c.Show()
	if err != nil || strings.Contains(shown, "sesame") || !strings.Contains(shown, "secrets/model # hidden") {
		t.Errorf("shown %v:\n%s", err, shown)
	}
	c, err = withReader(t, "reader: {url: \"http://127.0.0.1:11434/v1\", model: m, timeout: 2m, max_chars: 500}\n")
	if err != nil || c.Reader.Timeout != 2*time.Minute || c.Reader.MaxChars != 500 {
		t.Errorf("reader %v", err)
	}
}

func TestReaderProblems(t *testing.T) {
	for block, want := range map[string]string{
		"{model: m}":                                                      "reader.url: is missing",
		"{url: 'http://localhost/v1'}":                                    "reader.model: is missing",
		"{url: 'localhost:11434', model: m}":                              "reader.url: is no address of an endpoint",
		"{url: 'ftp://a.example/v1', model: m}":                           "reader.url: is no address of an endpoint",
		"{url: 'https://me:sesame@a.example/v1', model: m}":               "reader.url: has more in it than an address",
		"{url: 'https://a.example/v1?key=sesame', model: m}":              "reader.url: has more in it than an address",
		"{url: 'http://localhost/v1/chat/completions', model: m}":         "reader.url: ends with /chat/completions",
		"{url: 'http://a.example/v1', model: m, key_file: secrets/imap}":  "reader.url: would send the key to a.example in the clear",
		"{url: 'http://localhost/v1', model: m, key_file: not-there}":     "reader: the secret's file cannot be read",
		"{url: 'http://localhost/v1', model: m, key_file: a, key_env: B}": "reader: has both key_file and key_env",
		"{url: 'http://localhost/v1', model: m, timeout: -5s}":            "reader.timeout: ",
		"{url: 'http://localhost/v1', model: m, max_chars: -1}":           "reader.max_chars: ",
	} {
		_, err := withReader(t, "reader: "+block+"\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", block, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: a problem shows a secret: %v", block, err)
		}
	}
}
