package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// request is what chat completions take.
type request struct {
	Model       string            `json:"model"`
	Messages    []message         `json:"messages"`
	Temperature float64           `json:"temperature"`
	Stream      bool              `json:"stream"`
	Format      map[string]string `json:"response_format"`
}

// ask sends the question and returns the body of the answer. Its errors are
// words for people and hold nothing that the endpoint has said.
func (r *Reader) ask(ctx context.Context, q question) ([]byte, error) {
	body, err := r.body(q)
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, r.c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("its address cannot be asked")
	}
	req.Header.Set("Content-Type", "application/json")
	key, err := r.c.Key()
	if err != nil {
		return nil, errors.New("its key cannot be read")
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, r.trouble(ctx, "it cannot be reached")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %d %s", res.StatusCode, http.StatusText(res.StatusCode))
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, r.trouble(ctx, "its answer broke off")
	}
	if len(answer) > maxAnswer {
		return nil, fmt.Errorf("its answer has more than %d MB", maxAnswer>>20)
	}
	return answer, nil
}

// trouble says what went wrong, time that ran out before all.
func (r *Reader) trouble(ctx context.Context, words string) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("no answer within %v", r.c.Timeout)
	case ctx.Err() != nil:
		return errors.New("it was not waited for")
	}
	return errors.New(words)
}

// body is the request as JSON. The mail is a JSON text inside of it, so that
// nothing in the mail can end the data.
func (r *Reader) body(q question) ([]byte, error) {
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false) // the model is to copy what it reads
	if err := e.Encode(q); err != nil {
		return nil, err
	}
	return json.Marshal(request{
		Model: r.c.Model, Format: map[string]string{"type": "json_object"},
		Messages: []message{{"system", instructions}, {"user", data.String()}},
	})
}
