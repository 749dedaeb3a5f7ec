package config

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"
)

// readSecret reads a secret from a file or an environment variable. It is ""
// without an error if neither is named.
func readSecret(file, env string) (string, error) {
	switch {
	case file != "":
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("the secret's file cannot be read: %w", err)
		}
		if secret := strings.TrimRight(string(b), "\r\n"); secret != "" {
			return secret, nil
		}
		return "", fmt.Errorf("the secret's file %s is empty", file)
	case env != "":
		if secret := os.Getenv(env); secret != "" {
			return secret, nil
		}
		return "", fmt.Errorf("the environment variable %s is not set", env)
	}
	return "", nil
}

// Password reads the mailbox's password as it is now.
func (m Mailbox) Password() (string, error) { return readSecret(m.PasswordFile, m.PasswordEnv) }

// Password reads the submission password as it is now.
func (s SMTP) Password() (string, error) { return readSecret(s.PasswordFile, s.PasswordEnv) }

// ClientSecret reads the secret as it is now, "" if the provider gave none.
func (o OIDC) ClientSecret() (string, error) {
	return readSecret(o.ClientSecretFile, o.ClientSecretEnv)
}

// DatabaseURL is the store's URL, for PostgreSQL with its password put in.
func (s Store) DatabaseURL() (string, error) {
	password, err := readSecret(s.PasswordFile, s.PasswordEnv)
	if err != nil || password == "" {
		return s.URL, err
	}
	return withPassword(s.URL, password)
}

// Roots are the certificates to trust: the system's, and those in the file.
// nil means the system's alone.
func (c *Config) Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca_file %s has no certificate in PEM form", file)
	}
	return pool, nil
}
