// Package llm lets a language model read the items of a client's mail, at any
// endpoint that speaks OpenAI's chat completions (Ollama, vLLM and others do).
//
// In goes what extract.Read takes, out comes its result. The model is asked for
// items only: the new text, what it answers and ratings are told as without it.
// The mail's text is data to the model, never instructions, and what it returns
// is taken only where it is an exact piece of the new text, of a known kind. If
// the model is late, fails or talks nonsense, the embedded reader's result is
// returned, and Note says so.
package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rapport/ingest/extract"
	"rapport/threads"
)

const (
	defaultTimeout = 20 * time.Second
	maxText        = 24 << 10 // bytes of new text that are sent
	maxAnswer      = 1 << 20  // bytes of the endpoint's answer that are read
	maxItems       = 200
)

// Config says where the model is.
type Config struct {
	URL     string        // of the chat completions, "http://localhost:11434/v1/chat/completions"
	Model   string        // "qwen3:8b"
	Key     string        // sent as a bearer token; "" for none
	Timeout time.Duration // for one mail; 0 means 20 seconds
	Client  *http.Client  // nil means http.DefaultClient
	Log     *slog.Logger  // nil means none
}

// Reader reads mails with the help of a model.
type Reader struct{ c Config }

// New checks the configuration; nothing is sent yet.
func New(c Config) (*Reader, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("language model: %q is no http address of chat completions", c.URL)
	}
	if c.Model == "" {
		return nil, errors.New("language model: no model is named")
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Reader{c}, nil
}

// Read reads a mail. It never fails: without the model it is extract.Read.
func (r *Reader) Read(ctx context.Context, in extract.Input) extract.Result {
	own := extract.Read(in)
	if len(own.Items)+len(own.Remarks) == 0 || len(own.NewText) > maxText {
		return own
	}
	ctx, cancel := context.WithTimeout(ctx, r.c.Timeout)
	defer cancel()
	readings, err := r.ask(ctx, own)
	if err != nil {
		r.c.Log.Warn("extract.model", "model", r.c.Model, "error", err)
		own.Note = "read without the language model " + r.c.Model + ": " + err.Error()
		return own
	}
	out := extract.Reread(in, readings, r.c.Model)
	out.Note = "read with the language model " + r.c.Model
	return out
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// ask sends the new text and reads the items in the answer.
func (r *Reader) ask(ctx context.Context, own extract.Result) ([]extract.Reading, error) {
	data, err := json.Marshal(map[string]string{"language": own.Language, "mail": own.NewText})
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	body, err := json.Marshal(map[string]any{
		"model": r.c.Model, "temperature": 0, "stream": false,
		"response_format": map[string]string{"type": "json_object"},
		"messages":        []message{{"system", instructions}, {"user", string(data)}},
	})
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if r.c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+r.c.Key)
	}
	res, err := r.c.Client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("no answer within %v", r.c.Timeout)
		}
		return nil, errors.New("it cannot be reached")
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answered %s", res.Status)
	case err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("no whole answer within %v", r.c.Timeout)
	case err != nil:
		return nil, errors.New("its answer broke off")
	}
	return readings(answer, own.NewText)
}

// readings takes the items out of an answer: those that are exact pieces of the
// text, each behind the one before if it stands there as well.
func readings(answer []byte, text string) ([]extract.Reading, error) {
	var envelope struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(answer, &envelope); err != nil || len(envelope.Choices) == 0 {
		return nil, errors.New("its answer is no chat completion")
	}
	content := envelope.Choices[0].Message.Content
	start, end := strings.IndexByte(content, '{'), strings.LastIndexByte(content, '}')
	var list struct {
		Items *[]struct {
			Kind   threads.Kind  `json:"kind"`
			Text   string        `json:"text"`
			Facet  threads.Facet `json:"facet"`
			Urgent bool          `json:"urgent"`
			Due    string        `json:"due"`
		} `json:"items"`
	}
	if start < 0 || end < start || json.Unmarshal([]byte(content[start:end+1]), &list) != nil || list.Items == nil {
		return nil, errors.New("its answer is not the JSON that was asked for")
	}
	var out []extract.Reading
	from := 0
	for _, it := range (*list.Items)[:min(len(*list.Items), maxItems)] {
		words := strings.TrimSpace(it.Text)
		at := strings.Index(text[from:], words)
		if at >= 0 {
			at += from
		} else {
			at = strings.Index(text, words)
		}
		if words == "" || at < 0 {
			continue
		}
		out = append(out, extract.Reading{Kind: it.Kind, Facet: it.Facet, Start: at, End: at + len(words), Urgent: it.Urgent, Due: it.Due})
		from = max(from, at+len(words))
	}
	return out, nil
}
