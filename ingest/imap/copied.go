package imap

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"

	"github.com/emersion/go-imap/v2"

	"rapport/ingest"
)

// mostAlike bounds how many mails of the same size are compared: a copy that
// was just made is among the latest.
const mostAlike = 20

// notYetIn leaves out the mails that lie in another folder already, byte for
// byte: where a server has no MOVE, nobody knows whether a copy was made when
// the connection or the program ended before the answer.
func (s *session) notYetIn(ctx context.Context, uids []uint32, folder string) ([]uint32, error) {
	sizes, err := s.Sizes(ctx, uids)
	if err != nil {
		return nil, err
	}
	copies, err := s.sumsIn(ctx, folder, sizes)
	if err != nil || len(copies) == 0 {
		return uids, err
	}
	var left []uint32
	for _, uid := range uids {
		sum, found, err := s.sum(ctx, uid, sizes[uid])
		if err != nil {
			return nil, err
		}
		if found && !copies[sum] {
			left = append(left, uid)
		}
	}
	return left, nil
}

// sumsIn are the SHA-256 of mails in another folder that have one of these
// sizes. The session's own folder is open again afterwards.
func (s *session) sumsIn(ctx context.Context, folder string, sizes map[uint32]int64) (map[[sha256.Size]byte]bool, error) {
	err := s.do(ctx, "look into the folder "+folder, unasked, func() error {
		_, err := s.choose(folder, false)
		return err
	})
	sums := map[[sha256.Size]byte]bool{}
	if err == nil {
		err = s.addSums(ctx, sums, sizes)
	}
	if err != nil && !errors.Is(err, ingest.ErrRefused) { // refused: there is no such folder yet
		return nil, err
	}
	return sums, s.do(ctx, "open the folder "+s.m.c.Folder+" again", unasked, func() error {
		own, err := s.choose(s.m.c.Folder, true)
		if err == nil && own.UIDValidity != s.folder.UIDValidity {
			err = errors.New("its mails have other UIDs now")
		}
		return err
	})
}

// addSums reads the mails of these sizes in the open folder.
func (s *session) addSums(ctx context.Context, sums map[[sha256.Size]byte]bool, sizes map[uint32]int64) error {
	for _, size := range slices.Compact(slices.Sorted(maps.Values(sizes))) {
		alike, err := s.search(ctx, 0, &imap.SearchCriteria{Larger: size - 1, Smaller: size + 1})
		if err != nil {
			return err
		}
		for _, uid := range alike[max(0, len(alike)-mostAlike):] {
			sum, found, err := s.sum(ctx, uid, size)
			if err != nil {
				return err
			}
			if found {
				sums[sum] = true
			}
		}
	}
	return nil
}

// sum is the SHA-256 of a mail in the open folder, if it is still there. The
// size that a server tells may be a little wrong.
func (s *session) sum(ctx context.Context, uid uint32, size int64) (sum [sha256.Size]byte, found bool, err error) {
	mails, err := s.Fetch(ctx, []uint32{uid}, 2*size+perMail)
	if err != nil || len(mails) != 1 {
		return sum, false, err
	}
	return sha256.Sum256(mails[0].Raw), true, nil
}
