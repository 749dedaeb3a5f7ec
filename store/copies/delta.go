package copies

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// A difference is a stream of zstd: one line of JSON, then each block as its
// number in eight bytes, the highest first, and its bytes: those of a whole
// block, or up to the end of the copy.

// header is that line.
type header struct {
	Form   int    `json:"form"`   // 1
	Next   string `json:"next"`   // the copy that this one is the difference to
	Size   int64  `json:"size"`   // of the file of this copy
	Blocks int64  `json:"blocks"` // how many follow
	SHA256 string `json:"sha256"` // of the file of this copy
	After  string `json:"after"`  // the same of the next
}

// maxHeader bounds the line.
const maxHeader = 1 << 16

// errDelta: the file is no difference, or a damaged one.
var errDelta = errors.New("it is damaged, or no difference between copies")

// proves tells whether a file is the copy that the header is about.
func (h header) proves(file io.ReaderAt) error {
	sum, err := hashOf(context.Background(), io.NewSectionReader(file, 0, h.Size))
	if err == nil && hex.EncodeToString(sum[:]) != h.SHA256 {
		err = errors.New("the copy is not what it was when it was made: a file that it is made from was changed or is damaged")
	}
	return err
}

func hashOf(ctx context.Context, file *io.SectionReader) (sum [sha256.Size]byte, err error) {
	hash, buffer := sha256.New(), make([]byte, stride)
	for at := int64(0); at < file.Size(); at += stride {
		b, err := readStride(file, buffer, at)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return sum, err
		}
		hash.Write(b)
	}
	hash.Sum(sum[:0])
	return sum, nil
}

// writeDelta writes the blocks of a copy that differ, and is done when they are
// safe on the disk.
func writeDelta(ctx context.Context, path string, h header, copied io.ReaderAt, differ bits) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(file, stride)
	packed, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return err
	}
	if err := json.NewEncoder(packed).Encode(h); err != nil {
		return err
	}
	record := make([]byte, 8+block)
	err = differ.each(h.Size, func(n, length int64) error {
		binary.BigEndian.PutUint64(record, uint64(n))
		if _, err := copied.ReadAt(record[8:8+length], n*block); err != nil {
			return err
		}
		_, err := packed.Write(record[:8+length])
		return errors.Join(err, ctx.Err())
	})
	return errors.Join(err, packed.Close(), out.Flush(), file.Sync())
}

// applyDelta writes what a copy had otherwise into the file of the next, which
// becomes the file of the copy.
func applyDelta(path string, into *os.File) (h header, err error) {
	err = readDelta(path, func(found header, blocks io.Reader) error {
		h = found
		return errors.Join(h.apply(blocks, into), into.Truncate(max(0, h.Size)))
	})
	return h, err
}

// apply writes the blocks.
func (h header) apply(blocks io.Reader, into *os.File) error {
	info, err := into.Stat()
	if err != nil {
		return err
	}
	// What the next copy has not must be here; so nothing is made long by a word.
	if h.Size < 0 || h.Blocks < 0 || h.Blocks > h.Size/block+1 || h.Size > info.Size()+h.Blocks*block {
		return errDelta
	}
	record, last := make([]byte, 8+block), int64(-1)
	for range h.Blocks {
		if _, err := io.ReadFull(blocks, record[:8]); err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint64(record))
		if n <= last || n > (h.Size-1)/block {
			return errDelta
		}
		b := record[8 : 8+min(block, h.Size-n*block)]
		if _, err := io.ReadFull(blocks, b); err != nil {
			return err
		}
		if _, err := into.WriteAt(b, n*block); err != nil {
			return err
		}
		last = n
	}
	if n, err := blocks.Read(record); n > 0 || !errors.Is(err, io.EOF) {
		return errors.Join(err, errDelta)
	}
	return nil
}

// readHeader reads the header of a difference.
func readHeader(path string) (h header, err error) {
	err = readDelta(path, func(found header, _ io.Reader) error { h = found; return nil })
	return h, err
}

func readDelta(path string, do func(h header, blocks io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	packed, err := zstd.NewReader(bufio.NewReaderSize(file, stride), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1<<20))
	if err != nil {
		return err
	}
	defer packed.Close()
	if err := parseDelta(packed, do); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

func parseDelta(unpacked io.Reader, do func(h header, blocks io.Reader) error) error {
	in := bufio.NewReaderSize(unpacked, maxHeader)
	line, err := in.ReadSlice('\n')
	var h header
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errDelta, err)
	}
	if h.Form != 1 || !isName(h.Next) {
		return fmt.Errorf("%w, or made by a newer program", errDelta)
	}
	return do(h, in)
}
