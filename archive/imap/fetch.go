package imap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"

	"rapport/threads"
)

// expungeIssued tells that some of the mails are there no longer (RFC 5530
// section 3): the client hears which ones when it may be told.
var expungeIssued = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: "EXPUNGEISSUED", Text: "some of these mails are no longer here"}

// Fetch writes what is asked of each mail; one at a time is in memory.
func (s *session) Fetch(w *imapserver.FetchWriter, set goimap.NumSet, options *goimap.FetchOptions) error {
	if err := s.check(); err != nil {
		return err
	}
	picked := s.box.pick(set)
	if len(options.BodySection) > 0 && len(picked) > 0 {
		first, last := s.box.mails[picked[0]].UID, s.box.mails[picked[len(picked)-1]].UID
		if err := s.note(threads.EntryExported, fmt.Sprintf(", %d mails of UIDs %d to %d", len(picked), first, last)); err != nil {
			return err
		}
	}
	var left error
	for _, i := range picked {
		m := &s.box.mails[i]
		var raw []byte
		if options.Envelope || options.BodyStructure != nil || len(options.BodySection) > 0 {
			var err error
			if raw, err = s.raw(m.ID); errors.Is(err, threads.ErrNotFound) {
				left = expungeIssued
				continue
			} else if err != nil {
				return err
			}
		}
		if err := fetch(w.CreateMessage(uint32(i+1)), m, raw, options); err != nil {
			return err
		}
	}
	return left
}

func fetch(w *imapserver.FetchResponseWriter, m *threads.FolderMail, raw []byte, o *goimap.FetchOptions) error {
	w.WriteUID(goimap.UID(m.UID))
	if o.Flags {
		w.WriteFlags([]goimap.Flag{goimap.FlagSeen}) // what is archived counts as read
	}
	if o.InternalDate {
		w.WriteInternalDate(m.Received)
	}
	if o.RFC822Size {
		w.WriteRFC822Size(m.Size)
	}
	if o.Envelope {
		header, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw))) // of a broken header, what could be read
		w.WriteEnvelope(imapserver.ExtractEnvelope(header))
	}
	if o.BodyStructure != nil {
		w.WriteBodyStructure(structure(raw))
	}
	for _, section := range o.BodySection {
		piece := cut(raw, section)
		if err := writeSection(w.WriteBodySection(section, int64(len(piece))), piece); err != nil {
			return err
		}
	}
	return w.Close()
}

func writeSection(w io.WriteCloser, b []byte) error {
	_, err := w.Write(b)
	if closed := w.Close(); err == nil {
		err = closed
	}
	return err
}

func (s *session) raw(id string) ([]byte, error) {
	ctx, cancel := s.context()
	defer cancel()
	raw, err := s.reader.Mails.Raw(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("mail %s: %w", id, err)
	}
	return raw, nil
}

// pick returns the places of the mails in a set.
func (b *box) pick(set goimap.NumSet) (out []int) {
	if b == nil { // the reader's access has ended
		return nil
	}
	for i := range b.mails {
		if b.in(i, set) {
			out = append(out, i)
		}
	}
	return out
}

// in reports whether the mail at a place is in a set.
func (b *box) in(i int, set goimap.NumSet) bool {
	last := len(b.mails) - 1
	switch set := set.(type) {
	case goimap.SeqSet:
		return slices.ContainsFunc(set, func(r goimap.SeqRange) bool { return within(uint32(i+1), r.Start, r.Stop, uint32(last+1)) })
	case goimap.UIDSet:
		return slices.ContainsFunc(set, func(r goimap.UIDRange) bool {
			return within(b.mails[i].UID, uint32(r.Start), uint32(r.Stop), b.mails[last].UID)
		})
	}
	return false
}

// within reports whether n is in a range, in whichever order its ends are; 0
// stands for "*".
func within(n, start, stop, last uint32) bool {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return n >= min(start, stop) && n <= max(start, stop)
}
