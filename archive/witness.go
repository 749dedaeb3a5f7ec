package archive

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Witness watches logs for somebody who does not trust their owners: it
// remembers the latest checkpoint of each, takes a newer one only with the
// proof that it continues the old one, and cosigns it (C2SP tlog-witness).
type Witness struct {
	Key    *WitnessKey
	Logs   []Verifier // public keys of the logs; the name of each is its origin
	Memory Memory
	Now    func() time.Time

	mu sync.Mutex // from looking at the memory to writing it
}

// Memory is what a witness keeps of each log.
type Memory interface {
	Seen(origin string) ([]byte, error) // the latest checkpoint, nil if none
	Keep(origin string, signed []byte) error
	Accuse(origin string, signed []byte) error // a checkpoint that contradicts the latest one
}

// What a witness refuses. ErrForked is the case for which there are witnesses.
var (
	ErrUnknownLog = errors.New("this log is not watched")
	ErrUnsigned   = errors.New("the checkpoint is not signed by the log's key")
	ErrBadProof   = errors.New("the proof does not show that the log continues")
	ErrBadOld     = errors.New("the old size is above the new one")
)

// StaleError says that a proof begins at another size than the witness has seen.
type StaleError struct{ Seen int64 }

func (e *StaleError) Error() string {
	return fmt.Sprintf("the witness has seen %d lines; the proof begins elsewhere", e.Seen)
}

// Latest returns the latest checkpoint of a log; its size is 0 if there is none.
func (w *Witness) Latest(log Verifier) (Checkpoint, error) {
	signed, err := w.Memory.Seen(log.Name())
	if err != nil || signed == nil {
		return Checkpoint{Origin: log.Name(), Root: emptyTree()}, err
	}
	return OpenCheckpoint(signed, log)
}

func emptyTree() tlog.Hash {
	root, _ := tlog.TreeHash(0, nil) // reads no hash, so it cannot fail
	return root
}

// log is the one that a checkpoint says it is of.
func (w *Witness) log(signed []byte) (Verifier, error) {
	c, err := ReadCheckpoint(signed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	for _, l := range w.Logs {
		if l.Name() == c.Origin {
			return l, nil
		}
	}
	return nil, ErrUnknownLog
}

// Add takes a checkpoint with the proof that it continues the one of old lines,
// and returns the cosignature: a line of a signed note.
func (w *Witness) Add(old int64, proof tlog.TreeProof, signed []byte) ([]byte, error) {
	log, err := w.log(signed)
	if err != nil {
		return nil, err
	}
	c, err := OpenCheckpoint(signed, log)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	if old > c.Size {
		return nil, ErrBadOld
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	seen, err := w.Latest(log)
	if err != nil {
		return nil, err
	}
	if seen.Size != old {
		return nil, &StaleError{seen.Size}
	}
	if err := continues(seen, c, proof); err != nil {
		if errors.Is(err, ErrForked) {
			err = errors.Join(err, w.Memory.Accuse(c.Origin, signed))
		}
		return nil, err
	}
	if err := w.Memory.Keep(c.Origin, signed); err != nil {
		return nil, fmt.Errorf("keep the checkpoint: %w", err)
	}
	return w.Key.cosign(c.text(), w.Now()), nil
}

// continues checks a proof. Two roots for one size are two histories, whoever
// brings them; a proof that fails may be the bringer's fault.
func continues(old, now Checkpoint, proof tlog.TreeProof) error {
	switch {
	case old.Size == now.Size && old.Root != now.Root:
		return fmt.Errorf("%w: two checkpoints of %d lines are signed, with different roots", ErrForked, now.Size)
	case old.Size == 0 || old.Size == now.Size:
		if len(proof) > 0 {
			return ErrBadProof
		}
		return nil
	}
	if err := tlog.CheckTree(proof, now.Size, now.Root, old.Size, old.Root); err != nil {
		return ErrBadProof
	}
	return nil
}
