package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"rapport/archive/imap"
	"rapport/threads"
	"rapport/web/access"
)

// archiveServer shows the archive to mail programs, with the accounts and the
// reach that people have on the pages.
func (h *house) archiveServer() (*imap.Server, error) {
	tls, err := h.config().IMAPArchive.TLS()
	if err != nil {
		return nil, err
	}
	door := h.frontDoor()
	return imap.New(imap.Config{Archive: h.store, TLS: tls, Log: h.log,
		Login: func(ctx context.Context, name, password, remote string) (imap.Reader, error) {
			token, err := door.SignIn(ctx, access.Knock{Login: name, Password: password, Address: remote})
			switch {
			case errors.Is(err, access.ErrTooMany):
				return imap.Reader{}, errors.New("too many attempts; wait a minute")
			case errors.Is(err, access.ErrDenied):
				return imap.Reader{}, errors.New("login or password is wrong")
			case err != nil:
				h.log.Error("archive-imap.failed", "error", err)
				return imap.Reader{}, errors.New("the archive cannot be read right now")
			}
			return h.archiveReader(ctx, door, token, remote)
		}})
}

// archiveReader is who belongs to a session.
func (h *house) archiveReader(ctx context.Context, door *access.Door, token, remote string) (imap.Reader, error) {
	p, err := door.Who(ctx, token)
	if err != nil {
		return imap.Reader{}, err
	}
	d := h.projects()
	r := imap.Reader{Login: p.Login, Scope: d.ScopeOf(&p)}
	r.Mails = h.store.Within(r.Scope)
	for _, project := range d.Within(r.Scope).Projects {
		r.Projects = append(r.Projects, project.Key)
	}
	r.Still = func(ctx context.Context) error {
		_, err := door.Who(ctx, token)
		return err
	}
	r.Note = func(ctx context.Context, what threads.EntryType, detail string) error {
		return door.Note(ctx, &p, what, remote, detail)
	}
	r.Leave = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := door.SignOut(ctx, token, remote); err != nil {
			h.log.Warn("archive-imap.not-signed-out", "error", err)
		}
	}
	return r, nil
}

// runArchiveServer answers mail programs until ctx ends.
func (h *house) runArchiveServer(ctx context.Context) error {
	s, err := h.archiveServer()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", h.config().IMAPArchive.Listen)
	if err != nil {
		return fmt.Errorf("open imap_archive.listen: %w; another program has that port, or choose another one", err)
	}
	h.log.Info("archive-imap.started", "address", l.Addr().String())
	defer context.AfterFunc(ctx, func() { s.Close() })()
	if err := s.Serve(l); ctx.Err() == nil {
		return err
	}
	return nil
}
