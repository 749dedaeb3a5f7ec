package imap

import (
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
)

// lookAgain is how soon a client that waits hears of new mail.
const lookAgain = 5 * time.Second

// Idle tells of what comes until the client has enough.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-s.server.ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Poll tells what has come and gone since the client was told last. Mail that
// was filed elsewhere keeps its number until a command that allows to say so.
func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if s.box == nil || s.box.project == "" {
		return nil
	}
	ctx, cancel := s.context()
	defer cancel()
	if err := s.still(ctx); err != nil {
		return err
	}
	if size, _, err := s.server.config.Archive.LogHead(ctx); err != nil || size == s.box.logSize {
		return err
	}
	now, err := s.read(s.box.folder)
	if err != nil {
		return err
	}
	here := map[uint32]bool{}
	for _, m := range now.mails {
		here[m.UID] = true
	}
	gone := false
	for i := len(s.box.mails) - 1; i >= 0; i-- {
		if here[s.box.mails[i].UID] {
			continue
		}
		if !allowExpunge {
			gone = true
			continue
		}
		s.box.mails = append(s.box.mails[:i:i], s.box.mails[i+1:]...)
		if err := w.WriteExpunge(uint32(i + 1)); err != nil {
			return err
		}
	}
	last, told := s.box.next, len(s.box.mails)
	for _, m := range now.mails {
		if m.UID >= last {
			s.box.mails = append(s.box.mails, m)
		}
	}
	s.box.next = now.next
	if !gone {
		s.box.logSize = now.logSize
	}
	if len(s.box.mails) == told {
		return nil
	}
	return w.WriteNumMessages(uint32(len(s.box.mails)))
}
