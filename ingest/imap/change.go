package imap

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// changeBytes bounds the answer to a change of some mails.
func changeBytes(uids []uint32) int64 { return int64(len(uids)) * perMail }

// MarkSeen sets \Seen.
func (s *session) MarkSeen(ctx context.Context, uids []uint32) error {
	return s.flag(ctx, "mark mails as seen", uids, imap.FlagSeen)
}

func (s *session) flag(ctx context.Context, what string, uids []uint32, flag imap.Flag) error {
	return s.do(ctx, what, changeBytes(uids), func() error {
		return s.client.Store(uidSet(uids), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}, nil).Close()
	})
}

// Move moves mails into another folder, which is made if it is missing. Without
// MOVE they are copied and then marked as deleted, and removed only where
// UIDPLUS lets us name which: a plain EXPUNGE would also remove what other
// people have marked.
func (s *session) Move(ctx context.Context, uids []uint32, folder string) error {
	err := s.into(ctx, uids, folder)
	var refused *imap.Error
	if errors.As(err, &refused) && refused.Code == imap.ResponseCodeTryCreate {
		made := s.do(ctx, "make the folder "+folder, unasked, func() error { return s.client.Create(folder, nil).Wait() })
		if made != nil {
			return made
		}
		err = s.into(ctx, uids, folder)
	}
	return err
}

func (s *session) into(ctx context.Context, uids []uint32, folder string) error {
	what := fmt.Sprintf("move mails to %s", folder)
	if s.caps.Has(imap.CapMove) || s.caps.Has(imap.CapIMAP4rev2) {
		return s.do(ctx, what, changeBytes(uids), func() error {
			_, err := s.client.Move(uidSet(uids), folder).Wait()
			return err
		})
	}
	err := s.do(ctx, what, changeBytes(uids), func() error {
		_, err := s.client.Copy(uidSet(uids), folder).Wait()
		return err
	})
	if err == nil {
		err = s.flag(ctx, what, uids, imap.FlagDeleted)
	}
	if err == nil && s.caps.Has(imap.CapUIDPlus) {
		err = s.do(ctx, what, changeBytes(uids), func() error { return s.client.UIDExpunge(uidSet(uids)).Close() })
	}
	return err
}
