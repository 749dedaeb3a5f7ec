package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// opened is a zip file that is read. Its list is read anew for each walk, not
// kept; nothing is believed of it before check has passed.
type opened struct {
	r     io.ReaderAt
	size  int64
	n     int64
	begin int64 // of the list
	end   int64
}

var errNoZip = errors.New("open the bundle: it is no zip file, or its end was changed or cut off")

const (
	fileHead, listHead, endHead = 30, 46, 22 // bytes before the name, or in all
	largeHead, largeEndHead     = 56, 20
)

// openContainer finds the list at the end of a zip file.
func openContainer(r io.ReaderAt, size int64) (*opened, error) {
	o := &opened{r: r, size: size}
	var b [largeHead]byte
	le := binary.LittleEndian
	read := func(n int, at int64, sign uint32) bool {
		if at < 0 {
			return false
		}
		_, err := io.ReadFull(io.NewSectionReader(r, at, int64(n)), b[:n])
		return err == nil && le.Uint32(b[:]) == sign
	}
	if !read(endHead, size-endHead, endSign) {
		if size > endHead && bytes.Contains(o.tail(), little(nil, uint32(endSign))) {
			return nil, errors.New("the list at the end of the zip file: there is something after its end")
		}
		return nil, errNoZip
	}
	o.n, o.end = int64(le.Uint16(b[10:])), size-endHead
	length, begin := int64(le.Uint32(b[12:])), int64(le.Uint32(b[16:]))
	if o.n == tooMany || length == tooLarge || begin == tooLarge {
		at := o.end - largeEndHead - largeHead
		if !read(largeHead, at, largeSign) {
			return nil, errNoZip
		}
		o.end = at
		o.n, length, begin = int64(le.Uint64(b[32:])), int64(le.Uint64(b[40:])), int64(le.Uint64(b[48:]))
	}
	o.begin = begin
	if begin < 0 || length < 0 || length > o.end || o.end-length != begin {
		return nil, errNoZip
	}
	return o, nil
}

// tail is the end of the file, as far as a comment may reach.
func (o *opened) tail() []byte {
	b := make([]byte, min(o.size, endHead+tooMany))
	n, _ := o.r.ReadAt(b, o.size-int64(len(b)))
	return b[:n]
}

// each gives every file of the list, in the list's order.
func (o *opened) each(do func(*entry) error) error {
	list := o.list()
	for range o.n {
		e, err := readEntry(list)
		if err == nil {
			err = do(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *opened) list() *bufio.Reader {
	return bufio.NewReader(io.NewSectionReader(o.r, o.begin, o.end-o.begin))
}

var errList = errors.New("the list at the end of the zip file: it cannot be read")

// readEntry reads a file's place in the list.
func readEntry(list *bufio.Reader) (*entry, error) {
	var b [listHead]byte
	le := binary.LittleEndian
	if _, err := io.ReadFull(list, b[:]); err != nil || le.Uint32(b[:]) != listSign {
		return nil, errList
	}
	e := &entry{method: le.Uint16(b[10:]), crc: le.Uint32(b[16:]), packed: int64(le.Uint32(b[20:])), size: int64(le.Uint32(b[24:])), at: int64(le.Uint32(b[42:]))}
	rest := make([]byte, int(le.Uint16(b[28:]))+int(le.Uint16(b[30:]))+int(le.Uint16(b[32:])))
	if _, err := io.ReadFull(list, rest); err != nil {
		return nil, errList
	}
	e.name = string(rest[:le.Uint16(b[28:])])
	extra := rest[len(e.name):]
	if i := bytes.Index(extra, []byte{1, 0, 24, 0}); i >= 0 && len(extra) >= i+28 && e.size == tooLarge {
		e.size, e.packed, e.at = int64(le.Uint64(extra[i+4:])), int64(le.Uint64(extra[i+12:])), int64(le.Uint64(extra[i+20:]))
	}
	return e, nil
}

// open reads a file, as many bytes as the list says.
func (o *opened) open(e *entry) (*io.SectionReader, error) {
	var b [fileHead]byte
	le := binary.LittleEndian
	if e.at < 0 || e.size < 0 || e.at+fileHead > o.begin {
		return nil, errDamaged
	}
	if _, err := io.ReadFull(io.NewSectionReader(o.r, e.at, fileHead), b[:]); err != nil || le.Uint32(b[:]) != fileSign {
		return nil, errDamaged
	}
	at := e.at + fileHead + int64(le.Uint16(b[26:])) + int64(le.Uint16(b[28:]))
	if at > o.begin || e.size > o.begin-at {
		return nil, errDamaged
	}
	return io.NewSectionReader(o.r, at, e.size), nil
}

var errDamaged = errors.New("it is damaged: it is not where the list at the end of the zip file says")

// find returns a file by its name, nil if it is not there.
func (o *opened) find(name string) (found *entry, err error) {
	err = o.each(func(e *entry) error {
		if e.name == name {
			found = e
			return io.EOF
		}
		return nil
	})
	if err == io.EOF {
		err = nil
	}
	return found, err
}

// check writes all that stands around the files anew, and compares: headers,
// names, times, sizes, the list at the end, and nothing before, between or after
// them. The CRC-32 of each file must have been compared before.
func (o *opened) check(made time.Time) error {
	f, at := formOf(made), int64(0)
	expect := func(place string, want []byte) error {
		got := make([]byte, len(want))
		n, _ := o.r.ReadAt(got, at) // what is not there differs
		if n < len(want) || !bytes.Equal(got, want) {
			return fmt.Errorf("%s: something between the bytes %d and %d was changed", place, at, at+int64(len(want)))
		}
		at += int64(len(want))
		return nil
	}
	err := o.each(func(e *entry) error {
		place := e.name + ": the zip file around it"
		if e.at != at {
			return fmt.Errorf("%s: it stands elsewhere than the list at the end says", place)
		}
		if err := expect(place, f.before(e)); err != nil {
			return err
		}
		at += e.size
		return expect(place, f.behind(e))
	})
	if err != nil {
		return err
	}
	const place = "the list at the end of the zip file"
	begin := at
	if err := o.each(func(e *entry) error { return expect(place, f.listed(e)) }); err != nil {
		return err
	}
	if err := expect(place, f.end(o.n, begin, at)); err != nil {
		return err
	}
	if at != o.size {
		return fmt.Errorf("%s: there is something after its end", place)
	}
	return nil
}
