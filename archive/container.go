package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

// A bundle is a zip file that is written in one way only, that of Go's
// archive/zip without compression: so no bit of it can be changed without a
// trace, and nothing grows when it is unpacked. It is written here, and not by
// archive/zip, because that keeps the list of all files in memory to the end.

const (
	fileSign     = 0x04034b50 // before a file, APPNOTE.TXT section 4.3.7
	sizesSign    = 0x08074b50 // behind a file, 4.3.9
	listSign     = 0x02014b50 // of a file in the list, 4.3.12
	largeSign    = 0x06064b50 // the end of a list with large numbers, 4.3.14
	largeEndSign = 0x07064b50 // where that is, 4.3.15
	endSign      = 0x06054b50 // the end of the list, 4.3.16

	tooLarge = 1<<32 - 1 // and more stands in the fields for large numbers
	tooMany  = 1<<16 - 1
)

// entry is a file of a zip file, as the list at its end has it.
type entry struct {
	name   string
	method uint16
	crc    uint32
	packed int64
	size   int64
	at     int64 // where its header begins
}

// form writes what stands around the files of a bundle.
type form struct {
	time, date uint16
	extra      []byte // the time again, as Info-ZIP has it, to the second
}

func formOf(made time.Time) form {
	made = made.UTC()
	year := min(max(made.Year(), 1980), 2107)
	f := form{time: uint16(made.Hour()<<11 | made.Minute()<<5 | made.Second()/2), date: uint16((year-1980)<<9 | int(made.Month())<<5 | made.Day())}
	f.extra = little(nil, uint16(0x5455), uint16(5), uint8(1), uint32(made.Unix()))
	return f
}

// little appends numbers, the low byte in front.
func little(b []byte, numbers ...any) []byte {
	for _, n := range numbers {
		b, _ = binary.Append(b, binary.LittleEndian, n) // fails for other types only
	}
	return b
}

// before is what stands before a file.
func (f form) before(e *entry) []byte {
	b := little(nil, uint32(fileSign), uint16(20), uint16(8), uint16(0), f.time, f.date, uint32(0), uint32(0), uint32(0), uint16(len(e.name)), uint16(len(f.extra)))
	return append(append(b, e.name...), f.extra...)
}

// behind is what stands behind a file.
func (f form) behind(e *entry) []byte {
	if e.size >= tooLarge {
		return little(nil, uint32(sizesSign), e.crc, uint64(e.size), uint64(e.size))
	}
	return little(nil, uint32(sizesSign), e.crc, uint32(e.size), uint32(e.size))
}

// listed is a file's place in the list.
func (f form) listed(e *entry) []byte {
	extra, size, needs := f.extra, uint32(min(e.size, tooLarge)), uint16(20)
	if e.size >= tooLarge || e.at >= tooLarge {
		extra, size = little(bytes.Clone(extra), uint16(1), uint16(24), e.size, e.size, e.at), tooLarge
	}
	if e.size >= tooLarge {
		needs = 45
	}
	b := little(nil, uint32(listSign), uint16(20), needs, uint16(8), uint16(0), f.time, f.date, e.crc, size, size, uint16(len(e.name)), uint16(len(extra)),
		uint16(0), uint16(0), uint16(0), uint32(0), uint32(min(e.at, tooLarge)))
	return append(append(b, e.name...), extra...)
}

// end is what stands behind the list of n files, which begins at one place and
// ends at another.
func (f form) end(n, begin, end int64) (b []byte) {
	length := end - begin
	if n >= tooMany || length >= tooLarge || begin >= tooLarge {
		b = little(b, uint32(largeSign), uint64(44), uint16(45), uint16(45), uint32(0), uint32(0), n, n, length, begin)
		b = little(b, uint32(largeEndSign), uint32(0), end, uint32(1))
		n, length, begin = tooMany, tooLarge, tooLarge
	}
	return little(b, uint32(endSign), uint16(0), uint16(0), uint16(n), uint16(n), uint32(length), uint32(begin), uint16(0))
}

// container writes a bundle's zip file.
type container struct {
	form
	out  *bufio.Writer
	at   int64
	list *spool
}

func newContainer(out io.Writer, made time.Time, list *spool) *container {
	return &container{form: formOf(made), out: bufio.NewWriterSize(out, 1<<16), list: list}
}

func (c *container) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	c.at += int64(n)
	return n, err
}

// add writes a file and returns its SHA-256.
func (c *container) add(name string, fill func(io.Writer) error) (string, error) {
	e := entry{name: name, at: c.at}
	crc, sum := crc32.NewIEEE(), sha256.New()
	_, err := c.Write(c.before(&e))
	from := c.at
	if err == nil {
		err = fill(io.MultiWriter(c, crc, sum))
	}
	e.size, e.crc = c.at-from, crc.Sum32()
	if err == nil {
		_, err = c.Write(c.behind(&e))
	}
	if err == nil {
		err = c.list.write(c.listed(&e))
	}
	if err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// close writes the list.
func (c *container) close() error {
	begin := c.at
	if err := c.list.copyTo(c); err != nil {
		return fmt.Errorf("write the list of files: %w", err)
	}
	if _, err := c.Write(c.end(c.list.n, begin, c.at)); err != nil {
		return fmt.Errorf("write the list of files: %w", err)
	}
	return c.out.Flush()
}
