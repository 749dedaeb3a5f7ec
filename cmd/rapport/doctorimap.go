package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"rapport/cmd/rapport/config"
	"rapport/cmd/rapport/oauth"
)

// examineMailbox logs in to an IMAP server, looks at what it can, and opens
// the folder as the poller would.
func (d *doctor) examineMailbox(ctx context.Context, m config.Mailbox) []finding {
	v := &imapVisit{visit: visit{chart: &chart{about: "mailbox " + m.Name}, d: d, address: string(m.Server), mode: m.TLS}, m: m}
	if v.look(ctx) {
		v.open(ctx)
	}
	return v.findings
}

type imapVisit struct {
	visit
	m      config.Mailbox
	client *imapclient.Client
}

// wanted are the capabilities that make a difference for us.
var wanted = []struct {
	cap     imap.Cap
	without string
	moving  bool // matters only if mails are moved after filing
}{
	{imap.CapIdle, "new mail is seen only at each poll, every %s", false},
	{imap.CapMove, "mails are moved by copying them and deleting the old ones", true},
	{imap.CapUIDPlus, "moved mails leave a copy behind that is only marked as deleted", true},
}

// look tells whether the folder can be tried.
func (v *imapVisit) look(ctx context.Context) bool {
	if err := v.greet(ctx); err != nil {
		return false
	}
	defer v.client.Close()
	v.secured()
	before := v.client.Caps()
	if before == nil {
		v.wrong("imap.capability", "ask whoever runs the server", "the server does not say what it can")
		return false
	}
	if !v.login(ctx, before) {
		return false
	}
	caps := v.client.Caps()
	if caps.Has(imap.CapID) {
		v.client.ID(&imap.IDData{Name: "Rapport", Version: programVersion()}).Wait() // some refuse the next step without it
	}
	v.capabilities(caps)
	v.folder()
	return true
}

// greet connects and waits for the server's first words.
func (v *imapVisit) greet(ctx context.Context) error {
	roots, err := v.d.config().Roots(v.m.CAFile)
	if err != nil {
		v.wrong("tls", "mend ca_file", "%v", err)
		return err
	}
	settings := v.settings(roots, "imap")
	conn, err := v.connect(ctx, settings)
	if err != nil {
		return err
	}
	small := &bounded{conn, 4 << 20}
	options := &imapclient.Options{TLSConfig: settings}
	if v.mode == "starttls" {
		v.client, err = imapclient.NewStartTLS(small, options)
		if err != nil {
			v.insecure(err)
			conn.Close()
			return err
		}
	} else {
		v.client = imapclient.New(small, options)
	}
	if err := v.client.WaitGreeting(); err != nil {
		v.wrong("imap.greeting", "is this the port of an IMAP server?", "the server at %s does not greet: %v", v.address, err)
		v.client.Close()
		return err
	}
	return nil
}

// login tries the login as the poller does it.
func (v *imapVisit) login(ctx context.Context, caps imap.CapSet) bool {
	if v.client.State() == imap.ConnStateAuthenticated {
		v.ok("imap.login", "the server lets us in without a login")
		return true
	}
	host := v.m.Server.Host()
	if v.m.OAuth.Used() {
		return v.loginByToken(ctx, caps)
	}
	password, err := v.m.Password()
	if err != nil {
		v.wrong("imap.login", "create it, or mend the setting", "%v", err)
		return false
	}
	switch {
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = v.client.Authenticate(sasl.NewPlainClient("", v.m.Username, password))
	case caps.Has(imap.CapLoginDisabled):
		fix := "set tls: starttls or tls"
		if v.mode != "none" {
			fix = loginHint(host, "")
		}
		v.wrong("imap.login", fix, "the server takes no password here; it offers %s", mechanisms(caps))
		return false
	default:
		err = v.client.Login(v.m.Username, password).Wait()
	}
	if err != nil {
		v.wrong("imap.login", loginHint(host, err.Error()), "the server refuses the login as %s: %v", v.m.Username, err)
		return false
	}
	v.ok("imap.login", "logged in as %s", v.m.Username)
	return true
}

