package compose

import (
	"bytes"
	"fmt"
	gonetmail "net/mail"
	"strings"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"rapport/threads"
)

// render writes the mail whose answers go to reply, with go-mail: text and HTML
// in multipart/alternative, that with its pictures in multipart/related (RFC
// 2387), that with the attachments in multipart/mixed, each only where it is
// needed.
func (s *sheet) render(reply string) ([]byte, error) {
	r := s.report
	m := gomail.NewMsg(
		gomail.WithNoDefaultUserAgent(), // who we are is in From; which program wrote it is nobody's business
		gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithEncoding(encodingOf(r.Subject)), // of header words
	)
	if err := s.headers(m, reply); err != nil {
		return nil, err
	}
	m.SetBodyString(gomail.TypeTextPlain, lineEnds(r.Text), gomail.WithPartEncoding(encodingOf(r.Text)))
	if r.HTML != "" {
		// HTML in quoted-printable: filters look askance at HTML hidden in base64.
		m.AddAlternativeString(gomail.TypeTextHTML, lineEnds(r.ReplyVia(reply)), gomail.WithPartEncoding(gomail.EncodingQP))
	}
	if err := addFiles(m, r.Files); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return fixBoundaries(b.Bytes(), s.ids.marks[:3]), nil
}

// headers sets every field. Auto-Submitted is for notices and tests: a letter was
// approved by a person (RFC 3834 section 5).
func (s *sheet) headers(m *gomail.Msg, reply string) error {
	subject, err := headerWords("subject", s.report.Subject)
	if err != nil {
		return err
	}
	m.FromMailAddress(netAddress(s.in.From)) // FromFormat would break quotes in names
	m.ToMailAddress(netAddresses(s.to)...)
	if len(s.cc) > 0 {
		m.CcMailAddress(netAddresses(s.cc)...)
	}
	m.SetGenHeader("Reply-To", "<"+reply+">")
	m.Subject(subject)
	m.SetGenHeader(gomail.HeaderDate, s.in.At.Format(time.RFC1123Z))
	m.SetMessageIDWithValue(s.ids.messageID)
	token := ""
	if !s.in.untagged {
		token = reply
	}
	for name, value := range s.in.Series.fields(subject, s.ids.messageID, token, s.in.At) {
		m.SetGenHeader(gomail.Header(name), value)
	}
	if s.in.auto != "" {
		m.SetGenHeader("Auto-Submitted", s.in.auto)
		m.SetGenHeader("X-Auto-Response-Suppress", "All") // Exchange heeds no other
		m.SetGenHeader(threads.LoopHeader, "1")
	}
	if s.report.Language != "" {
		m.SetGenHeader("Content-Language", strings.Join(tagsOf(s.report), ", "))
	}
	return nil
}

// encodingOf chooses how text travels: quoted-printable leaves Latin text
// readable in the raw mail, base64 is a third of its size for Chinese.
func encodingOf(text string) gomail.Encoding {
	wide := 0
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			wide++
		}
	}
	if wide*3 > len(text) {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}

// lineEnds gives text the line ends of mail, the last line included. Base64
// carries them as they are, so they must be right before (RFC 2045 section 6.8).
func lineEnds(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.ReplaceAll(strings.TrimRight(text, "\n")+"\n", "\n", "\r\n")
}

func netAddress(a threads.Address) *gonetmail.Address {
	return &gonetmail.Address{Name: a.Name, Address: a.Address}
}

func netAddresses(list []threads.Address) []*gonetmail.Address {
	out := make([]*gonetmail.Address, len(list))
	for i, a := range list {
		out[i] = netAddress(a)
	}
	return out
}
