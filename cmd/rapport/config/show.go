package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Show writes the effective settings as YAML, defaults and included projects
// among them. A secret shows as where it comes from, never as what it is.
func (c *Config) Show() (string, error) {
	shown := *c
	shown.Include = nil // their projects are listed
	out, err := yaml.MarshalWithOptions(&shown, yaml.Indent(2), yaml.IndentSequence(true), yaml.OmitEmpty())
	if err != nil {
		return "", fmt.Errorf("write the settings: %w", err)
	}
	lines := strings.Split(string(out), "\n")
	for i, line := range lines {
		key, _, _ := strings.Cut(strings.TrimLeft(line, " -"), ":")
		switch key {
		case "password_file", "password_env", "key_file", "key_env", "reply_key_file", "client_secret_file", "client_secret_env", "token_file":
			lines[i] += " # hidden"
		}
	}
	return strings.Join(lines, "\n"), nil
}

// MarshalText writes the size as it is read.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalText writes the zone's IANA name.
func (z Zone) MarshalText() ([]byte, error) {
	if z.Location == nil {
		return nil, nil
	}
	return []byte(z.String()), nil
}

// MarshalText writes the day's name.
func (w Weekday) MarshalText() ([]byte, error) {
	if !w.Set {
		return nil, nil
	}
	return []byte(strings.ToLower(w.Day.String())), nil
}

// MarshalText writes the start as it is read.
func (s Start) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
