package imap

import (
	"strings"

	"rapport/threads"
)

const delimiter = '/'

// The folders of a project.
const (
	received = "Received"
	sent     = "Sent"
)

// folder is one of the names that a reader sees.
type folder struct {
	project   string
	direction threads.Direction // "" for all mail
}

func (f folder) name() string {
	switch f.direction {
	case threads.In:
		return f.project + string(delimiter) + received
	case threads.Out:
		return f.project + string(delimiter) + sent
	}
	return f.project
}

// folders are all names of a reader.
func (r Reader) folders() (out []folder) {
	for _, p := range r.Projects {
		out = append(out, folder{p, ""}, folder{p, threads.In}, folder{p, threads.Out})
	}
	return out
}

// folder finds one by its name; INBOX, which every program wants, is empty.
func (r Reader) folder(name string) (folder, error) {
	if strings.EqualFold(name, "INBOX") {
		return folder{}, nil
	}
	for _, f := range r.folders() {
		if f.name() == name {
			return f, nil
		}
	}
	return folder{}, missing
}

// box is a folder as it was read at one moment.
type box struct {
	folder
	validity, next uint32
	mails          []threads.FolderMail
	logSize        int64
}

// read reads a folder. All folders of a project share its UIDs.
func (s *session) read(f folder) (*box, error) {
	ctx, cancel := s.context()
	defer cancel()
	if err := s.still(ctx); err != nil {
		return nil, err
	}
	b := &box{folder: f, validity: 1, next: 1}
	if f.project == "" {
		return b, nil
	}
	archive := s.server.config.Archive
	size, _, err := archive.LogHead(ctx)
	if err != nil {
		return nil, err
	}
	all, err := archive.Folder(ctx, f.project)
	if err != nil {
		return nil, err
	}
	b.validity, b.next, b.logSize = all.UIDValidity, all.UIDNext, size
	for _, m := range all.Mails {
		if (f.direction == "" || m.Direction == f.direction) && s.reader.Scope.HasDay(m.Received) {
			b.mails = append(b.mails, m)
		}
	}
	return b, nil
}
