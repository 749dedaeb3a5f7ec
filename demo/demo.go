// Package demo is the world in which `rapport demo` lives: a mail server
// inside the process, three projects with the mail of their clients, drafts,
// and a client who answers.
//
// What comes in is a directory and the letters that Rapport submits; what goes
// out is a configuration that points at the servers, mail over IMAP, and the
// letters as files. Promised: everything that a server of the demo has
// accepted is in the directory before it said so, so the program may be killed
// anywhere and started again on the same directory; the mailbox then has the
// same mails under the same UIDs. Nothing but loopback is used, and a letter
// to an address outside .example is refused.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// The mailbox that is polled, and the login for it and for submission.
const (
	Mailbox  = "projects@northlight.example"
	Username = Mailbox
)

// Manager is the login of the person as whom everybody looks at the demo.
const Manager = "mara"

//go:embed mails/*.eml
var mails embed.FS

// Mail is one sample mail as a poller fetches it.
type Mail struct {
	Name string // "03-checkout-html-only"
	Raw  []byte
}

// Mails are the sample mails in the order in which they arrived.
func Mails() ([]Mail, error) {
	names, err := fs.Glob(mails, "mails/*.eml") // sorted, and numbered by arrival
	if err != nil {
		return nil, fmt.Errorf("sample mails: %w", err)
	}
	var all []Mail
	for _, name := range names {
		raw, err := mails.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("sample mails: %w", err)
		}
		all = append(all, Mail{Name: strings.TrimSuffix(path.Base(name), ".eml"), Raw: raw})
	}
	return all, nil
}
