package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Observer is a witness as its log sees it: somebody elsewhere who is asked to
// cosign (C2SP tlog-witness).
type Observer struct {
	URL    string   // its submission prefix
	Key    Verifier // from ReadWitness
	Client *http.Client
}

// Cosign asks every observer that has not yet cosigned the checkpoint to do so,
// and returns the checkpoint with the lines that came. Who does not answer
// holds up nothing; the errors tell of it.
func (n *Notary) Cosign(ctx context.Context, signed []byte, observers []Observer) ([]byte, error) {
	c, err := ReadCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	var failed []error
	out := signed
	for _, o := range observers {
		if _, err := CosignedBy(signed, o.Key); err == nil {
			continue
		}
		line, err := n.ask(ctx, &o, c, signed)
		if err != nil {
			failed = append(failed, fmt.Errorf("witness %s: %w", o.Key.Name(), err))
			continue
		}
		out = append(bytes.Clone(out), line...)
	}
	if len(out) > len(signed) {
		failed = append(failed, n.keep(ctx, c.Size, out))
	}
	return out, errors.Join(failed...)
}

// ask sends the checkpoint with a proof from what the observer has seen. It
// says how much that is when it is told otherwise.
func (n *Notary) ask(ctx context.Context, o *Observer, c Checkpoint, signed []byte) ([]byte, error) {
	old := c.Size // as a rule nothing is new, and at first the answer tells
	for range 3 {
		q := request{old: old, signed: signed}
		if old > 0 && old < c.Size {
			var err error
			if q.proof, err = tlog.ProveTree(c.Size, old, HashReader(ctx, n.Log)); err != nil {
				return nil, fmt.Errorf("prove that the log continues: %w", err)
			}
		}
		line, seen, err := o.post(ctx, &q)
		if err != nil {
			return nil, err
		}
		if line != nil {
			return o.own(signed, line)
		}
		if seen > c.Size {
			return nil, fmt.Errorf("%w: the witness has seen %d lines, the log has %d", ErrForked, seen, c.Size)
		}
		if seen == old {
			return nil, fmt.Errorf("%w: the witness has seen other lines than the log has", ErrForked)
		}
		old = seen
	}
	return nil, errors.New("it says each time that it has seen something else")
}

// own picks the observer's line from an answer, if it is right.
func (o *Observer) own(signed, lines []byte) ([]byte, error) {
	for line := range bytes.Lines(lines) {
		if _, err := CosignedBy(append(bytes.Clone(signed), line...), o.Key); err == nil {
			return line, nil
		}
	}
	return nil, errors.New("its answer is no cosignature by its key")
}

// post sends a request; without an error it returns lines, or the size that the
// observer has seen.
func (o *Observer) post(ctx context.Context, q *request) (lines []byte, seen int64, err error) {
	url := strings.TrimSuffix(o.URL, "/") + "/add-checkpoint"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(q.marshal()))
	if err != nil {
		return nil, 0, err
	}
	answer, err := o.Client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxRequest))
	if err != nil {
		return nil, 0, fmt.Errorf("read its answer: %w", err)
	}
	switch {
	case answer.StatusCode == http.StatusOK && len(body) > 0:
		return body, 0, nil
	case answer.StatusCode == http.StatusConflict && answer.Header.Get("Content-Type") == sizeType:
		seen, err := strconv.ParseInt(strings.TrimSuffix(string(body), "\n"), 10, 64)
		if err != nil || seen < 0 {
			return nil, 0, errors.New("it answers 409 without the size that it has seen")
		}
		return nil, seen, nil
	}
	return nil, 0, fmt.Errorf("it answers %s: %.200q", answer.Status, body)
}
