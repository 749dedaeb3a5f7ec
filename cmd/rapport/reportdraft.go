package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rapport/compose"
	"rapport/threads"
)

// openItems bounds how many owed items a draft is held against.
const openItems = 1000

// written is a draft with all that belongs to it.
type written struct {
	draft    *compose.Draft
	project  *threads.Project
	manager  threads.Person
	past     compose.Past
	rendered *compose.Rendered
	findings []compose.Finding
}

// read reads a draft, renders it and checks it. The error is about files and
// the archive; what is wrong with the draft is in the findings.
func (h *house) read(e *env, path, login string) (*written, error) {
	src, err := readInput(e.in, path)
	if err != nil {
		return nil, err
	}
	return h.render(e, path, src, login)
}

// render is read for a draft whose text is at hand.
func (h *house) render(e *env, path string, src []byte, login string) (*written, error) {
	var err error
	w := &written{}
	w.draft, w.findings = compose.ReadDraft(path, src)
	if compose.Blocked(w.findings) {
		return w, nil
	}
	if w.project, err = h.project(w.draft.Front.Project); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if w.manager, err = h.manager(w.project, login); err != nil {
		return nil, err
	}
	if w.past, err = h.past(e, w.project.Key); err != nil {
		return nil, err
	}
	in := compose.RenderInput{
		Project: w.project, Manager: w.manager, Past: w.past, Now: time.Now(),
		ReplyTo: h.config().ReplyAddress(w.project.Key), ReadFile: filesBeside(path),
	}
	var more []compose.Finding
	w.rendered, more = compose.Render(w.draft, in)
	w.findings = append(w.findings, more...)
	if w.rendered != nil {
		w.findings = append(w.findings, compose.Check(w.draft, w.rendered, h.checkInput(e, w, in.Now))...)
	}
	return w, nil
}

// checkInput is what a draft is checked against.
func (h *house) checkInput(e *env, w *written, now time.Time) compose.CheckInput {
	in := compose.CheckInput{Project: w.project, Past: w.past, Directory: h.projects(), Now: now}
	in.Hours = w.project.Hours
	for _, p := range h.config().Projects {
		if p.Key == w.project.Key {
			in.Jargon = p.Jargon
		}
	}
	if h.config().Checks.Links {
		probe := compose.NewLinkProbe()
		in.Dead = func(links []string) map[string]string { return probe.Dead(e.ctx, links) }
	}
	return in
}

// filesBeside reads the pictures and attachments that a draft names. They lie
// beside the draft or below it: a path that leads elsewhere is refused, so that
// a draft from somebody else cannot mail away what is on the machine.
func filesBeside(draft string) func(string) ([]byte, error) {
	dir := filepath.Dir(draft)
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		f, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(f)
	}
}

// past is what the project's client is owed and what was sent before.
func (h *house) past(e *env, project string) (compose.Past, error) {
	open, err := h.store.Items(e.ctx, threads.ItemQuery{Project: project, Open: true, Limit: openItems})
	if err != nil {
		return compose.Past{}, fmt.Errorf("read the open items of %s: %w", project, err)
	}
	slices.SortFunc(open, func(a, b threads.Item) int { return a.Number - b.Number }) // as the client said them
	reports, err := h.store.Reports(e.ctx, project, 100)
	if err != nil {
		return compose.Past{}, fmt.Errorf("read the reports of %s: %w", project, err)
	}
	return compose.Past{Open: open, Reports: reports}, nil
}

// manager is who writes: the login that was named, else the project's manager.
func (h *house) manager(p *threads.Project, login string) (threads.Person, error) {
	if login == "" && len(p.Managers) > 0 {
		login = p.Managers[0]
	}
	if login == "" {
		return threads.Person{}, usagef("project %s has no manager; name yourself with --as LOGIN, or set managers in the configuration", p.Key)
	}
	person := h.projects().Person(login)
	if person == nil {
		return threads.Person{}, fmt.Errorf("login %q: %w; see people in the configuration", login, threads.ErrNotFound)
	}
	if person.Role == "auditor" {
		return threads.Person{}, usagef("%s is an auditor: auditors read and change nothing", person.Login)
	}
	return *person, nil
}

// order is the report as it is to be sent.
func (h *house) order(w *written) compose.Order {
	return compose.Order{
		Report: w.rendered, Draft: w.draft.Source, By: w.manager.Login,
		From: threads.Address{Name: w.manager.Name, Address: h.config().SMTP.From},
		Ours: h.config().ReplyAddress(w.project.Key), Zone: w.project.Zone,
	}
}

func (h *house) approver() (*compose.Approver, error) {
	if h.config().SMTP.From == "" {
		return nil, usagef("no letters can be made: the configuration has no smtp.from; add the section smtp, config.example.yaml shows how")
	}
	sign, err := h.signers()
	if err != nil {
		return nil, err
	}
	smime, err := h.smime()
	if err != nil {
		return nil, err
	}
	return compose.NewApprover(compose.ApproverConfig{
		Archive: h.store, Key: h.key, Sign: sign, SMIME: smime, Limit: int(h.config().Limits.Letter), Now: time.Now,
		Checkpoint: h.letterCheckpoint,
	})
}

// approved finds the report that a draft file has become, or a report by id.
func (h *house) approved(e *env, what string) (threads.Report, error) {
	if _, err := os.Stat(what); err != nil {
		r, err := h.store.Report(e.ctx, what)
		return r, next(err, threads.ErrNotFound, "name a draft that is there, or an id from \"rapport report list\"")
	}
	src, err := readInput(nil, what)
	if err != nil {
		return threads.Report{}, err
	}
	r, err := h.approvedDraft(e, what, src)
	if errors.Is(err, errBlocked) {
		_, findings := compose.ReadDraft(what, src)
		printFindings(e, findings)
	}
	return r, err
}

// approvedBy is approved, with the report's project and who decides about it.
func (h *house) approvedBy(e *env, what, login string) (r threads.Report, p *threads.Project, by threads.Person, err error) {
	if r, err = h.approved(e, what); err != nil {
		return r, nil, by, err
	}
	if p, err = h.project(r.Project); err != nil {
		return r, nil, by, err
	}
	by, err = h.manager(p, login)
	return r, p, by, err
}

// approvedDraft finds the report that was approved from exactly this draft.
func (h *house) approvedDraft(e *env, path string, src []byte) (threads.Report, error) {
	d, findings := compose.ReadDraft(path, src)
	if compose.Blocked(findings) {
		return threads.Report{}, errBlocked
	}
	reports, err := h.store.Reports(e.ctx, strings.ToUpper(d.Front.Project), 100)
	if err != nil {
		return threads.Report{}, err
	}
	sum := sha256.Sum256(src)
	for _, r := range reports {
		if r.DraftSHA == hex.EncodeToString(sum[:]) && r.State != threads.ReportCancelled {
			return h.store.Report(e.ctx, r.ID)
		}
	}
	return threads.Report{}, fmt.Errorf("%s: %w: there is no approval of this draft as it is now; run \"rapport report approve %s\" first",
		path, threads.ErrNotApproved, path)
}
