package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"

	"rapport/mail"
	"rapport/threads"
)

// framePage is a mail's HTML, made harmless, as a page of its own for a frame.
type framePage struct {
	Language string
	Title    string
	Body     template.HTML
	Blocked  int // remote pictures that were left out
}

// body shows a message's HTML.
func (v *visit) body() error {
	m, raw, err := v.stored()
	if err != nil {
		return err
	}
	return v.frame(raw, "/m/"+m.ID+"/picture/")
}

// frame writes the HTML of a mail for a sandboxed frame; pictures that the mail
// brought with it are fetched from below pictures.
func (v *visit) frame(raw []byte, pictures string) error {
	m := mail.Parse(raw, mail.Limits{})
	if m.HTML == "" {
		return fmt.Errorf("the mail has no HTML: %w", threads.ErrNotFound)
	}
	safe, blocked := sanitise(m.HTML, func(cid string) string {
		for _, p := range m.Parts {
			if p.ContentID != "" && p.ContentID == cid {
				return v.s.signed(pictures + url.PathEscape(p.Path))
			}
		}
		return ""
	}, v.lang.t("picture.blocked"))
	page := framePage{Language: v.lang.tag, Title: subject(v.lang, m.Subject), Body: template.HTML(safe), Blocked: blocked}
	var b bytes.Buffer
	if err := v.lang.pages["frame"].ExecuteTemplate(&b, "frame.html", page); err != nil {
		return fmt.Errorf("render frame: %w", err)
	}
	v.writeFrame(b.Bytes())
	return nil
}
