package archive

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says that a log had so many lines, and the root of the tree above
// them (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// text is the body of the note.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// Sign makes the signed note of a checkpoint.
func (k *Key) Sign(c Checkpoint) ([]byte, error) {
	return k.signText(c.text())
}

func (k *Key) signText(text string) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signed, nil
}

// errUnsigned: a note that the key did not sign, whatever is in it.
var errUnsigned = errors.New("the signature is not by the given key, or the text was changed")

// openNote returns the text of a note that v has signed. There is one way to
// write a note with one signature, and others are refused: not even a bit that
// decoders ignore may differ.
func openNote(signed []byte, v Verifier) (string, error) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return "", errUnsigned
	}
	for _, sig := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return "", errUnsigned
		}
	}
	return n.Text, nil
}

// OpenCheckpoint reads a checkpoint that v has signed for its own origin.
func OpenCheckpoint(signed []byte, v Verifier) (Checkpoint, error) {
	text, err := openNote(signed, v)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := parseCheckpoint(text)
	if err == nil && c.Origin != v.Name() {
		err = fmt.Errorf("the checkpoint is of the log %q, the key is of %q", c.Origin, v.Name())
	}
	return c, err
}

// ReadCheckpoint reads a checkpoint without looking at its signature.
func ReadCheckpoint(signed []byte) (Checkpoint, error) {
	text, _, found := bytes.Cut(signed, []byte("\n\n"))
	if !found {
		return Checkpoint{}, errors.New("this is no checkpoint: it has no signature")
	}
	return parseCheckpoint(string(text) + "\n")
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return c, errors.New("this is no checkpoint: it has fewer than three lines")
	}
	c.Origin = lines[0]
	c.Size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, fmt.Errorf("this is no checkpoint: %q is no size", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, errors.New("this is no checkpoint: its third line is no hash")
	}
	copy(c.Root[:], root)
	return c, nil
}
