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
func (s *session) Move(ctx context.Context, uids []uint32, folder string, begun bool) error {
	what := fmt.Sprintf("move mails to %s", folder)
	if s.caps.Has(imap.CapMove) || s.caps.Has(imap.CapIMAP4rev2) {
		return s.into(ctx, what, folder, uids, func() error {
			_, err := s.client.Move(uidSet(uids), folder).Wait()
			return err
		})
	}
	// What is marked already was copied before, and stays where UIDPLUS is missing.
	uids, err := s.search(ctx, 0, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet(uids)}, NotFlag: []imap.Flag{imap.FlagDeleted}})
	if err != nil {
		return err
	}
	missing := uids
	if begun {
		if missing, err = s.notYetIn(ctx, uids, folder); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		err = s.into(ctx, what, folder, missing, func() error {
			_, err := s.client.Copy(uidSet(missing), folder).Wait()
			return err
		})
	}
	if err != nil || len(uids) == 0 {
		return err
	}
	if err := s.flag(ctx, what, uids, imap.FlagDeleted); err != nil || !s.caps.Has(imap.CapUIDPlus) {
		return err
	}
	return s.do(ctx, what, changeBytes(uids), func() error { return s.client.UIDExpunge(uidSet(uids)).Close() })
}

// into moves or copies mails into a folder, and makes the folder if the server
// asks for that.
func (s *session) into(ctx context.Context, what, folder string, uids []uint32, transfer func() error) error {
	err := s.do(ctx, what, changeBytes(uids), transfer)
	var refused *imap.Error
	if !errors.As(err, &refused) || refused.Code != imap.ResponseCodeTryCreate {
		return err
	}
	if err := s.do(ctx, "make the folder "+folder, unasked, func() error { return s.client.Create(folder, nil).Wait() }); err != nil {
		return err
	}
	return s.do(ctx, what, changeBytes(uids), transfer)
}
