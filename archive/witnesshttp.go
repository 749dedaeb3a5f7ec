package archive

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Bounds of C2SP tlog-witness.
const (
	maxProof   = 63       // lines of a consistency proof
	maxRequest = 64 << 10 // bytes; a proof and a checkpoint with many signatures
	sizeType   = "text/x.tlog.size"
)

// request is what add-checkpoint takes.
type request struct {
	old    int64
	proof  tlog.TreeProof
	signed []byte
}

// marshal writes the request as it goes over the wire.
func (q *request) marshal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", q.old)
	for _, h := range q.proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n")
	b.Write(q.signed)
	return b.Bytes()
}

func parseRequest(body []byte) (*request, error) {
	head, signed, found := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	size, ok := strings.CutPrefix(lines[0], "old ")
	old, err := strconv.ParseInt(size, 10, 64)
	if !found || !ok || err != nil || old < 0 || strconv.FormatInt(old, 10) != size || len(lines)-1 > maxProof {
		return nil, errors.New("this is no request as C2SP tlog-witness has it")
	}
	q := &request{old: old, signed: []byte(signed)}
	for _, l := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(l)
		if err != nil || len(h) != tlog.HashSize {
			return nil, errors.New("a line of the proof is no hash")
		}
		q.proof = append(q.proof, tlog.Hash(h))
	}
	return q, nil
}

// ServeHTTP answers add-checkpoint.
func (w *Witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(out, r.Body, maxRequest))
	if err != nil {
		http.Error(out, "the request is too large", http.StatusBadRequest)
		return
	}
	q, err := parseRequest(body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	line, err := w.Add(q.old, q.proof, q.signed)
	var stale *StaleError
	switch {
	case err == nil:
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		out.Write(line)
	case errors.As(err, &stale):
		tellSize(out, stale.Seen)
	case errors.Is(err, ErrForked): // the roots of one size differ
		tellSize(out, q.old)
	case errors.Is(err, ErrUnknownLog):
		http.Error(out, err.Error(), http.StatusNotFound)
	case errors.Is(err, ErrUnsigned):
		http.Error(out, err.Error(), http.StatusForbidden)
	case errors.Is(err, ErrBadOld):
		http.Error(out, err.Error(), http.StatusBadRequest)
	case errors.Is(err, ErrBadProof):
		http.Error(out, err.Error(), http.StatusUnprocessableEntity)
	default:
		http.Error(out, "the witness cannot keep its memory", http.StatusInternalServerError)
	}
}

// tellSize is the answer 409, from which the log learns where to begin.
func tellSize(out http.ResponseWriter, size int64) {
	out.Header().Set("Content-Type", sizeType)
	out.WriteHeader(http.StatusConflict)
	fmt.Fprintf(out, "%d\n", size)
}
