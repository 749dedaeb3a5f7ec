package imap

import (
	"context"
	"slices"
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"rapport/threads"
)

// session is one connection.
type session struct {
	server *Server
	conn   *readOnly
	reader Reader
	box    *box // selected, as the client has been told of it; nil if none
	failed int  // logins
}

// maxLogins is how often one connection may try.
const maxLogins = 3

func (s *session) Login(name, password string) error {
	if s.failed >= maxLogins {
		return &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeAuthenticationFailed, Text: "Too many failed logins"}
	}
	ctx, cancel := s.context()
	defer cancel()
	r, err := s.server.config.Login(ctx, name, password, address(s.conn).String())
	if err != nil {
		s.failed++
		return &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeAuthenticationFailed, Text: err.Error()}
	}
	s.reader = r
	welcome(s.conn.Conn)
	s.server.config.Log.Info("archive-imap.login", "login", r.Login)
	return nil
}

// context bounds one step of a command.
func (s *session) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.server.ctx, patience)
}

// patience is how long one step of a command may take.
const patience = time.Minute

// still ends the session of a reader who may no longer be here.
func (s *session) still(ctx context.Context) error {
	if s.reader.Still == nil || s.reader.Still(ctx) == nil {
		return nil
	}
	s.reader, s.box = Reader{Leave: s.reader.Leave}, nil
	return &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeExpired, Text: "Your access has ended"}
}

// check is still for a command that reads from the selected folder.
func (s *session) check() error {
	s.conn.selecting = false // that was answered
	ctx, cancel := s.context()
	defer cancel()
	return s.still(ctx)
}

// note tells what the reader asks of the selected folder.
func (s *session) note(what threads.EntryType, detail string) error {
	if s.box == nil || s.box.project == "" || s.reader.Note == nil {
		return nil
	}
	ctx, cancel := s.context()
	defer cancel()
	return s.reader.Note(ctx, what, "imap: "+s.box.name()+detail)
}

func (s *session) Close() error {
	if s.reader.Leave != nil {
		s.reader.Leave()
	}
	return nil
}

func (s *session) Namespace() (*goimap.NamespaceData, error) {
	return &goimap.NamespaceData{Personal: []goimap.NamespaceDescriptor{{Delim: delimiter}}}, nil
}

// maxWildcards bounds the wildcards of a pattern: the library tries each place
// of a name for each of them.
const maxWildcards = 4

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *goimap.ListOptions) error {
	if slices.ContainsFunc(patterns, func(p string) bool { return strings.Count(p, "*")+strings.Count(p, "%") > maxWildcards }) {
		return tooMuch
	}
	if len(patterns) == 0 {
		return w.WriteList(&goimap.ListData{Attrs: []goimap.MailboxAttr{goimap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, f := range append([]folder{{}}, s.reader.folders()...) {
		name := f.name()
		if f.project == "" {
			name = "INBOX"
		}
		if !slices.ContainsFunc(patterns, func(p string) bool { return imapserver.MatchList(name, delimiter, ref, p) }) {
			continue
		}
		data := &goimap.ListData{Mailbox: name, Delim: delimiter, Attrs: []goimap.MailboxAttr{goimap.MailboxAttrHasNoChildren}}
		if f.project != "" && f.direction == "" {
			data.Attrs = []goimap.MailboxAttr{goimap.MailboxAttrHasChildren}
		}
		if options.SelectSubscribed || options.ReturnSubscribed {
			data.Attrs = append(data.Attrs, goimap.MailboxAttrSubscribed)
		}
		if options.ReturnStatus != nil {
			var err error
			if data.Status, err = s.Status(name, options.ReturnStatus); err != nil {
				return err
			}
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Status(name string, options *goimap.StatusOptions) (*goimap.StatusData, error) {
	f, err := s.reader.folder(name)
	if err != nil {
		return nil, err
	}
	b, err := s.read(f)
	if err != nil {
		return nil, err
	}
	d := &goimap.StatusData{Mailbox: name}
	n, none, size := uint32(len(b.mails)), uint32(0), int64(0)
	if options.NumMessages {
		d.NumMessages = &n
	}
	if options.UIDNext {
		d.UIDNext = goimap.UID(b.next)
	}
	if options.UIDValidity {
		d.UIDValidity = b.validity
	}
	if options.NumUnseen { // what is archived counts as read
		d.NumUnseen = &none
	}
	if options.NumRecent {
		d.NumRecent = &none
	}
	if options.NumDeleted {
		d.NumDeleted = &none
	}
	if options.Size {
		for _, m := range b.mails {
			size += m.Size
		}
		d.Size = &size
	}
	return d, nil
}

func (s *session) Select(name string, options *goimap.SelectOptions) (*goimap.SelectData, error) {
	f, err := s.reader.folder(name)
	if err != nil {
		return nil, err
	}
	b, err := s.read(f)
	if err != nil {
		return nil, err
	}
	s.box = b
	if err := s.note(threads.EntryRead, ""); err != nil {
		s.box = nil
		return nil, err
	}
	s.conn.selecting = !options.ReadOnly
	return &goimap.SelectData{
		Flags: []goimap.Flag{goimap.FlagSeen}, PermanentFlags: []goimap.Flag{},
		NumMessages: uint32(len(b.mails)), UIDNext: goimap.UID(b.next), UIDValidity: b.validity,
	}, nil
}

func (s *session) Unselect() error {
	s.box = nil
	return nil
}

// What would change something is refused, whoever asks.

func (s *session) Create(string, *goimap.CreateOptions) error         { return refused }
func (s *session) Delete(string) error                                { return refused }
func (s *session) Rename(string, string, *goimap.RenameOptions) error { return refused }
func (s *session) Unsubscribe(string) error                           { return refused }

// Subscribe has nothing to do: every folder is subscribed.
func (s *session) Subscribe(name string) error {
	_, err := s.reader.folder(name)
	return err
}

func (s *session) Append(string, goimap.LiteralReader, *goimap.AppendOptions) (*goimap.AppendData, error) {
	return nil, refused
}

// AppendLimit makes the server refuse a mail before it is sent.
func (s *session) AppendLimit() uint32 { return 0 }

// Expunge has nothing to do, since nothing can be marked as deleted; CLOSE asks
// for it too.
func (s *session) Expunge(*imapserver.ExpungeWriter, *goimap.UIDSet) error { return nil }

func (s *session) Store(*imapserver.FetchWriter, goimap.NumSet, *goimap.StoreFlags, *goimap.StoreOptions) error {
	return refused
}

func (s *session) Copy(goimap.NumSet, string) (*goimap.CopyData, error) { return nil, refused }
