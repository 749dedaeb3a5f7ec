package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport/mail"
	"rapport/threads"
)

// sourceShown is how much of a mail's source a page shows; all of it can be saved.
const sourceShown = 512 << 10

type messagePage struct {
	Page
	Mail     mailView
	Sent     moment // the sender's clock, in the sender's offset
	Thread   string // address of its place in the thread, "" while in the tray
	HTML     string // address of the frame, "" if the mail has no HTML
	Headers  string
	Looked   moment // when it was found out who sent it
	Intact   bool   // the bytes have the SHA-256 under which they were filed
	Proposal *threads.Project
	Sorting  sorting
	Remarks  []remark
	History  historyView
	Bundle   string // address of the mail with its proof, "" where nothing is signed
}

// tombstone is what is told of a mail that was erased.
type tombstone struct {
	threads.Erasure
	Who  string
	When moment
}

// attachmentView is an attachment with the address to save it from.
type attachmentView struct {
	threads.Attachment
	URL    string
	Length string
}

func (v *visit) message() error {
	m, raw, err := v.stored()
	if m.Erased != nil {
		return v.erased(&m)
	}
	if err != nil {
		return err
	}
	items, err := v.archive.Items(v.Context(), threads.ItemQuery{Message: m.ID})
	if err != nil {
		return fmt.Errorf("read the items of message %s: %w", m.ID, err)
	}
	var reports []threads.Report
	if m.Direction == threads.Out {
		if reports, err = v.archive.Reports(v.Context(), m.Project, itemsShown); err != nil {
			return fmt.Errorf("read the reports of %s: %w", m.Project, err)
		}
	}
	page := messagePage{Page: v.page(subject(v.lang, m.Subject), "overview", v.crumbs(&m)...)}
	page.Zone = v.zone(m.Project).String()
	page.Mail = v.mailView(&m, items, reports, messageLimits)
	page.Sent = v.at(m.Date, m.Date.Location())
	page.Thread = threadPlace(&m)
	if mail.Parse(raw, mail.Limits{}).HTML != "" {
		page.HTML = "/m/" + m.ID + "/body"
	}
	page.Headers = headerText(raw)
	page.Sorting, page.Remarks = v.sorting(&m), v.remarks(&m, items)
	if page.History, err = v.history(&m); err != nil {
		return err
	}
	if v.s.bundle != nil {
		page.Bundle = "/m/" + m.ID + "/bundle"
	}
	sum := sha256.Sum256(raw)
	page.Intact = hex.EncodeToString(sum[:]) == m.RawSHA
	if m.Authentication != nil {
		page.Looked = v.at(m.Authentication.At, v.zone(m.Project))
	}
	if m.Tray != nil {
		page.Proposal = v.dir.Project(m.Tray.Proposal)
	}
	return v.render(http.StatusOK, "message", page)
}

// errErased says that what was asked for was in a mail that is no more.
var errErased = errors.New("erased")

// erased shows what is left of a mail: that there was one, its history, and of
// its items those that we have answered.
func (v *visit) erased(m *threads.Message) error {
	items, err := v.archive.Items(v.Context(), threads.ItemQuery{Message: m.ID})
	if err != nil {
		return fmt.Errorf("read the items of message %s: %w", m.ID, err)
	}
	page := messagePage{Page: v.page(v.lang.t("erased.title"), "overview", v.crumbs(m)...), Mail: v.mailView(m, items, nil, messageLimits)}
	page.Zone, page.Thread = v.zone(m.Project).String(), threadPlace(m)
	if v.s.bundle != nil && m.Project != "" {
		page.Bundle = "/m/" + m.ID + "/bundle"
	}
	if page.History, err = v.history(m); err != nil {
		return err
	}
	return v.render(http.StatusOK, "erased", page)
}

// threadPlace is the address of a mail's place in its thread, "" in the tray.
func threadPlace(m *threads.Message) string {
	if m.Thread == "" {
		return ""
	}
	return "/t/" + m.Thread + "?at=" + m.ID + "#" + m.ID
}

// attachments are the files that came with a mail.
func (v *visit) attachments(m *threads.Message) (out []attachmentView) {
	for _, a := range m.Attachments {
		out = append(out, attachmentView{a, v.s.signed("/m/" + m.ID + "/part/" + url.PathEscape(a.Part)), size(a.Size)})
	}
	return out
}

// stored is the message that the address names, and its bytes; errErased with
// what is left of it if it was erased.
func (v *visit) stored() (threads.Message, []byte, error) {
	m, err := v.archive.Message(v.Context(), v.PathValue("message"))
	if err != nil {
		return m, nil, fmt.Errorf("read message %s: %w", v.PathValue("message"), err)
	}
	if m.Erased != nil {
		return m, nil, fmt.Errorf("message %s: %w", m.ID, errErased)
	}
	if err := v.take(m.Size); err != nil {
		return m, nil, err
	}
	raw, err := v.archive.Raw(v.Context(), m.ID)
	if err != nil {
		return m, nil, fmt.Errorf("read the bytes of message %s: %w", m.ID, err)
	}
	return m, raw, nil
}

// crumbs lead from a message to its thread and project, or to the tray.
func (v *visit) crumbs(m *threads.Message) []crumb {
	if m.Thread == "" && m.Erased != nil {
		return nil
	}
	if m.Thread == "" {
		return []crumb{{v.lang.t("tray.title"), "/tray"}}
	}
	return []crumb{v.projectCrumb(m.Project), {v.lang.t("thread.title"), threadPlace(m)}}
}

type sourcePage struct {
	Page
	Mail   threads.Message
	Source string
	Length string
	Cut    bool
	Raw    string
}

// source shows a mail's bytes; what is not UTF-8 shows as U+FFFD.
func (v *visit) source() error {
	m, raw, err := v.stored()
	if err != nil {
		return err
	}
	crumbs := append(v.crumbs(&m), crumb{subject(v.lang, m.Subject), "/m/" + m.ID})
	page := sourcePage{Page: v.page(v.lang.t("source.title"), "overview", crumbs...), Mail: m, Length: size(int64(len(raw))), Raw: "/m/" + m.ID + "/raw"}
	page.Source, page.Cut = clip(string(raw), sourceShown)
	page.Source = readable(page.Source)
	return v.render(http.StatusOK, "source", page)
}

// raw gives the exact bytes as a file.
func (v *visit) raw() error {
	m, raw, err := v.stored()
	if err != nil {
		return err
	}
	v.file("message/rfc822", m.ID+".eml", raw)
	return nil
}

// headerText is the header section as it came, for reading.
func headerText(raw []byte) string {
	text, _ := clip(string(raw), sourceShown)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if end := strings.Index(text, "\n\n"); end >= 0 {
		text = text[:end]
	}
	return readable(text)
}

// readable makes bytes safe to stand in a page: valid UTF-8 without control
// characters that a browser would not show.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// size is a number of bytes for people: "480 B", "12 KB", "3.4 MB".
func size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}
