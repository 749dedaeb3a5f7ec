package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"
)

// mboxReader splits an mbox file into mails. A mail's bytes are those between
// two From_ lines, with two exceptions, both of which mbox writers add: the
// empty line at the end, and one ">" before lines that begin with ">From " or
// ">>From " (mboxrd). Line ends stay as they are.
//
// Old writers (mboxo) quote "From " lines only, and readers cannot tell; with
// them a client's own ">From " loses its ">". Writers that quote nothing leave
// "From " lines in the text: a line counts as a From_ line only if it has a
// date as such lines have, and stands after an empty line or before a header.
type mboxReader struct {
	in    *bufio.Reader
	most  int64
	read  int64     // bytes of the file so far
	at    time.Time // of the From_ line before the next mail
	inner bool      // the last line was longer than the buffer, and goes on
	loose bool      // the file's From_ lines have no date that we know
}

var errTooLarge = errors.New("the mail is over the size limit")

func newMboxReader(r io.Reader, most int64) *mboxReader {
	return &mboxReader{in: bufio.NewReaderSize(r, 64<<10), most: most}
}

// next returns the next mail with the time of its From_ line. It is io.EOF at
// the end, and errTooLarge for a mail that was skipped.
func (r *mboxReader) next() (raw []byte, at time.Time, err error) {
	var mail bytes.Buffer
	tooLarge, blank := false, true
	for {
		line, starts, err := r.line()
		if err != nil && err != io.EOF {
			return nil, time.Time{}, err
		}
		end := len(line) == 0
		found, stamp := false, time.Time{}
		if starts && bytes.HasPrefix(line, []byte("From ")) {
			line = bytes.Clone(line) // looking ahead moves the buffer
			found, stamp = r.separates(line, blank)
		}
		if !found && !end {
			if starts {
				blank, line = isBlank(line), unquoteFrom(line)
			}
			if tooLarge = tooLarge || int64(mail.Len()+len(line)) > r.most; tooLarge {
				mail = bytes.Buffer{}
			} else {
				mail.Write(line)
			}
			continue
		}
		at, r.at = r.at, stamp
		switch raw := withoutLastBlank(mail.Bytes()); {
		case tooLarge:
			return nil, at, errTooLarge
		case len(raw) > 0:
			return raw, at, nil
		case end:
			return nil, time.Time{}, io.EOF
		}
		mail, blank = bytes.Buffer{}, true // the From_ line that begins the file
	}
}

// line reads one line, or a piece of one that is longer than the buffer. starts
// reports that it is not the rest of a line.
func (r *mboxReader) line() (line []byte, starts bool, err error) {
	starts = !r.inner
	line, err = r.in.ReadSlice('\n')
	r.read += int64(len(line))
	r.inner = err == bufio.ErrBufferFull
	if r.inner {
		err = nil
	}
	return line, starts, err
}

// separates reports whether a line that begins with "From " begins a mail.
func (r *mboxReader) separates(line []byte, afterBlank bool) (bool, time.Time) {
	at, ok := fromLine(line)
	if first := r.read == int64(len(line)); first {
		r.loose = !ok
		return true, at
	}
	if r.loose {
		return afterBlank && r.headerFollows(), at
	}
	return ok && (afterBlank || r.headerFollows()), at
}

// headerFollows looks ahead whether the next line is a header field.
func (r *mboxReader) headerFollows() bool {
	next, _ := r.in.Peek(256)
	for i, c := range next {
		switch {
		case c == ':':
			return i > 0
		case c <= ' ' || c > '~':
			return false
		}
	}
	return false
}

func isBlank(line []byte) bool { return len(bytes.TrimRight(line, "\r\n")) == 0 }

// unquoteFrom takes one ">" off a quoted From_ line.
func unquoteFrom(line []byte) []byte {
	if len(line) > 0 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
		return line[1:]
	}
	return line
}

// withoutLastBlank drops the empty line that separates mails.
func withoutLastBlank(raw []byte) []byte {
	for _, end := range []string{"\n\r\n", "\n\n"} {
		if bytes.HasSuffix(raw, []byte(end)) {
			return raw[:len(raw)-len(end)+1]
		}
	}
	if isBlank(raw) {
		return nil
	}
	return raw
}
