package config

import (
	"fmt"
	"slices"
	"strings"
)

// Authentication is how it is found out whether mail comes from whom it says.
type Authentication struct {
	DKIM string `yaml:"dkim"` // "check" or "off"
}

// Checked reports whether signatures of mail are held against the keys in DNS.
func (a Authentication) Checked() bool { return a.DKIM != "off" }

// AuthservIDs are the names of the servers whose Authentication-Results count
// in a mailbox; for "", mail from files, those of all mailboxes.
func (c *Config) AuthservIDs(mailbox string) []string {
	var ids []string
	for _, m := range c.Mailboxes {
		if mailbox == "" || m.Name == mailbox {
			ids = append(ids, m.AuthservIDs...)
		}
	}
	return ids
}

func (k *checker) authentication() {
	k.oneOf("authentication.dkim", k.c.Authentication.DKIM, "check", "off")
	for i, m := range k.c.Mailboxes {
		for j, id := range m.AuthservIDs {
			key := fmt.Sprintf("mailboxes[%d].authserv_ids[%d]", i, j)
			switch {
			case strings.TrimSpace(id) == "" || strings.ContainsAny(id, " \t;="):
				k.problem(key, fmt.Sprintf("%q is no authserv-id", id), "write the first word of the Authentication-Results lines that your server puts on top of mail, such as mx.example.com")
			case slices.ContainsFunc(m.AuthservIDs[:j], func(other string) bool { return strings.EqualFold(id, other) }):
				k.problem(key, fmt.Sprintf("%q is there twice", id), "remove one of them")
			}
		}
	}
}
