package extract

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"rapport/threads"
)

// classes are what the model tells apart, "none" first.
var classes = []threads.Kind{none, threads.Request, threads.Problem, threads.Question, threads.Decision, threads.Concern, threads.Praise, threads.Commitment}

// facets are what the facet model tells apart.
var facets = []threads.Facet{threads.NoFacet, threads.Business, threads.Technical, threads.Schedule, threads.Budget}

// Model is a linear classifier for kinds and one for facets over hashed
// features of a sentence.
type Model struct {
	Kinds, Facets Linear
}

// Linear is one classifier: a class's score is the sum of its weights of 8
// bits over the sentence's features.
type Linear struct {
	Classes int
	Scale   float64 // what one step of a weight is worth
	Keys    []uint32
	Weights []int8 // by key, then class
	Bias    []int8

	slots []slot // open addressing
	shift uint
}

const (
	magic    = "RPM3"
	maxModel = 8 << 20 // bytes unpacked
)

// MarshalBinary writes the model: a magic number, then packed each classifier
// as its number of classes and keys, scale, bias, the gaps between the sorted
// keys, and the weights.
func (m *Model) MarshalBinary() ([]byte, error) {
	var plain []byte
	for _, l := range []*Linear{&m.Kinds, &m.Facets} {
		plain = append(plain, byte(l.Classes))
		plain = binary.LittleEndian.AppendUint64(plain, math.Float64bits(l.Scale))
		plain = binary.AppendUvarint(plain, uint64(len(l.Keys)))
		before := uint32(0)
		for _, k := range l.Keys {
			plain = binary.AppendUvarint(plain, uint64(k-before))
			before = k
		}
		for _, w := range append(append([]int8{}, l.Bias...), l.Weights...) {
			plain = append(plain, byte(w))
		}
	}
	var out bytes.Buffer
	out.WriteString(magic)
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("write model: %w", err)
	}
	if _, err := z.Write(plain); err != nil {
		return nil, fmt.Errorf("write model: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write model: %w", err)
	}
	return out.Bytes(), nil
}

var errModel = errors.New("read model: not a model of this version; train it again with `rapport train`")

// UnmarshalBinary reads what MarshalBinary wrote.
func (m *Model) UnmarshalBinary(data []byte) error {
	packed, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return errModel
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxModel))
	if err != nil {
		return fmt.Errorf("%w (%w)", errModel, err)
	}
	for _, l := range []*Linear{&m.Kinds, &m.Facets} {
		if plain, err = l.read(plain); err != nil {
			return err
		}
	}
	if m.Kinds.Classes != len(classes) || m.Facets.Classes != len(facets) {
		return errModel
	}
	return nil
}

func (l *Linear) read(data []byte) (rest []byte, err error) {
	if len(data) < 9 {
		return nil, errModel
	}
	l.Classes = int(data[0])
	l.Scale = math.Float64frombits(binary.LittleEndian.Uint64(data[1:]))
	n, size := binary.Uvarint(data[9:])
	data = data[9+max(size, 0):]
	if size <= 0 || n > uint64(len(data)) {
		return nil, errModel
	}
	l.Keys = make([]uint32, n)
	key := uint32(0)
	for i := range l.Keys {
		gap, size := binary.Uvarint(data)
		if size <= 0 || gap >= 1<<keyBits || key+uint32(gap) >= 1<<keyBits {
			return nil, errModel
		}
		key += uint32(gap)
		l.Keys[i], data = key, data[size:]
	}
	if len(data) < l.Classes*(1+len(l.Keys)) {
		return nil, errModel
	}
	l.Bias, data = int8s(data, l.Classes)
	l.Weights, data = int8s(data, l.Classes*len(l.Keys))
	l.index()
	return data, nil
}

func int8s(data []byte, n int) ([]int8, []byte) {
	out := make([]int8, n)
	for i := range out {
		out[i] = int8(data[i])
	}
	return out, data[n:]
}

// slot is a place of the table in which a key is found.
type slot struct {
	key uint32
	row int32 // index of the key plus one, 0 where the slot is empty
}

// index builds the table in which a key is found, at most three quarters full.
func (l *Linear) index() {
	bits := uint(4)
	for 3<<bits < 4*len(l.Keys) {
		bits++
	}
	l.shift = keyBits - bits
	l.slots = make([]slot, 1<<bits)
	for i, k := range l.Keys {
		at := k >> l.shift
		for l.slots[at].row != 0 {
			at = (at + 1) & uint32(len(l.slots)-1)
		}
		l.slots[at] = slot{k, int32(i + 1)}
	}
}

// find is the index of a key, -1 if the model does not know it.
func (l *Linear) find(key uint32) int {
	for at := key >> l.shift; ; at = (at + 1) & uint32(len(l.slots)-1) {
		switch s := l.slots[at]; {
		case s.row == 0:
			return -1
		case s.key == key:
			return int(s.row - 1)
		}
	}
}

// scores adds up the weights of the sentence's features.
func (l *Linear) scores(f *features, out []float64) {
	var sum [8]int32
	for c := range l.Classes {
		sum[c] = int32(l.Bias[c])
	}
	for _, key := range f.list {
		if i := l.find(key); i >= 0 {
			for c, w := range l.Weights[i*l.Classes : (i+1)*l.Classes] {
				sum[c] += int32(w)
			}
		}
	}
	for c := range l.Classes {
		out[c] = float64(sum[c]) * l.Scale
	}
}

// best is the class with the highest score, the first of equals.
func best(scores []float64) int {
	top := 0
	for c, v := range scores {
		if v > scores[top] {
			top = c
		}
	}
	return top
}

// softmax turns scores into shares of one.
func softmax(s []float64) {
	top := s[best(s)]
	sum := 0.0
	for i, v := range s {
		s[i] = exp(v - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
}

// exp is e to the x for x ≤ 0, by one way of computing on every machine, so
// that training gives the same weights everywhere: (1 + x/1024)^1024.
func exp(x float64) float64 {
	if x < -40 {
		return 0
	}
	y := 1 + float64(x/1024)
	for range 10 {
		y = float64(y * y)
	}
	return y
}
