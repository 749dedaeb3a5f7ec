package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"rapport/cmd/rapport/config"
	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

const modelMail = "From: Ellen <ellen@acme.example>\r\nTo: projects@northlight.example\r\nSubject: Dates\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <dates@acme.example>\r\n\r\nThe thing with the dates is back.\r\n\r\nD-1: yes\r\n"

// modelServer counts what it is asked and reads one problem in the mail.
func modelServer(t *testing.T, asked *atomic.Int32, status int) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
		content := `{"items": [{"kind": "problem", "text": "The thing with the dates is back.", "facet": "technical"}]}`
		answer := map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": content}}}}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// extractBy runs `rapport extract` on that mail with the text of a configuration.
func extractBy(t *testing.T, settings string, flags ...string) (code int, out, errs string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rapport.yaml")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	args := append([]string{"--config", path, "extract", "-"}, flags...)
	code = run(context.Background(), args, strings.NewReader(modelMail), &o, &e)
	return code, o.String(), e.String()
}

const modelAgency = "agency: {name: Northlight, addresses: [projects@northlight.example]}\n"

func TestExtractWithAModel(t *testing.T) {
	var asked atomic.Int32
	settings := modelAgency + fmt.Sprintf("reader: {url: %q, model: small}\n", modelServer(t, &asked, http.StatusOK))
	code, _, errs := extractBy(t, settings)
	if code != exitOK || asked.Load() != 0 {
		t.Errorf("without --llm: code %d, asked %d times: %s", code, asked.Load(), errs)
	}
	code, out, errs := extractBy(t, settings, "--llm")
	if code != exitOK || asked.Load() != 1 || errs != "" || !strings.Contains(out, `"kind": "problem"`) || !strings.Contains(out, `"text": "D-1: yes"`) {
		t.Errorf("with --llm: code %d, asked %d times: %s%s", code, asked.Load(), out, errs)
	}
	broken := modelAgency + fmt.Sprintf("reader: {url: %q, model: small}\n", modelServer(t, &asked, http.StatusInternalServerError))
	code, out, errs = extractBy(t, broken, "--llm")
	if want := "rapport: read without the language model small: it answered 500 Internal Server Error\n"; code != exitOK || errs != want || !strings.Contains(out, `"text": "D-1: yes"`) {
		t.Errorf("broken: code %d, %q, want %q", code, errs, want)
	}
	code, _, errs = extractBy(t, modelAgency, "--llm")
	if code != exitUsage || !strings.Contains(errs, "names no language model") {
		t.Errorf("not configured: code %d: %s", code, errs)
	}
}

func modelInput() extract.Input {
	return extract.Input{Mail: mail.Parse([]byte(modelMail), mail.Limits{}), Class: threads.ClassPerson}
}

// What is known of a failing endpoint must not be forgotten from mail to mail.
func TestOneReaderForAll(t *testing.T) {
	var asked atomic.Int32
	c := config.Reader{URL: modelServer(t, &asked, http.StatusBadGateway), Model: "small"}
	h := newHouse(&config.Config{Reader: c}, nil)
	h.readers.ctx = context.Background()
	for range 10 {
		read, err := h.readers.of(h.config().Reader, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if out := read(modelInput()); out.Note == "" {
			t.Fatal("the reader does not say that the model failed")
		}
	}
	if asked.Load() != 3 {
		t.Errorf("a dead endpoint was asked %d times", asked.Load())
	}
	c.Model = "other"
	read, err := h.readers.of(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if read(modelInput()); asked.Load() != 4 {
		t.Errorf("a changed configuration is not taken over: asked %d times", asked.Load())
	}
}
