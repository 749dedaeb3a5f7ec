package compose

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"rapport/threads"
)

// Notices is what the archive does for a Notifier.
type Notices interface {
	// MakeNotice writes a notice once, held if it has a brake or a limit pulls one.
	MakeNotice(ctx context.Context, n threads.Notice, limits threads.BrakeLimits, peer int) (threads.Notice, error)
	// NoticeMade reports whether there is a notice with that key.
	NoticeMade(ctx context.Context, key string) (bool, error)
	// Message returns a filed mail.
	Message(ctx context.Context, id string) (threads.Message, error)
}

// NotifierConfig is what a Notifier works with.
type NotifierConfig struct {
	Archive   Notices
	Directory func() *threads.Directory
	From      threads.Address             // the house
	ReplyTo   func(project string) string // our address that takes answers; nil or "" means From's
	Sign      []*DKIM
	Limits    threads.BrakeLimits
	Now       func() time.Time
	Log       *slog.Logger
}

// Notifier makes the mail that Rapport sends by itself. All of it goes this
// way, through the brakes and into one queue, which an Outbox empties.
type Notifier struct{ cfg NotifierConfig }

// NewNotifier checks the configuration.
func NewNotifier(cfg NotifierConfig) (*Notifier, error) {
	switch {
	case cfg.Archive == nil || cfg.Directory == nil:
		return nil, errors.New("notifier: no archive or no directory")
	case cfg.From.Address == "":
		return nil, errors.New("notifier: no sender")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Notifier{cfg}, nil
}

// Made reports whether the notice with that key was made before.
func (f *Notifier) Made(ctx context.Context, key string) (bool, error) {
	return f.cfg.Archive.NoticeMade(ctx, key)
}

// Notify makes a notice: its mail is composed and queued, or a brake holds it
// (State and Brake tell). It needs Key, Kind, Subject and Body; To as well,
// unless it answers a mail: then it goes to that mail's author, and nowhere
// else. The same key makes one notice, however often it is asked for.
func (f *Notifier) Notify(ctx context.Context, n threads.Notice) (threads.Notice, error) {
	fail := func(err error) (threads.Notice, error) {
		return n, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	if n.Key == "" || n.Subject == "" {
		return fail(errors.New("it has no key or no subject"))
	}
	dir := f.cfg.Directory()
	var answered *threads.Message
	if n.Answers != "" {
		m, err := f.cfg.Archive.Message(ctx, n.Answers)
		if err != nil {
			return fail(err)
		}
		answered = &m
		n.Answers, n.Project, n.Thread, n.To = m.ID, m.Project, m.Thread, m.From
		n.Brake, n.Words = mayAnswer(&m, dir)
	}
	n.Language = primary(n.Language, languageOf(dir, n.Project))
	limit := f.cfg.Limits.Peer
	if dir.IsOurs(n.To.Address) {
		limit = f.cfg.Limits.Own
	}
	if n.Brake == "" {
		if err := f.compose(&n, answered, dir); err != nil {
			return fail(err)
		}
	} else {
		n.ID = threads.IDs{Now: f.cfg.Now}.New(threads.NoticePrefix)
	}
	made, err := f.cfg.Archive.MakeNotice(ctx, n, f.cfg.Limits, limit)
	if err != nil {
		return fail(err)
	}
	if made.Brake != "" {
		f.cfg.Log.Warn("notice.held", "notice", made.ID, "kind", made.Kind, "project", made.Project, "brake", made.Brake)
	} else if made.ID == n.ID {
		f.cfg.Log.Info("notice.made", "notice", made.ID, "kind", made.Kind, "project", made.Project)
	}
	return made, nil
}

func languageOf(dir *threads.Directory, project string) string {
	if p := dir.Project(project); p != nil {
		return p.Language
	}
	return ""
}

// Unkept is a notice as Notify makes it, for sending at once: no archive gets
// it, and no brake looks at it. It is for what nobody may find later, such as a
// link for signing in. A key that was never used makes it a mail of its own.
func (f *Notifier) Unkept(n threads.Notice) (threads.Notice, error) {
	dir := f.cfg.Directory()
	n.Language = primary(n.Language, languageOf(dir, n.Project))
	if err := f.compose(&n, nil, dir); err != nil {
		return n, fmt.Errorf("notice %s: %w", n.Kind, err)
	}
	return n, nil
}

// compose fixes the notice's bytes, as letters are made.
func (f *Notifier) compose(n *threads.Notice, answered *threads.Message, dir *threads.Directory) error {
	at := f.cfg.Now()
	if n.Due.After(at) {
		at = n.Due
	}
	r := renderNotice(n, f.cfg.From.Name, dir.Project(n.Project), at.Year())
	in := LetterInput{At: at, From: f.cfg.From, Sign: f.cfg.Sign, Salt: []byte("notice " + n.Key), untagged: true, auto: "auto-generated"}
	if f.cfg.ReplyTo != nil {
		in.ReplyTo = f.cfg.ReplyTo(n.Project)
	}
	if p := dir.Project(n.Project); p != nil && p.Zone != nil {
		in.At = at.In(p.Zone)
	}
	if answered != nil {
		in.auto, in.Series = "auto-replied", ancestors(answered)
	}
	s, letters, err := build(r, in)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(letters[0].Raw)
	n.ID, n.MessageID, n.To = s.ids.report, s.ids.messageID, letters[0].Recipient
	n.Raw, n.SHA = letters[0].Raw, hex.EncodeToString(sum[:])
	return nil
}

// longestID bounds the ids that a reply refers to: each stands on a line of its
// own, beside the name of the field.
const longestID = maxLine - 50

// ancestors are the mails that a reply refers to, the answered one last. Ids
// that cannot stand in a header are left out.
func ancestors(m *threads.Message) (s Series) {
	for _, id := range append(m.References[:len(m.References):len(m.References)], m.MessageID) {
		if len(id) <= longestID && messageID.MatchString(id) {
			s = append(s, Sent{MessageID: id, At: m.Date})
		}
	}
	return s
}

// renderNotice makes the text and HTML of a notice with the writers of letters.
func renderNotice(n *threads.Notice, house string, p *threads.Project, year int) *Rendered {
	w := wordsOf(n.Language, year)
	doc, _ := readBody(&Draft{Body: []byte(n.Body), Line: 1})
	one := &part{words: w, document: *doc}
	subject := strings.Join(strings.Fields(n.Subject), " ")
	one.furniture = &furniture{
		subject: subject, over: house, title: doc.title,
		reply: w.say("notice.reply." + string(n.Kind)), foot: w.say("notice.foot", house), notes: doc.notes,
	}
	if p != nil {
		one.furniture.over = strings.Join(notEmpty(p.Client, p.Name), " · ")
	}
	if len(doc.title) == 0 {
		one.furniture.title = plainInline(subject)
	}
	for _, b := range doc.blocks {
		if b, ok := b.(*paragraph); ok {
			one.furniture.preheader = clipWords(one.plain(b.text), preheaderLength)
			break
		}
	}
	r := &Rendered{Project: n.Project, Period: n.Key, Subject: subject, Language: w.language, To: []threads.Address{n.To}}
	if n.Signed != nil {
		r.Files = []File{{Name: "checkpoint.txt", Type: "text/plain", Body: n.Signed}}
	}
	h := &htmlWriter{}
	h.letter([]*part{one})
	r.HTML = h.b.String()
	t := &textWriter{}
	t.letter([]*part{one})
	r.Text = t.b.String()
	return r
}

// Escaped is text of others as it may stand in a notice's Markdown: without a
// mark or a link in it.
func Escaped(s string) string {
	var b strings.Builder
	for _, r := range othersWords(s) {
		if r < 0x80 && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
