package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
)

// perMail is what an answer has beside the mail itself.
const perMail = 4 << 10

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}

// Sizes asks for sizes only.
func (s *session) Sizes(ctx context.Context, uids []uint32) (map[uint32]int64, error) {
	sizes := map[uint32]int64{}
	err := s.do(ctx, "ask for the sizes of mails", int64(len(uids))*perMail, func() error {
		return s.fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true}, func(m *imapclient.FetchMessageData) error {
			uid, size := uint32(0), int64(-1)
			for item := m.Next(); item != nil; item = m.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataRFC822Size:
					size = item.Size
				}
			}
			if uid != 0 && size >= 0 {
				sizes[uid] = size
			}
			return nil
		})
	})
	return sizes, err
}

// body is the whole mail, without setting \Seen. iCloud needs BODY[] rather
// than RFC822.
var body = &imap.FetchItemBodySection{Peek: true}

// whole asks for whole mails.
var whole = &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{body}}

// Fetch reads whole mails. A single mail that does not come by its UID is asked
// for by its number as well: go-imap loses a mail whose UID comes behind it.
func (s *session) Fetch(ctx context.Context, uids []uint32, most int64) ([]ingest.Fetched, error) {
	var mails []ingest.Fetched
	err := s.do(ctx, "fetch mails", int64(len(uids))*perMail+most+most/16, func() (err error) {
		mails, err = s.fetchMails(uidSet(uids), most)
		return err
	})
	if err == nil && len(mails) == 0 && len(uids) == 1 {
		mails, err = s.fetchByNumber(ctx, uids[0], most)
	}
	return mails, err
}

func (s *session) fetchMails(set imap.NumSet, most int64) ([]ingest.Fetched, error) {
	var mails []ingest.Fetched
	left := most
	err := s.fetch(set, whole, func(m *imapclient.FetchMessageData) error {
		mail, err := readMail(m, left)
		if mail.Raw != nil {
			mails = append(mails, mail)
			left -= int64(len(mail.Raw))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return mails, nil
}

// fetchByNumber learns the number of a mail from an answer without its bytes,
// and then asks for it by that number.
func (s *session) fetchByNumber(ctx context.Context, uid uint32, most int64) ([]ingest.Fetched, error) {
	var number uint32
	var mails []ingest.Fetched
	err := s.do(ctx, "fetch a mail by its number", 2*perMail+most+most/16, func() error {
		err := s.fetch(uidSet([]uint32{uid}), &imap.FetchOptions{UID: true}, func(m *imapclient.FetchMessageData) error {
			number = m.SeqNum
			return nil
		})
		if err == nil && number != 0 {
			mails, err = s.fetchMails(imap.SeqSetNum(number), most)
		}
		return err
	})
	if err != nil || len(mails) != 1 || mails[0].UID != uid {
		return nil, err
	}
	return mails, nil
}

// Piece asks for a part of a mail (RFC 9051 section 6.4.5, partial).
func (s *session) Piece(ctx context.Context, uid uint32, from, n int64) (piece []byte, err error) {
	part := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Offset: from, Size: n}}}}
	err = s.do(ctx, "fetch a piece of a mail", perMail+n, func() error {
		return s.fetch(uidSet([]uint32{uid}), part, func(m *imapclient.FetchMessageData) error {
			mail, err := readMail(m, n)
			if mail.UID == uid && mail.Raw != nil {
				piece = mail.Raw
			}
			return err
		})
	})
	return piece, err
}

// fetch runs one FETCH command and drains it, whatever happens: an undrained
// one makes every later command hang. A cut connection shows in Close only,
// since go-imap ends the literal as if it were complete.
func (s *session) fetch(set imap.NumSet, options *imap.FetchOptions, each func(*imapclient.FetchMessageData) error) error {
	cmd := s.client.Fetch(set, options)
	var failed error
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		if failed == nil {
			failed = each(m)
		}
		if failed != nil {
			s.conn.Close() // what comes is of no use, and may be long
		}
		if errors.Is(failed, errCutOff) {
			// Reading on from a literal that has failed would race with go-imap's
			// own reader, which is on its way out.
			<-s.client.Closed()
			return failed
		}
	}
	return errors.Join(failed, cmd.Close())
}

// errCutOff: the connection ended inside of a mail.
var errCutOff = errors.New("cut off")

// readMail reads one answer. Raw is nil when it has no body at all: a notice of
// changed flags under the same UID.
func readMail(m *imapclient.FetchMessageData, most int64) (mail ingest.Fetched, err error) {
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			mail.UID = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			mail.InternalDate = item.Time
		case imapclient.FetchItemDataBodySection:
			if mail.Raw, err = readLiteral(item.Literal, most); err != nil {
				return mail, fmt.Errorf("mail %d: %w", mail.UID, err)
			}
		}
	}
	if mail.InternalDate.Before(time.Unix(0, 0)) {
		mail.InternalDate = time.Time{}
	}
	return mail, nil
}

// readLiteral reads exactly as many bytes as were announced. NIL is an empty mail.
func readLiteral(l imap.LiteralReader, most int64) ([]byte, error) {
	if l == nil {
		return []byte{}, nil
	}
	size := l.Size()
	if size > most {
		return nil, fmt.Errorf("it has %d bytes, more than the %d expected", size, most)
	}
	raw := make([]byte, size)
	if n, err := io.ReadFull(l, raw); err != nil {
		return nil, fmt.Errorf("%w after %d of %d bytes: %v", errCutOff, n, size, err)
	}
	return raw, nil
}
