// Package imap shows the archive to mail programs: every project is a folder
// that can be read and not changed (RFC 9051).
//
// Commands of IMAP clients come in; mails leave with the exact bytes that were
// archived. It promises: nothing can be changed, nobody sees a project that is
// not theirs, and a UID always means the same mail.
package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"golang.org/x/net/netutil"

	"rapport/threads"
)

// Mails is what a reader may read.
type Mails interface {
	// Message returns what was read from a mail.
	Message(ctx context.Context, id string) (threads.Message, error)
	// Raw returns the exact bytes of a mail.
	Raw(ctx context.Context, id string) ([]byte, error)
	// Having returns all mail of a project that may have these words, of which the
	// last may be only begun; false if any mail may.
	Having(ctx context.Context, project, words string) (ids []string, ok bool, err error)
}

// Archive is what folders are made of.
type Archive interface {
	// Folder returns a project's mails by their UIDs.
	Folder(ctx context.Context, project string) (threads.Folder, error)
	// LogHead returns the size of the log, which grows with every change.
	LogHead(ctx context.Context) (size int64, root []byte, err error)
}

// Reader is who has logged in.
type Reader struct {
	Login    string
	Projects []string                        // keys
	Scope    threads.Scope                   // what else there is, is hidden
	Mails    Mails                           // those of the scope
	Still    func(ctx context.Context) error // fails once the reader may no longer be here
	Leave    func()                          // is called at the end

	// Note is told what the reader asks for, before there is an answer; without
	// the note there is none.
	Note func(ctx context.Context, what threads.EntryType, detail string) error
}

// Config is what the server needs.
type Config struct {
	Archive Archive
	// Login returns who has this name and password; remote is where from. Its
	// error is all that the client is told.
	Login func(ctx context.Context, name, password, remote string) (Reader, error)
	TLS   *tls.Config // nil: in the clear, which is for loopback only
	Log   *slog.Logger
}

// Server shows the archive.
type Server struct {
	config Config
	imap   *imapserver.Server
	ctx    context.Context
	cancel context.CancelFunc
}

// New returns a server, or says what Config lacks.
func New(c Config) (*Server, error) {
	if c.Archive == nil || c.Login == nil {
		return nil, errors.New("archive/imap: Config.Archive and Config.Login are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{config: c}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(conn *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{server: s, conn: conn.NetConn().(*readOnly)}, &imapserver.GreetingData{}, nil
		},
		Caps: goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapNamespace: {}, goimap.CapESearch: {},
			goimap.CapListExtended: {}, goimap.CapListStatus: {}, goimap.CapStatusSize: {}, goimap.CapChildren: {}},
		InsecureAuth: true, // the listener has TLS before the first byte
		Logger:       quiet{c.Log},
	})
	return s, nil
}

// maxConnections is how many there can be at a time, logged in or not.
const maxConnections = 64

// Serve answers until Close.
func (s *Server) Serve(l net.Listener) error {
	l = newGuests(netutil.LimitListener(l, maxConnections))
	if s.config.TLS != nil {
		l = tls.NewListener(l, s.config.TLS)
	}
	return s.imap.Serve(readers{l})
}

// Close ends all connections.
func (s *Server) Close() error {
	s.cancel()
	return s.imap.Close()
}

// quiet takes what the library has to say: mostly of clients that went away.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, args ...any) {
	q.log.Debug("archive-imap.said", "words", fmt.Sprintf(format, args...))
}

// refused is the answer to everything that would change something.
var refused = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeNoPerm, Text: "This is an archive: nothing in it can be changed"}

// missing is the answer to a folder that is not there, or not for this reader.
var missing = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeNonExistent, Text: "There is no such folder"}

// tooMuch is the answer to a command that would cost more than any mail program asks.
var tooMuch = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeLimit, Text: "That is too much for one command"}
