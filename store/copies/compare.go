package copies

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
)

const (
	// block is what is compared and copied at a time: a page of the store.
	block = 8192
	// stride is what is read at a time.
	stride = 128 * block
)

// bits are the numbers of blocks, one bit each.
type bits []uint64

func (b *bits) set(n int64) {
	for int64(len(*b))*64 <= n {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bits) has(n int64) bool { return n/64 < int64(len(b)) && b[n/64]&(1<<(n%64)) != 0 }

// each gives the blocks in their order that begin before size, as far as they go.
func (b bits) each(size int64, do func(n, length int64) error) error {
	for n := int64(0); n*block < size; n++ {
		if b.has(n) {
			if err := do(n, min(block, size-n*block)); err != nil {
				return err
			}
		}
	}
	return nil
}

// count is how many blocks that is.
func (b bits) count(size int64) (n int64) {
	b.each(size, func(int64, int64) error { n++; return nil })
	return n
}

// compare reads two files and returns which blocks differ, those among them that
// only one has, and the SHA-256 of both.
func compare(ctx context.Context, older, newer *io.SectionReader) (differ bits, was, is [sha256.Size]byte, err error) {
	one, other := sha256.New(), sha256.New()
	a, b := make([]byte, stride), make([]byte, stride)
	for at := int64(0); at < max(older.Size(), newer.Size()); at += stride {
		if err := ctx.Err(); err != nil {
			return nil, was, is, err
		}
		x, err := readStride(older, a, at)
		if err != nil {
			return nil, was, is, err
		}
		y, err := readStride(newer, b, at)
		if err != nil {
			return nil, was, is, err
		}
		one.Write(x)
		other.Write(y)
		for from := 0; from < max(len(x), len(y)); from += block {
			if !bytes.Equal(part(x, from), part(y, from)) {
				differ.set((at + int64(from)) / block)
			}
		}
	}
	one.Sum(was[:0])
	other.Sum(is[:0])
	return differ, was, is, nil
}

// readStride reads what a file has at a place, nothing beyond its end.
func readStride(file *io.SectionReader, into []byte, at int64) ([]byte, error) {
	into = into[:max(0, min(stride, file.Size()-at))]
	n, err := file.ReadAt(into, at)
	if n == len(into) {
		return into, nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // it is shorter than it was said to be
	}
	return nil, err
}

// part is the block at a place, less or nothing at the end.
func part(b []byte, from int) []byte {
	return b[min(from, len(b)):min(from+block, len(b))]
}
