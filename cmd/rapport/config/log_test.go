package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheLogsSettings(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "log.key"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	parse := func(block string) (*Config, error) {
		return Parse(filepath.Join(dir, "rapport.yaml"), []byte("agency: {name: Northlight, addresses: [projects@northlight.example]}\n"+block))
	}
	c, err := parse("")
	if err != nil || c.Log.KeyFile != "" || c.Log.Every != time.Hour {
		t.Errorf("without the block: %+v, %v", c.Log, err)
	}
	const witness = "witnesses: [{url: 'https://w.example', key: w.example+01020304+BAbC}]"
	c, err = parse("log: {key_file: log.key, every: 10m, " + witness + "}\n")
	if err != nil || c.Log.KeyFile != filepath.Join(dir, "log.key") || c.Log.Every != 10*time.Minute || len(c.Log.Witnesses) != 1 {
		t.Errorf("the whole block: %v", err)
	}
	for block, want := range map[string]string{
		"{key_file: nowhere}":                                                          "log.key_file: ",
		"{" + witness + "}":                                                            "log.key_file: is missing",
		"{mail: {at: '18:00'}}":                                                        "log.mail.at: wants signed",
		"{key_file: log.key, mail: {at: '18:00'}}":                                     "log.mail.at: wants mail",
		"{key_file: log.key, mail: {at: noon}}":                                        "log.mail.at: \"noon\"",
		"{key_file: log.key, mail: {to: [a@b.example]}}":                               "log.mail.at: is missing",
		"{key_file: log.key, mail: {at: '18:00', to: [nobody]}}":                       "log.mail.to[0]: ",
		"{timestamp: {url: 'https://tsa.example'}}":                                    "log.timestamp.url: wants signed",
		"{key_file: log.key, timestamp: {url: tsa.example}}":                           "log.timestamp.url: \"tsa.example\"",
		"{timestamp: {ca_file: log.key}}":                                              "log.timestamp.url: is missing",
		"{key_file: log.key, timestamp: {url: 'https://t.example', every: 1s}}":        "log.timestamp.every: ",
		"{key_file: log.key, timestamp: {url: 'https://t.example', ca_file: log.key}}": "log.timestamp.ca_file: ",
		"{key_file: log.key, every: 1s}":                                               "log.every: ",
		"{key_file: log.key, every: -1h}":                                              "log.every: ",
		"{key_file: log.key, witnesses: [{url: w.example, key: a+b+c}]}":               "log.witnesses[0].url: ",
		"{key_file: log.key, witnesses: [{url: 'https://w.example', key: no}]}":        "log.witnesses[0].key: ",
	} {
		if _, err := parse("log: " + block + "\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("log: %s: %v, want %q", block, err, want)
		}
	}
}

func TestTheArchiveForMailPrograms(t *testing.T) {
	for block, want := range map[string]string{
		"{listen: '127.0.0.1:8993'}":                                 "",
		"{listen: here}":                                             "imap_archive.listen: ",
		"{listen: '0.0.0.0:993'}":                                    "would take passwords in the clear",
		"{listen: '127.0.0.1:8993', cert_file: a.pem}":               "only one of cert_file and key_file",
		"{listen: '0.0.0.0:993', cert_file: a.pem, key_file: a.key}": "imap_archive.cert_file: ",
		"{cert_file: a.pem, key_file: a.key}":                        "imap_archive.listen: ",
	} {
		_, err := Parse("rapport.yaml", []byte("agency: {name: Northlight, addresses: [projects@northlight.example]}\nimap_archive: "+block+"\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("imap_archive: %s: %v, want %q", block, err, want)
		}
	}
}
