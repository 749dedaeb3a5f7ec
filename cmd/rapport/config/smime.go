package config

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
)

// SMIME signs letters with the certificate of the address that they come from
// (RFC 8551); mail programs show it beside the sender's name.
type SMIME struct {
	CertFile string `yaml:"cert_file"` // PEM, with those that lead to a root behind it
	KeyFile  string `yaml:"key_file"`
}

func (k *checker) smime() {
	s := k.c.SMTP.SMIME
	if s == (SMIME{}) {
		return
	}
	pair, err := tls.LoadX509KeyPair(s.CertFile, s.KeyFile)
	if err != nil {
		k.problem("smtp.smime", "has no usable certificate: "+err.Error(), "write in cert_file and key_file the paths of a certificate and its key in PEM form")
		return
	}
	named := pair.Leaf.EmailAddresses
	if from := k.c.SMTP.From; !slices.ContainsFunc(named, func(a string) bool { return strings.EqualFold(a, from) }) {
		k.problem("smtp.smime.cert_file", fmt.Sprintf("is a certificate for %q, and letters come from %s", strings.Join(named, ", "), from), "get one for that address, or change smtp.from")
	}
}