func (v *imapVisit) loginByToken(ctx context.Context, caps imap.CapSet) bool {
	v.stateOf(v.d.loginStatus(v.m.Name, v.m.Username, v.m.OAuth))
	mechanism := strings.ToUpper(v.m.OAuth.Mechanism)
	if !caps.Has(imap.AuthCap(mechanism)) {
		fix := "use a password here"
		for _, other := range []string{"xoauth2", "oauthbearer"} {
			if caps.Has(imap.AuthCap(strings.ToUpper(other))) {
				fix = "set oauth.mechanism: " + other
			}
		}
		v.wrong("imap.login", fix, "the server takes no %s; it offers %s", mechanism, mechanisms(caps))
		return false
	}
	tokens, err := v.d.tokens(v.m.Name, v.m.Username, v.m.OAuth)
	var client sasl.Client
	if err == nil {
		client, err = tokens.SASL(ctx, mechanism, v.address)
	}
	if err != nil {
		fix := ""
		if errors.Is(err, oauth.ErrEnded) {
			fix = fmt.Sprintf("run \"rapport login %s\"", v.m.Name)
		}
		v.wrong("imap.token", fix, "%v", err)
		return false
	}
	if err := v.client.Authenticate(client); err != nil {
		v.wrong("imap.login", fmt.Sprintf("run \"rapport login %s\" and sign in as %s; see that the account may use IMAP", v.m.Name, v.m.Username),
			"cannot log in by token as %s: %v", v.m.Username, err)
		return false
	}
	v.ok("imap.login", "logged in by token as %s", v.m.Username)
	return true
}

func mechanisms(caps imap.CapSet) string {
	list := caps.AuthMechanisms()
	if len(list) == 0 {
		return "nothing"
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// capabilities lists what the server can, and what that means for us.
func (v *imapVisit) capabilities(caps imap.CapSet) {
	var names []string
	for c := range caps {
		names = append(names, string(c))
	}
	slices.Sort(names)
	v.ok("imap.capability", "the server can %s", strings.Join(names[:min(len(names), 60)], " "))
	moves := strings.HasPrefix(v.m.After, "move ")
	for _, w := range wanted {
		if caps.Has(w.cap) {
			continue
		}
		words := w.without
		if strings.Contains(words, "%s") {
			words = fmt.Sprintf(words, v.m.Poll)
		}
		if w.moving && !moves {
			words = "which matters only with after: move"
		}
		v.note("imap.missing", "", "it has no %s: %s", w.cap, words)
	}
}

// folder looks whether the folders are there, and at the time of the last mail.
func (v *imapVisit) folder() {
	box, err := v.client.Select(v.m.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		fix := "write the folder as people see it in their mail program"
		if names := v.folders(); len(names) > 0 {
			fix += "; there are: " + strings.Join(names, ", ")
		}
		if strings.Contains(err.Error(), "Unsafe Login") {
			fix = "NetEase wants the account to allow IMAP to programs: look into the mailbox's settings"
		}
		v.wrong("imap.folder", fix, "the folder %q does not open: %v", v.m.Folder, err)
		return
	}
	if to, moves := strings.CutPrefix(v.m.After, "move "); moves && !slices.Contains(v.folders(), strings.TrimSpace(to)) {
		v.note("imap.move", "", "the folder %q, to which filed mail is moved, is not there yet; it is made when it is needed", strings.TrimSpace(to))
	}
	if box.NumMessages == 0 {
		return
	}
	last, err := v.client.Fetch(imap.SeqSetNum(box.NumMessages), &imap.FetchOptions{InternalDate: true}).Collect()
	now := v.d.now()
	if err == nil && len(last) == 1 && last[0].InternalDate.After(now) {
		v.skew(last[0].InternalDate, now, now, v.m.Server.Host())
	}
	v.senders(box.NumMessages)
}

// folders are the names of the server's folders, the first of them.
func (v *imapVisit) folders() []string {
	list, err := v.client.List("", "*", nil).Collect()
	if err != nil {
		return nil
	}
	var names []string
	for _, l := range list {
		names = append(names, l.Mailbox)
	}
	slices.Sort(names)
	return names[:min(len(names), 40)]
}

// open tries the way that the poller goes.
func (v *imapVisit) open(ctx context.Context) {
	box, err := v.d.mailbox(v.m, nil)
	if err != nil {
		v.wrong("imap.open", "", "%v", err)
		return
	}
	s, err := box.Open(ctx, false)
	if err != nil {
		if !slices.ContainsFunc(v.findings, func(f finding) bool { return f.Code == "imap.folder" }) {
			v.wrong("imap.open", "", "the poller cannot open it: %v", err)
		}
		return
	}
	defer s.Close()
	v.ok("imap.open", "the folder %s opens: %s, UIDVALIDITY %d", v.m.Folder, count(int(s.Folder().Messages), "mail"), s.Folder().UIDValidity)
	v.first(ctx, s)
}
