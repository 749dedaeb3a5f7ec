package compose

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func TestNothingCanWriteHeadersOfItsOwn(t *testing.T) {
	const evil = "x\r\nBcc: spy@evil.example"
	for name, change := range map[string]func(*Rendered, *LetterInput){
		"subject CRLF":          func(r *Rendered, _ *LetterInput) { r.Subject = evil },
		"subject LF":            func(r *Rendered, _ *LetterInput) { r.Subject = "x\nBcc: spy@evil.example" },
		"subject CR":            func(r *Rendered, _ *LetterInput) { r.Subject = "x\rBcc: spy@evil.example" },
		"subject NUL":           func(r *Rendered, _ *LetterInput) { r.Subject = "x\x00y" },
		"subject line sep":      func(r *Rendered, _ *LetterInput) { r.Subject = "x\u2028Bcc: y" },
		"subject NEL":           func(r *Rendered, _ *LetterInput) { r.Subject = "x\u0085Bcc: y" },
		"subject not UTF-8":     func(r *Rendered, _ *LetterInput) { r.Subject = "x\xff" },
		"sender name":           func(_ *Rendered, in *LetterInput) { in.From.Name = evil },
		"sender address":        func(_ *Rendered, in *LetterInput) { in.From.Address = "a@b.example>\r\nBcc: <spy@evil.example" },
		"recipient name":        func(r *Rendered, _ *LetterInput) { r.To[0].Name = evil },
		"recipient address":     func(r *Rendered, _ *LetterInput) { r.To[0].Address = "a@b.example, spy@evil.example" },
		"recipient comment":     func(r *Rendered, _ *LetterInput) { r.To[0].Address = "a(x)@b.example" },
		"recipient domain":      func(r *Rendered, _ *LetterInput) { r.To[0].Address = "a@b.example\r\nBcc: spy" },
		"cc address":            func(r *Rendered, _ *LetterInput) { r.Cc[0].Address = "a\r\n@b.example" },
		"recipient not ASCII":   func(r *Rendered, _ *LetterInput) { r.To[0].Address = "李@b.example" },
		"reply address":         func(_ *Rendered, in *LetterInput) { in.ReplyTo = "a@b.example\r\nX: y" },
		"reply address long":    func(_ *Rendered, in *LetterInput) { in.ReplyTo = strings.Repeat("a", 40) + "@b.example" },
		"language":              func(r *Rendered, _ *LetterInput) { r.Language = "en\r\nX: y" },
		"file name":             func(r *Rendered, _ *LetterInput) { r.Files[2].Name = evil },
		"file name with a path": func(r *Rendered, _ *LetterInput) { r.Files[2].Name = "../../etc/passwd" },
		"file type":             func(r *Rendered, _ *LetterInput) { r.Files[2].Type = "text/csv\r\nX: y" },
		"file type parameters":  func(r *Rendered, _ *LetterInput) { r.Files[2].Type = "text/csv; name=x" },
		"content id":            func(r *Rendered, _ *LetterInput) { r.Files[0].ContentID = "a@b>\r\nX: <y" },
		"series":                func(_ *Rendered, in *LetterInput) { in.Series = Series{{"a@b>\r\nX: <y", friday}} },
		"series empty id":       func(_ *Rendered, in *LetterInput) { in.Series = Series{{"", friday}} },
	} {
		r, in := weekly(), input(t)
		change(r, &in)
		if letters, err := Letters(r, in); err == nil {
			t.Errorf("%s: taken:\n%s", name, letters[0].Raw[:400])
		}
	}
}

func TestALetterThatCannotBeSentSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Rendered, *LetterInput)
		want   string
	}{
		"no recipient":      {func(r *Rendered, _ *LetterInput) { r.To = nil }, "no recipient"},
		"no subject":        {func(r *Rendered, _ *LetterInput) { r.Subject = "  " }, "no subject"},
		"no text":           {func(r *Rendered, _ *LetterInput) { r.Text = "\n" }, "no text"},
		"no date":           {func(_ *Rendered, in *LetterInput) { in.At = time.Time{} }, "no date"},
		"missing file":      {func(r *Rendered, _ *LetterInput) { r.Files[2].Body = nil }, "plan.csv is empty or missing"},
		"nameless file":     {func(r *Rendered, _ *LetterInput) { r.Files[2].Name = "" }, "has no name"},
		"two pictures":      {func(r *Rendered, _ *LetterInput) { r.Files[1].ContentID = r.Files[0].ContentID }, "used twice"},
		"picture, no HTML":  {func(r *Rendered, _ *LetterInput) { r.HTML = "" }, "no HTML that shows it"},
		"NUL in the text":   {func(r *Rendered, _ *LetterInput) { r.Text = "a\x00b" }, "NUL"},
		"endless word":      {func(r *Rendered, _ *LetterInput) { r.Subject = strings.Repeat("x", 1200) }, "mail allows 998"},
		"too large a file":  {func(r *Rendered, _ *LetterInput) { r.Files[1].Body = make([]byte, 20<<20) }, "send a link instead"},
		"a small limit":     {func(_ *Rendered, in *LetterInput) { in.Limit = 1000 }, "limit is 1000"},
		"an absent domain":  {func(r *Rendered, _ *LetterInput) { r.To[0].Address = "ann@" }, "no mail address"},
		"misplaced dots":    {func(r *Rendered, _ *LetterInput) { r.To[0].Address = "ann..o@b.example" }, "dots"},
		"an invalid domain": {func(r *Rendered, _ *LetterInput) { r.To[0].Address = "ann@b_.example" }, "domain is not valid"},
	} {
		r, in := weekly(), input(t)
		c.change(r, &in)
		if _, err := Letters(r, in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}

func TestRunsOfBlanksCannotEndTheHeader(t *testing.T) {
	r := tiny()
	r.Subject = strings.Repeat("word ", 13) + strings.Repeat(" ", 300) + "end \t of it"
	r.To[0].Name = strings.Repeat("a ", 30) + strings.Repeat(" ", 100) + "b"
	raw := mustLetters(t, r, input(t))[0].Raw
	top, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !bytes.Contains(top, []byte("Content-Type:")) || bytes.Contains(top, []byte("\r\n \r\n")) {
		t.Errorf("the header is cut or has an empty line:\n%s", raw)
	}
}

func TestHeaderWordsKeepEverythingElse(t *testing.T) {
	for in, want := range map[string]string{
		"Weekly  report\t48": "Weekly report 48",
		" 进度 报告 ":            "进度 报告",
		"😀 ok":               "😀 ok",
	} {
		if got, err := headerWords("subject", in); err != nil || got != want {
			t.Errorf("headerWords(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

// FuzzLetters writes whatever text into every place that takes text: either it
// is refused, or the header has the fields that we wrote and no others.
func FuzzLetters(f *testing.F) {
	f.Add("Subject", "Name", "a@b.example", "file.txt", "text\n", "<p>html")
	f.Add("x\r\nBcc: y", "李雷 \"x\"", "a@bücher.example", "第四十八周.pdf", ".\r\n.\r\n", "\r\n--=_x\r\n")
	f.Add(strings.Repeat("长", 300), "=?utf-8?q?x?=", "a+b@c.example", "a\"b%.txt", "\x00", "")
	f.Fuzz(func(t *testing.T, subject, name, address, file, text, html string) {
		r := &Rendered{
			Project: "P", Period: "2026-W48", Subject: subject, Text: text, HTML: html,
			To:    []threads.Address{{Name: name, Address: address}},
			Files: []File{{Name: file, Type: "text/plain", Body: []byte("x")}},
		}
		letters, err := Letters(r, input(t))
		if err != nil {
			return
		}
		h, _, err := splitHead(letters[0].Raw)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range h {
			names = append(names, f.name())
		}
		const want = "from to reply-to subject date message-id references thread-topic thread-index mime-version content-type"
		if got := strings.Join(names, " "); got != want {
			t.Errorf("header fields %s, want %s", got, want)
		}
	})
}
