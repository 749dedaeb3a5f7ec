package config

import (
	"crypto/tls"
	"fmt"
	"net"
)

// IMAPArchive is the archive as an IMAP server, to read only.
type IMAPArchive struct {
	Listen   string `yaml:"listen"`
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

// Used reports whether mail programs can read the archive.
func (a IMAPArchive) Used() bool { return a.Listen != "" }

// TLS is what clients are shown, nil if they come from this machine only.
func (a IMAPArchive) TLS() (*tls.Config, error) {
	if a.CertFile == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(a.CertFile, a.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("imap_archive.cert_file: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

func (c *Config) imapArchiveDefaults() {
	a := &c.IMAPArchive
	a.CertFile, a.KeyFile = c.path(a.CertFile), c.path(a.KeyFile)
}

func (k *checker) imapArchive() {
	a := k.c.IMAPArchive
	if a == (IMAPArchive{}) {
		return
	}
	host, _, err := net.SplitHostPort(a.Listen)
	if err != nil {
		k.problem("imap_archive.listen", fmt.Sprintf("%q is no address with a port", a.Listen), "write it as 127.0.0.1:8993")
		return
	}
	if (a.CertFile == "") != (a.KeyFile == "") {
		k.problem("imap_archive", "has only one of cert_file and key_file", "write both, or none")
		return
	}
	if a.CertFile == "" && !loopback(host) {
		k.problem("imap_archive.listen", "would take passwords in the clear from other machines", "set cert_file and key_file, or listen on 127.0.0.1")
	}
	if _, err := a.TLS(); err != nil {
		k.problem("imap_archive.cert_file", err.Error(), "write the paths of a certificate and its key in PEM form")
	}
}
