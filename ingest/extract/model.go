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
	magic    = "RPM4"
	maxModel = 8 << 20 // bytes unpacked
)

// MarshalBinary writes the model: a magic number, then packed each classifier
// as its number of classes and keys, scale, bias, the gaps between the sorted
// keys, for each class the gaps between the weights that are not 0, and then these
// weights. Two thirds are 0. What is alike stands together, where a code for each
// byte does better than to look for repetitions.
func (m *Model) MarshalBinary() ([]byte, error) {
	var plain []byte
	for _, l := range []*Linear{&m.Kinds, &m.Facets} {
		plain = append(plain, byte(l.Classes))
		plain = binary.LittleEndian.AppendUint64(plain, math.Float64bits(l.Scale))
		plain = binary.AppendUvarint(plain, uint64(len(l.Keys)))
		for _, b := range l.Bias {
			plain = append(plain, byte(b))
		}
		plain = appendGaps(plain, l.Keys)
		var weights []byte
		for c := range l.Classes {
			var rows []uint32
			for row := range l.Keys {
				if w := l.Weights[row*l.Classes+c]; w != 0 {
					rows, weights = append(rows, uint32(row)), append(weights, byte(w))
				}
			}
			plain = appendGaps(binary.AppendUvarint(plain, uint64(len(rows))), rows)
		}
		plain = append(plain, weights...)
	}
	var out bytes.Buffer
	out.WriteString(magic)
	z, err := flate.NewWriter(&out, flate.HuffmanOnly)
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

func appendGaps(to []byte, sorted []uint32) []byte {
	before := uint32(0)
	for _, n := range sorted {
		to = binary.AppendUvarint(to, uint64(n-before))
		before = n
	}
	return to
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
	if plain, err = m.Kinds.read(plain, len(classes)); err == nil {
		_, err = m.Facets.read(plain, len(facets))
	}
	return err
}

func (l *Linear) read(data []byte, classes int) (rest []byte, err error) {
	if len(data) < 9 || int(data[0]) != classes {
		return nil, errModel
	}
	l.Classes = classes
	l.Scale = math.Float64frombits(binary.LittleEndian.Uint64(data[1:]))
	n, size := binary.Uvarint(data[9:])
	data = data[9+max(size, 0):]
	if size <= 0 || n > uint64(len(data)) || len(data) < l.Classes {
		return nil, errModel
	}
	l.Bias = make([]int8, l.Classes)
	for c := range l.Bias {
		l.Bias[c] = int8(data[c])
	}
	if l.Keys, data, err = readGaps(data[l.Classes:], n, 1<<keyBits); err != nil {
		return nil, err
	}
	if data, err = l.readWeights(data); err != nil {
		return nil, err
	}
	l.index()
	return data, nil
}

func (l *Linear) readWeights(data []byte) (rest []byte, err error) {
	rows := make([][]uint32, l.Classes)
	for c := range rows {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			return nil, errModel
		}
		if rows[c], data, err = readGaps(data[size:], n, uint64(len(l.Keys))); err != nil {
			return nil, err
		}
	}
	l.Weights = make([]int8, l.Classes*len(l.Keys))
	for c := range rows {
		if len(data) < len(rows[c]) {
			return nil, errModel
		}
		for i, row := range rows[c] {
			l.Weights[int(row)*l.Classes+c] = int8(data[i])
		}
		data = data[len(rows[c]):]
	}
	return data, nil
}

// readGaps reads n numbers below end, as appendGaps wrote them.
func readGaps(data []byte, n, end uint64) (sorted []uint32, rest []byte, err error) {
	if n > uint64(len(data)) {
		return nil, nil, errModel
	}
	sorted = make([]uint32, n)
	at := uint64(0)
	for i := range sorted {
		gap, size := binary.Uvarint(data)
		if size <= 0 || gap >= end || at+gap >= end {
			return nil, nil, errModel
		}
		at += gap
		sorted[i], data = uint32(at), data[size:]
	}
	return sorted, data, nil
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
