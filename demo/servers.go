package demo

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

// Servers are the mail server inside: our mailbox over IMAP, and an SMTP
// server that keeps every letter instead of sending it.
type Servers struct {
	IMAPAddr string // "127.0.0.1:40143", plain
	SMTPAddr string // "127.0.0.1:40125", plain, AUTH PLAIN

	password string
	imap     *imapserver.Server
	smtp     *smtp.Server
	serving  sync.WaitGroup

	mu    sync.Mutex // one arrival at a time: its number, its file and its UID agree
	spool *spool
	inbox *imapmemserver.User
}

// StartServers opens the spool in dir, fills the mailbox with the sample mails
// and then with the arrivals of earlier runs, and listens on free ports of
// 127.0.0.1.
func StartServers(dir, password string, samples []Mail) (*Servers, error) {
	sp, arrivals, err := openSpool(dir)
	if err != nil {
		return nil, err
	}
	s := &Servers{password: password, spool: sp, inbox: imapmemserver.NewUser(Username, password)}
	if err := s.inbox.Create("INBOX", nil); err != nil {
		return nil, fmt.Errorf("make the demo's mailbox: %w", err)
	}
	for _, m := range samples {
		if err := s.put(m.Raw); err != nil {
			return nil, err
		}
	}
	for _, a := range arrivals {
		if err := s.deliver(a); err != nil {
			return nil, err
		}
	}
	if err := s.listen(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// listen starts both servers on ports that the system chooses.
func (s *Servers) listen() error {
	mem := imapmemserver.New()
	mem.AddUser(s.inbox)
	quiet := log.New(io.Discard, "", 0)
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}},
		Logger:       quiet,
		InsecureAuth: true, // loopback only
	})
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{servers: s}, nil
	}))
	s.smtp.Domain = "mail.northlight.example"
	s.smtp.AllowInsecureAuth = true // loopback only
	s.smtp.MaxMessageBytes = 50 << 20
	s.smtp.MaxRecipients = 5 // they are the name of the letter's file
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.ErrorLog = quiet

	var err error
	if s.IMAPAddr, err = s.serve("IMAP", s.imap.Serve); err != nil {
		return err
	}
	s.SMTPAddr, err = s.serve("SMTP", s.smtp.Serve)
	return err
}

// serve listens on a free port and serves it until Close.
func (s *Servers) serve(what string, serve func(net.Listener) error) (addr string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start the demo's %s server: %w", what, err)
	}
	s.serving.Go(func() { serve(l) }) // ends with an error when Close closes the listener
	return l.Addr().String(), nil
}

// Close ends both servers and their connections.
func (s *Servers) Close() error {
	var err error
	if s.imap != nil {
		err = s.imap.Close()
	}
	if s.smtp != nil {
		if closing := s.smtp.Close(); !errors.Is(closing, smtp.ErrServerClosed) {
			err = errors.Join(err, closing)
		}
	}
	s.serving.Wait()
	return err
}

// put adds a mail to the mailbox. INTERNALDATE is the mail's own date, so that
// it is the same after each start.
func (s *Servers) put(raw []byte) error {
	_, err := s.inbox.Append("INBOX", newLiteral(raw), &imap.AppendOptions{Time: dateOf(raw)})
	if err != nil {
		return fmt.Errorf("fill the demo's mailbox: %w", err)
	}
	return nil
}

// deliver puts what has arrived for us into the mailbox: what clients write,
// and of a letter the copy that we asked for.
func (s *Servers) deliver(a arrival) error {
	switch {
	case a.folder == clientFolder:
		return s.put(a.raw)
	case letterOf(a).forUs():
		return s.put(copyOf(a.raw))
	}
	return nil
}

// Receive delivers a client's mail to us: stored first, then visible over IMAP.
// The same bytes are delivered once however often this is called, so a killed
// demo may repeat the step.
func (s *Servers) Receive(name string, raw []byte) (added bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, err := s.spool.has(clientFolder, raw)
	if known || err != nil {
		return false, err
	}
	a, err := s.spool.add(clientFolder, name, raw)
	if err != nil {
		return false, err
	}
	return true, s.deliver(a)
}

// accept takes a submitted letter: stored first, then our copy visible over
// IMAP, and only then does the caller say 250.
func (s *Servers) accept(recipients string, raw []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.spool.add(sinkFolder, recipients, raw)
	if err != nil {
		return err
	}
	return s.deliver(a)
}

// Letters are all letters that the sink has ever accepted, in order.
func (s *Servers) Letters() ([]Letter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.spool.read(sinkFolder)
	if err != nil {
		return nil, fmt.Errorf("read the demo's letters: %w", err)
	}
	var letters []Letter
	for _, a := range all {
		letters = append(letters, letterOf(a))
	}
	return letters, nil
}
