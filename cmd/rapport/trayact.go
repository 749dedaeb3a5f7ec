package main

import (
	"context"
	"fmt"
	"strings"

	"rapport/threads"
)

// mailArgs are what the commands on one mail share.
type mailArgs struct {
	ID string `arg:"" help:"The mail's id, as the tray shows it, or a beginning of it that fits only one."`
	As string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

type trayFileCmd struct {
	mailArgs
	Project string `required:"" placeholder:"KEY" help:"The project that it belongs to."`
	PassOn  bool   `help:"Whoever passed it on, such as a mailing list, may do so with later mail of this sender."`
}

func (c *trayFileCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		return h.fileMail(e.ctx, by, c.ID, c.Project, c.PassOn)
	})
}

// fileMail files a mail by hand. The next mail of this sender that could be of
// several projects goes there too. passOn allows whoever has passed the mail on
// to do so again.
func (h *house) fileMail(ctx context.Context, by, mail, project string, passOn bool) (threads.Change, error) {
	m, err := h.mail(ctx, mail)
	if err != nil {
		return threads.Change{}, err
	}
	p, err := h.project(project)
	if err != nil {
		return threads.Change{}, err
	}
	change := threads.Change{Kind: threads.ChangeFile, Project: p.Key, By: by}
	if p.Belongs(m.From.Address) { // a stranger's mail is filed once, and decides nothing
		change.Address = m.From.Address
	}
	if passOn {
		if change.Via = m.PassedOnBy(); change.Via == "" || change.Address == "" {
			return threads.Change{}, usagef("mail %s was not held because somebody has passed it on for a contact of %s; file it without --pass-on", m.ID, p.Key)
		}
	}
	f, err := h.reread(ctx, m, p.Key)
	if err != nil {
		return threads.Change{}, err
	}
	f.Message.Evidence = append([]threads.Evidence{{Kind: "choice", Project: p.Key, Score: 1000, Detail: by + " filed it here"}}, f.Message.Evidence...)
	return h.store.Change(ctx, change, []threads.Filing{f})
}

type trayContactCmd struct {
	mailArgs
	Project string `required:"" placeholder:"KEY" help:"The project that its sender belongs to."`
	Name    string `placeholder:"NAME" help:"The sender's name, if not as the mail says."`
}

func (c *trayContactCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		return h.addContact(e.ctx, by, c.ID, c.Project, c.Name)
	})
}

// addContact makes a mail's sender a contact and files what waits of them.
func (h *house) addContact(ctx context.Context, by, mail, project, name string) (threads.Change, error) {
	m, err := h.mail(ctx, mail)
	if err != nil {
		return threads.Change{}, err
	}
	p, err := h.project(project)
	if err != nil {
		return threads.Change{}, err
	}
	if name == "" {
		name = m.From.String()
	}
	waiting, err := h.store.Tray(ctx, trayRead)
	if err != nil {
		return threads.Change{}, err
	}
	var filings []threads.Filing
	for _, w := range waiting {
		if !strings.EqualFold(w.From.Address, m.From.Address) || w.ID != m.ID && w.MayBeForged() {
			continue
		}
		f, err := h.reread(ctx, w, p.Key)
		if err != nil {
			return threads.Change{}, err
		}
		f.Message.Evidence = []threads.Evidence{{Kind: "contact", Project: p.Key, Score: 40, Detail: name + " was made a contact of the project by " + by}}
		filings = append(filings, f)
	}
	change := threads.Change{Kind: threads.ChangeContact, Project: p.Key, Name: name, Address: m.From.Address, By: by}
	return h.store.Change(ctx, change, filings)
}

// trayRead is how much of the tray is looked at for mail of one sender.
const trayRead = 10000

type trayDismissCmd struct{ mailArgs }

func (c *trayDismissCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) { return h.notOurs(e.ctx, by, c.ID) })
}

// notOurs takes mail that is not ours out of the tray. It is kept, and so is
// the decision: later mail of this sender does not come into the tray.
func (h *house) notOurs(ctx context.Context, by, mail string) (threads.Change, error) {
	m, err := h.mail(ctx, mail)
	switch {
	case err != nil:
		return threads.Change{}, err
	case m.Project != "":
		return threads.Change{}, fmt.Errorf("%w: mail %s is filed in %s; only mail in the tray can be dismissed", threads.ErrConflict, m.ID, m.Project)
	}
	change := threads.Change{Kind: threads.ChangeDismiss, Address: m.From.Address, By: by}
	return h.store.Change(ctx, change, []threads.Filing{{Message: m}})
}

type trayRereadCmd struct{ mailArgs }

func (c *trayRereadCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) { return h.readAgain(e.ctx, by, c.ID) })
}

// readAgain reads a mail by today's program and configuration.
func (h *house) readAgain(ctx context.Context, by, mail string) (threads.Change, error) {
	m, err := h.mail(ctx, mail)
	if err != nil {
		return threads.Change{}, err
	}
	f, err := h.reread(ctx, m, "")
	if err != nil {
		return threads.Change{}, err
	}
	return h.store.Change(ctx, threads.Change{Kind: threads.ChangeReread, Project: f.Message.Project, By: by}, []threads.Filing{f})
}

// reread is what today's program makes of a stored mail; project forces it
// there, "" lets the evidence decide.
func (h *house) reread(ctx context.Context, m threads.Message, project string) (threads.Filing, error) {
	raw, err := h.store.Raw(ctx, m.ID)
	if err != nil {
		return threads.Filing{}, err
	}
	pipeline, err := h.pipeline()
	if err != nil {
		return threads.Filing{}, err
	}
	f, err := pipeline.Reread(ctx, &m, raw, project)
	f.Message.ID = m.ID
	return f, err
}

// changeWords say what was done with so many mails.
var changeWords = map[threads.ChangeKind]string{
	threads.ChangeFile:    "filed %s",
	threads.ChangeContact: "new contact, filed %s",
	threads.ChangeDismiss: "not ours: took %s out of the tray",
	threads.ChangeReread:  "read %s again",
	threads.ChangeSplit:   "gave a thread of its own to %s",
	threads.ChangeMerge:   "joined %s to the other thread",
	threads.ChangeCorrect: "corrected items of %s",
}

// decide runs a manager's change and says how to undo it.
func (e *env) decide(login string, do func(h *house, by string) (threads.Change, error)) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	by, err := h.decider(login)
	if err != nil {
		return err
	}
	c, err := do(h, by)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, changeWords[c.Kind], count(len(c.Messages), "mail"))
	if c.Project != "" {
		fmt.Fprintf(e.out, ", in %s", c.Project)
	}
	fmt.Fprintf(e.out, "; undo it with: rapport undo %s\n", c.ID)
	return nil
}

// decider is who may change how mail is filed.
func (h *house) decider(login string) (string, error) {
	p := h.projects().Person(login)
	switch {
	case login == "":
		return "", usagef("say who decides with --as LOGIN")
	case p == nil:
		return "", fmt.Errorf("login %q: %w; see people in the configuration", login, threads.ErrNotFound)
	case p.Role == "auditor":
		return "", usagef("%s is an auditor: auditors read and change nothing", p.Login)
	}
	return p.Login, nil
}
