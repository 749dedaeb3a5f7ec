package demo

import (
	_ "embed"
	"strings"
)

//go:embed rapport.yaml
var configuration string

// Config is the configuration that points at the servers. The password file
// that it names is the caller's to write.
func (s *Servers) Config(web string) []byte {
	return []byte(strings.NewReplacer("{{imap}}", s.IMAPAddr, "{{smtp}}", s.SMTPAddr, "{{web}}", web).Replace(configuration))
}
