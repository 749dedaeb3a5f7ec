package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"rapport/compose"
	"rapport/compose/smtp"
	"rapport/threads"
)

// owner names this process in leases: the machine, the process and a random
// part, since process numbers come again.
func owner() string {
	host, _ := os.Hostname()
	var b [4]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), hex.EncodeToString(b[:]))
}

// sender submits letters to the configured server.
func (h *house) sender() (submitter, error) {
	s := h.config().SMTP
	if s.Server == "" {
		return nil, usagef("nothing can be sent: the configuration has no smtp.server; add the section smtp, config.example.yaml shows how")
	}
	roots, err := h.config().Roots(s.CAFile)
	if err != nil {
		return nil, err
	}
	mode := smtp.TLS(s.TLS)
	if s.TLS == "none" {
		mode = smtp.Plain
	}
	c := smtp.Config{
		Address: string(s.Server), TLS: mode, RootCAs: roots, Username: s.Username, Password: s.Password,
		Hello: threads.Domain(s.From),
	}
	if !s.OAuth.Used() {
		return smtp.New(c)
	}
	tokens, err := h.tokens("smtp", s.Username, s.OAuth)
	if err != nil {
		return nil, err
	}
	return newTokenSender(c, tokens)
}

// outbox sends what was released. tune changes its settings; nil leaves them.
func (h *house) outbox(tune func(*compose.OutboxConfig)) (*compose.Outbox, error) {
	sender, err := h.sender()
	if err != nil {
		return nil, err
	}
	s := h.config().SMTP
	c := compose.OutboxConfig{
		Archive: h.store, Sender: sender, Owner: owner(), From: s.From, Copy: s.Copy, Now: time.Now, Log: h.log, When: h.hours(),
	}
	c.Unknown.Tell = func(_ context.Context, d threads.Delivery) {
		h.log.Warn("outbox.unknown", "letter", d.Letter, "report", d.Report, "attempts", d.Attempts)
	}
	if tune != nil {
		tune(&c)
	}
	return compose.NewOutbox(c)
}

// hours tell when a letter may go to its client.
func (h *house) hours() func(threads.Letter, time.Time) time.Time {
	return func(l threads.Letter, now time.Time) time.Time {
		p := h.projects().Project(l.Project)
		if p == nil || l.AnyHour {
			return now
		}
		return p.Hours.Next(now)
	}
}

// signers are the DKIM keys of the configuration.
func (h *house) signers() ([]*compose.DKIM, error) {
	d := h.config().SMTP.DKIM
	if d.KeyFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(d.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the DKIM key: %w", err)
	}
	key, err := compose.NewDKIM(d.Domain, d.Selector, pem)
	if err != nil {
		return nil, err
	}
	return []*compose.DKIM{key}, nil
}

// smime is the certificate of the configuration that signs letters.
func (h *house) smime() ([]*compose.SMIME, error) {
	f := h.config().SMTP.SMIME
	if f.CertFile == "" {
		return nil, nil
	}
	certificates, err := os.ReadFile(f.CertFile)
	if err != nil {
		return nil, fmt.Errorf("read the S/MIME certificate: %w", err)
	}
	key, err := os.ReadFile(f.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key of the S/MIME certificate: %w", err)
	}
	s, err := compose.NewSMIME(certificates, key)
	if err != nil {
		return nil, err
	}
	return []*compose.SMIME{s}, nil
}
