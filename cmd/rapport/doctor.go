package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"rapport/cmd/rapport/config"
	"rapport/store"
)

type doctorCmd struct {
	RoundTrip bool          `help:"Send a mail to ourselves and await it in the mailboxes. It stays there."`
	Wait      time.Duration `default:"2m" placeholder:"TIME" help:"How long to await it (${default})."`
	JSON      bool          `help:"Print JSON."`
}

// level says how much a finding matters. Only errors make the exit code 1.
type level string

const (
	fine    level = "ok"
	note    level = "note"
	warning level = "warning"
	wrong   level = "error"
)

// finding is one thing that the doctor saw.
type finding struct {
	About string `json:"about"` // "mailbox projects", "smtp", "domain agency.example"
	Level level  `json:"level"`
	Code  string `json:"code"` // a fixed word, for scripts
	Words string `json:"words"`
	Fix   string `json:"fix,omitempty"` // what to mend
}

// chart collects what is found about one thing.
type chart struct {
	about    string
	findings []finding
}

func (c *chart) add(l level, code, fix, words string, args ...any) {
	c.findings = append(c.findings, finding{c.about, l, code, line(fmt.Sprintf(words, args...)), line(fix)})
}

func (c *chart) ok(code, words string, args ...any)         { c.add(fine, code, "", words, args...) }
func (c *chart) note(code, fix, words string, args ...any)  { c.add(note, code, fix, words, args...) }
func (c *chart) warn(code, fix, words string, args ...any)  { c.add(warning, code, fix, words, args...) }
func (c *chart) wrong(code, fix, words string, args ...any) { c.add(wrong, code, fix, words, args...) }

// resolver is the part of net.Resolver that the doctor asks.
type resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// doctor looks at everything that a configuration names.
type doctor struct {
	*house
	now     func() time.Time
	dns     resolver
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	patient time.Duration // with each server
}

// Run examines and prints. What is to be mended makes the exit code 1.
func (c *doctorCmd) Run(e *env) error {
	h, err := e.settings()
	if err != nil {
		return err
	}
	d := &doctor{house: h, now: time.Now, dns: names{net.DefaultResolver}, dial: new(net.Dialer).DialContext, patient: time.Minute}
	findings := d.examine(e.ctx)
	if c.RoundTrip {
		findings = append(findings, d.roundTrip(e.ctx, c.Wait)...)
	} else if h.config().SMTP.Server != "" && len(h.config().Mailboxes) > 0 {
		findings = append(findings, finding{About: "round trip", Level: note, Code: "round-trip.skipped",
			Words: "not tried", Fix: `"rapport doctor --round-trip" sends a mail to ourselves and awaits it`})
	}
	if d.store != nil {
		defer d.close()
	}
	errors := 0
	for _, f := range findings {
		if f.Level == wrong {
			errors++
		}
	}
	if c.JSON {
		err = printJSON(e.out, map[string]any{"healthy": errors == 0, "findings": findings})
	} else {
		printFindingsOf(e.out, findings)
	}
	if err == nil && errors > 0 {
		err = fmt.Errorf("%s to mend", count(errors, "thing"))
	}
	return err
}

// examine looks at all but the round trip: first at the archive, which says what
// was read before. Servers are visited side by side, a few at a time; the
// findings keep the order of the configuration.
func (d *doctor) examine(ctx context.Context) []finding {
	findings := d.examineArchive(ctx)
	visits := []func(context.Context) []finding{d.examineSecrets}
	for _, m := range d.config().Mailboxes {
		visits = append(visits, func(ctx context.Context) []finding { return d.examineMailbox(ctx, m) })
	}
	if d.config().SMTP.Server != "" {
		visits = append(visits, d.examineSMTP, d.examineDomain)
	}
	results := make([][]finding, len(visits))
	var all errgroup.Group
	all.SetLimit(4)
	for i, visit := range visits {
		all.Go(func() error {
			ctx, cancel := context.WithTimeoutCause(ctx, d.patient, fmt.Errorf("no answer within %s", d.patient))
			defer cancel()
			results[i] = visit(ctx)
			return nil
		})
	}
	all.Wait()
	for _, r := range results {
		findings = append(findings, r...)
	}
	return findings
}

// examineArchive opens the store, as every other command would.
func (d *doctor) examineArchive(ctx context.Context) []finding {
	c := &chart{about: "archive"}
	url, err := d.config().Store.DatabaseURL()
	if err == nil {
		d.store, err = store.Open(ctx, store.Config{URL: url, Log: d.log})
	}
	if err != nil {
		c.wrong("archive.open", "mend store.url, or the rights of Rapport's user there", "it does not open: %v", err)
		return c.findings
	}
	kind, _, _ := strings.Cut(url, ":")
	c.ok("archive.open", "it opens (%s)", kind)
	return c.findings
}

// examineSecrets looks who may read them, and how logins by token stand.
func (d *doctor) examineSecrets(context.Context) []finding {
	c := &chart{about: "secrets"}
	files := []string{
		d.config().Store.PasswordFile, d.config().Agency.ReplyKeyFile, d.config().SMTP.DKIM.KeyFile, d.config().SMTP.SMIME.KeyFile,
		d.config().SMTP.PasswordFile, d.config().Log.KeyFile, d.config().IMAPArchive.KeyFile,
		d.config().Reader.KeyFile, d.config().Web.OIDC.ClientSecretFile,
	}
	if path, isFile := strings.CutPrefix(d.config().Store.URL, "sqlite:"); isFile {
		files = append(files, path)
	}
	logins := []config.OAuth{d.config().SMTP.OAuth}
	for _, m := range d.config().Mailboxes {
		files = append(files, m.PasswordFile)
		logins = append(logins, m.OAuth)
	}
	for _, o := range logins {
		files = append(files, o.ClientSecretFile, o.TokenFile)
	}
	open := openFiles(files)
	for _, path := range open {
		c.warn("secrets.open", "chmod 600 "+path, "%s can be read by other users of this machine", path)
	}
	if len(open) == 0 {
		c.ok("secrets.open", "their files are closed to other users")
	}
	return c.findings
}

// printFindingsOf writes findings for people, grouped by what they are about.
func printFindingsOf(w io.Writer, findings []finding) {
	about := ""
	for _, f := range findings {
		if f.About != about {
			if about != "" {
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, f.About)
			about = f.About
		}
		fmt.Fprintf(w, "  %-8s %s\n", f.Level, f.Words)
		if f.Fix != "" {
			fmt.Fprintf(w, "  %-8s %s\n", "", "→ "+f.Fix)
		}
	}
}
