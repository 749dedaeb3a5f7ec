// Package llm lets a language model read the items of a client's mail, at any
// endpoint that speaks OpenAI's chat completions (Ollama, vLLM and others do).
//
// In goes what extract.Read takes, out comes its result. The model is asked for
// items only: the new text, what it answers and ratings are told as without it.
// The mail's text is data to the model, never instructions, and what it returns
// is taken only where it is an exact piece of the new text, of a known kind. If
// the model is late, fails or talks nonsense, the embedded reader's result is
// returned, and Note says so. Nothing is sent anywhere but to the one endpoint.
package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/ingest/extract"
)

// What holds unless the configuration says otherwise.
const (
	DefaultTimeout  = 20 * time.Second
	DefaultMaxChars = 20000
)

const (
	maxAnswer = 1 << 20 // bytes of the endpoint's answer that are read
	maxItems  = 200     // of one mail that are taken
	maxAbout  = 500     // characters of a point answered that are sent
)

// Config says where the model is.
type Config struct {
	URL      string                 // what "/chat/completions" is put behind: "http://localhost:11434/v1"
	Model    string                 // "qwen3:8b"
	Key      func() (string, error) // as it is now, sent as a bearer token; nil or "" for none
	Timeout  time.Duration          // for one mail; 0 means DefaultTimeout
	MaxChars int                    // of one mail that are sent; longer mail is read without the model; 0 means DefaultMaxChars
	Client   *http.Client           // nil means one of its own; redirects are never followed
	Now      func() time.Time       // nil means time.Now
	Log      *slog.Logger           // nil means none
}

// Reader reads mails with the help of a model. It may be used by several
// goroutines.
type Reader struct {
	c       Config
	client  http.Client
	breaker breaker
}

// New checks the configuration; nothing is sent yet.
func New(c Config) (*Reader, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("language model: its url is no http address such as http://localhost:11434/v1")
	}
	if c.Model == "" {
		return nil, errors.New("language model: no model is named")
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxChars <= 0 {
		c.MaxChars = DefaultMaxChars
	}
	if c.Key == nil {
		c.Key = func() (string, error) { return "", nil }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.URL = strings.TrimRight(c.URL, "/") + "/chat/completions"
	r := &Reader{c: c, breaker: breaker{now: c.Now}}
	if c.Client != nil {
		r.client = *c.Client
	}
	// A redirect would carry the client's words to where nobody configured.
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return r, nil
}

// Read reads a mail. It never fails: without the model it is extract.Read.
func (r *Reader) Read(ctx context.Context, in extract.Input) extract.Result {
	if in.Unlisted {
		return extract.Read(in)
	}
	own := extract.Read(in)
	statements := extract.Statements(in)
	if len(statements) == 0 {
		return own
	}
	readings, err := r.readings(ctx, in, own, statements)
	if err != nil {
		r.c.Log.Warn("reader.fallback", "model", r.c.Model, "reason", err.Error())
		own.Note = fmt.Sprintf("read without the language model %s: %v", r.c.Model, err)
		return own
	}
	return extract.Reread(in, readings)
}

// readings asks the model, unless there is a reason not to.
func (r *Reader) readings(ctx context.Context, in extract.Input, own extract.Result, statements []extract.Statement) ([]extract.Reading, error) {
	q := newQuestion(in, own, statements)
	if q.chars() > r.c.MaxChars {
		return nil, fmt.Errorf("the mail has more than %d characters", r.c.MaxChars)
	}
	if !r.breaker.allow() {
		return nil, errors.New("it has failed repeatedly and is not asked for a while")
	}
	content, err := r.ask(ctx, q)
	if ctx.Err() == nil { // our own end says nothing about the endpoint
		r.breaker.report(err == nil)
	}
	if err != nil {
		return nil, err
	}
	return answered(content, own.NewText)
}

// question is the user message: the mail as data.
type question struct {
	Date      string     `json:"date,omitempty"`
	Language  string     `json:"language,omitempty"`
	Sentences []sentence `json:"sentences"`
}

type sentence struct {
	Text    string `json:"text"`
	Answers string `json:"answers,omitempty"` // the point of ours, or the quotation, that it stands under
}

func newQuestion(in extract.Input, own extract.Result, statements []extract.Statement) question {
	q := question{Language: own.Language}
	if day := in.Mail.Date; !day.IsZero() {
		if in.Zone != nil {
			day = day.In(in.Zone)
		}
		q.Date = day.Format("Monday 2006-01-02")
	}
	for _, s := range statements {
		q.Sentences = append(q.Sentences, sentence{own.NewText[s.Start:s.End], clip(s.About, maxAbout)})
	}
	return q
}

// chars is how much of the mail the question carries.
func (q question) chars() int {
	n := 0
	for _, s := range q.Sentences {
		n += utf8.RuneCountInString(s.Text) + utf8.RuneCountInString(s.Answers)
	}
	return n
}

// clip is the beginning of a text.
func clip(s string, chars int) string {
	for i := range s {
		if chars == 0 {
			return s[:i] + "…"
		}
		chars--
	}
	return s
}
