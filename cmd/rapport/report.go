package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rapport/compose"
	"rapport/threads"
)

type reportCmd struct {
	New     reportNewCmd     `cmd:"" help:"Print a draft with the answers owed and the promises made."`
	Check   reportCheckCmd   `cmd:"" help:"Say what is wrong with a draft: errors block, warnings tell."`
	Render  reportRenderCmd  `cmd:"" help:"Write the letter as it would be sent: HTML, text and raw mail."`
	Approve reportApproveCmd `cmd:"" help:"Fix the bytes of a report and its recipients."`
	Send    reportSendCmd    `cmd:"" help:"Send an approved report, or a test to yourself."`
	List    reportListCmd    `cmd:"" help:"List reports, the latest first."`
	Show    reportShowCmd    `cmd:"" help:"Show a report, its letters and what the client answered to each point."`
	Again   reportAgainCmd   `cmd:"" help:"Send a report to somebody else at the client, as a second contact."`
	Cancel  reportCancelCmd  `cmd:"" help:"Withdraw an approved report of which nothing has gone out."`
}

type reportNewCmd struct {
	Project string `arg:"" help:"The project's key."`
	Out     string `short:"o" placeholder:"FILE" help:"Write to a file, which must not exist, instead of printing."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who writes; the project's first manager unless named."`
}

func (c *reportNewCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	p, err := h.project(c.Project)
	if err != nil {
		return err
	}
	manager, err := h.manager(p, c.As)
	if err != nil {
		return err
	}
	past, err := h.past(e, p.Key)
	if err != nil {
		return err
	}
	in := compose.SkeletonInput{Project: p, Manager: manager, Past: past, Now: time.Now()}
	if in.Said, err = h.said(e, p.Key, past.Reports); err != nil {
		return err
	}
	if in.Ratings, err = h.store.Ratings(e.ctx, p.Key, ratingsRead); err != nil {
		return err
	}
	if in.Template, in.Path, err = h.config().Skeleton(p.Key); err != nil {
		return err
	}
	draft, err := compose.NewDraft(in)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = e.out.Write(draft)
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already and stays as it is; name another file, or remove it first", c.Out)
	}
	if err != nil {
		return fmt.Errorf("write the draft: %w", err)
	}
	_, err = f.Write(draft)
	return errors.Join(err, f.Close())
}

// draftArgs are what the commands on a draft share.
type draftArgs struct {
	File string `arg:"" help:"The draft; - for standard input."`
	As   string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who writes; the project's first manager unless named."`
}

type reportCheckCmd struct {
	draftArgs
	JSON bool `help:"Print JSON."`
}

func (c *reportCheckCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	w, err := h.read(e, c.File, c.As)
	if err != nil {
		return err
	}
	if c.JSON {
		findings := w.findings
		if findings == nil {
			findings = []compose.Finding{}
		}
		byLine(findings)
		err = printJSON(e.out, findings)
	} else {
		printFindings(e, w.findings)
	}
	if err == nil && compose.Blocked(w.findings) {
		return errBlocked
	}
	return err
}

// byLine sorts findings as they stand in the draft.
func byLine(findings []compose.Finding) {
	slices.SortStableFunc(findings, func(a, b compose.Finding) int { return cmp.Compare(a.Line, b.Line) })
}

// printFindings lists them and counts them.
func printFindings(e *env, findings []compose.Finding) {
	byLine(findings)
	errors := 0
	for _, f := range findings {
		if f.Severity == compose.Error {
			errors++
		}
		fmt.Fprintln(e.out, plain(f.String()))
	}
	fmt.Fprintf(e.out, "%s, %s\n", count(errors, "error"), count(len(findings)-errors, "warning"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

type reportRenderCmd struct {
	draftArgs
	Out string `short:"o" default:"." type:"path" placeholder:"DIR" help:"Where to write NAME.html, NAME.txt and NAME.eml."`
}

func (c *reportRenderCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	w, err := h.read(e, c.File, c.As)
	if err != nil {
		return err
	}
	if w.rendered == nil {
		printFindings(e, w.findings)
		return errBlocked
	}
	approver, err := h.approver()
	if err != nil {
		return err
	}
	preview, err := approver.Preview(e.ctx, h.order(w), time.Time{})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", c.Out, err)
	}
	name := strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
	if c.File == "-" {
		name = "report"
	}
	for ext, content := range map[string][]byte{
		".html": []byte(preview.HTML), ".txt": []byte(w.rendered.Text), ".eml": preview.Letters[0].Raw,
	} {
		if err := os.WriteFile(filepath.Join(c.Out, name+ext), content, 0o644); err != nil {
			return fmt.Errorf("write the letter: %w", err)
		}
	}
	printFindings(e, w.findings)
	printPreview(e, w, preview)
	fmt.Fprintf(e.out, "written: %s.html, .txt and .eml\n", filepath.Join(c.Out, name))
	return nil
}

// printPreview says who would get what, and the print to approve exactly that.
func printPreview(e *env, w *written, p compose.Preview) {
	fmt.Fprintf(e.out, "subject: %s\n", plain(w.rendered.Subject))
	for _, l := range p.Letters {
		fmt.Fprintf(e.out, "to: %s <%s>, %d bytes\n", plain(l.Recipient.Name), l.Recipient.Address, len(l.Raw))
	}
	if compose.Blocked(w.findings) {
		fmt.Fprintln(e.out, "it cannot be approved before the errors are mended")
		return
	}
	fmt.Fprintf(e.out, "approve exactly this with: rapport report approve %s --print %s\n", w.draft.Path, p.Print)
}

// saidTold is how many decisions and promises a draft begins with.
const saidTold = 20

// said are the latest decisions and promises of the client's since the last
// report that went out, in their order.
func (h *house) said(e *env, project string, reports []threads.Report) (said []threads.Item, err error) {
	var since time.Time
	if i := slices.IndexFunc(reports, func(r threads.Report) bool { return r.State == threads.ReportSent || r.State == threads.ReportTrouble }); i >= 0 {
		since = reports[i].Went()
	}
	for _, kind := range []threads.Kind{threads.Decision, threads.Commitment} {
		items, err := h.store.Items(e.ctx, threads.ItemQuery{Project: project, Kind: kind, Limit: saidTold})
		if err != nil {
			return nil, fmt.Errorf("read what the client of %s said: %w", project, err)
		}
		said = append(said, slices.DeleteFunc(items, func(i threads.Item) bool { return !i.At.After(since) || i.State == threads.Dismissed })...)
	}
	slices.SortFunc(said, func(a, b threads.Item) int { return a.Number - b.Number })
	return said, nil
}
