package archive

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"

	"github.com/digitorus/timestamp"
)

// Authority is one for time-stamps, asked over HTTP (RFC 3161 section 3.4).
type Authority struct {
	URL    string
	Client *http.Client
	Roots  *x509.CertPool // that its certificate must lead to; nil for any
	Random io.Reader      // of nonces
}

// Stamp asks for a time-stamp of a checkpoint, and checks it.
func (a *Authority) Stamp(ctx context.Context, c Checkpoint) ([]byte, error) {
	nonce, err := rand.Int(a.Random, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	question, err := stampRequest(c, nonce)
	if err != nil {
		return nil, fmt.Errorf("ask for a time-stamp: %w", err)
	}
	answer, err := a.post(ctx, question)
	if err != nil {
		return nil, err
	}
	t, err := readResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("the authority gives no time-stamp: %w", err)
	}
	// A nonce that is not ours is an old answer, which somebody has kept.
	if t.Nonce == nil || t.Nonce.Cmp(nonce) != 0 {
		return nil, errors.New("the authority's answer is not to this question: it has another nonce")
	}
	if _, err := CheckStamp(t.RawToken, c, a.Roots); err != nil {
		return nil, fmt.Errorf("the authority's time-stamp is of no use: %w", err)
	}
	return t.RawToken, nil
}

func readResponse(answer []byte) (t *timestamp.Timestamp, err error) {
	defer damaged(&err)
	if err := checkDER(answer, mostNested); err != nil {
		return nil, err
	}
	return timestamp.ParseResponse(answer)
}

func (a *Authority) post(ctx context.Context, question []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	answer, err := a.Client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reach the authority: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the authority answers %s", answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxStamp+1024))
	if err != nil {
		return nil, fmt.Errorf("read the authority's answer: %w", err)
	}
	return body, nil
}
