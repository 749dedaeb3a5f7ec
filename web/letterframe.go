package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// letterFrame writes the HTML of a letter as its recipient gets it, style sheets
// and all; only its pictures are fetched from below pictures, and links open
// beside the page. What Rapport has composed itself needs no sanitising, and the
// frame's sandbox and policy allow no script whatever stands in it.
func (v *visit) letterFrame(raw []byte, pictures string) error {
	m := mail.Parse(raw, mail.Limits{})
	if m.HTML == "" {
		return fmt.Errorf("the letter has no HTML: %w", threads.ErrNotFound)
	}
	page := pictureSource.ReplaceAllStringFunc(m.HTML, func(src string) string {
		cid := html.UnescapeString(pictureSource.FindStringSubmatch(src)[1])
		for _, p := range m.Parts {
			if p.ContentID == cid {
				return `src="` + html.EscapeString(v.s.signed(pictures+url.PathEscape(p.Path))) + `"`
			}
		}
		return `src=""`
	})
	v.writeFrame([]byte(strings.Replace(page, "<head>", `<head><base target="_blank">`, 1)))
	return nil
}

var pictureSource = regexp.MustCompile(`src="cid:([^"]+)"`)

// writeFrame answers with a page for a sandboxed frame.
func (v *visit) writeFrame(page []byte) {
	h := v.w.Header()
	h.Set("Content-Security-Policy", v.s.mailPolicy())
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write(page)
}
