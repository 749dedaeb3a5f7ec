package web

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"rapport/mail"
	"rapport/threads"
)

// safeType fits the media types under which an attachment is saved as what it
// says. Anything else, HTML and SVG above all, is only bytes.
var safeType = regexp.MustCompile(`^(image/(png|jpeg|gif|webp|heic|tiff|bmp)|audio/[a-z0-9.+-]+|video/[a-z0-9.+-]+|text/(plain|csv|calendar)|` +
	`message/rfc822|application/(pdf|zip|msword|vnd\.(ms-(excel|powerpoint|outlook)|openxmlformats-officedocument\.[a-z.]+|oasis\.opendocument\.[a-z.]+)))$`)

// file answers with bytes to save: never shown, never run.
func (v *visit) file(mediaType, name string, content []byte) {
	v.fileHead(mediaType, name)
	_, _ = v.w.Write(content)
}

// fileHead says what comes.
func (v *visit) fileHead(mediaType, name string) {
	h := v.w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	if !safeType.MatchString(mediaType) {
		mediaType = "application/octet-stream"
	}
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", disposition(name))
}

// disposition offers a file to be saved under name. Format characters are left
// out: a right-to-left override makes "gpj.exe" read as "exe.jpg".
func disposition(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\"`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if name == "" {
		name = "attachment"
	}
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// part gives an attachment as a file.
func (v *visit) part() error {
	m, raw, err := v.stored()
	if err != nil {
		return err
	}
	p, err := find(raw, v.PathValue("part"))
	if err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	v.file(p.Type, p.Name, p.Body)
	return nil
}

// find reads the mail and returns its part with that number, whole.
func find(raw []byte, path string) (*mail.Part, error) {
	m := mail.Parse(raw, mail.Limits{Part: int64(len(raw)) + 1})
	for i := range m.Parts {
		if m.Parts[i].Path == path {
			return &m.Parts[i], nil
		}
	}
	return nil, fmt.Errorf("part %s: %w", path, threads.ErrNotFound)
}

// picture gives a picture to the frame that shows the mail's HTML.
func (v *visit) picture() error {
	_, raw, err := v.stored()
	if err != nil {
		return err
	}
	return v.showPicture(raw)
}

// showPicture answers with a part only if its bytes, whatever it calls itself,
// begin as a picture that cannot run. The frame is of an opaque origin, so the
// answer may be taken by any.
func (v *visit) showPicture(raw []byte) error {
	p, err := find(raw, v.PathValue("part"))
	if err != nil {
		return err
	}
	switch t := http.DetectContentType(p.Body); t {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp":
		v.w.Header().Set("Content-Type", t)
	default:
		return fmt.Errorf("part %s is no picture: %w", p.Path, threads.ErrNotFound)
	}
	v.w.Header().Set("Content-Security-Policy", filePolicy)
	v.w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, _ = v.w.Write(p.Body)
	return nil
}
