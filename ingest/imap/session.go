package imap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
)

// session is a connection with an open folder.
type session struct {
	m      *Mailbox
	conn   *conn
	client *imapclient.Client
	caps   imap.CapSet
	folder ingest.Folder
	news   chan struct{} // holds one token when the number of mails has changed
	closed bool
}

func (s *session) Folder() ingest.Folder { return s.folder }

// tell notes that the folder has changed.
func (s *session) tell() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// listBytes bounds an answer that is a list of numbers: ten million mails.
const listBytes = 100 << 20

// do runs one command under the watchdog: when the context or the time ends,
// the raw connection is closed, and with it whatever hangs in go-imap.
func (s *session) do(ctx context.Context, what string, most int64, command func() error) error {
	limit := 2*time.Minute + time.Duration(most/(16<<10))*time.Second // 16 KB/s is slow
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the server took more than %s", limit))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { s.conn.Close() })
	s.conn.expect(most)
	err := command()
	s.conn.rest()
	var refused *imap.Error
	switch {
	case !stop():
		err = errors.Join(context.Cause(ctx), err)
	case errors.As(err, &refused) && refused.Type == imap.StatusResponseTypeNo:
		err = fmt.Errorf("%w: %w", ingest.ErrRefused, err)
	}
	if err != nil {
		return fmt.Errorf("%s at %s: %w", what, s.m.c.Address, err)
	}
	return nil
}

// UIDs searches for UIDs above after. "n:*" names the last mail even when its
// UID is below n (RFC 9051 section 9, seq-range), so the answer is filtered.
func (s *session) UIDs(ctx context.Context, after uint32, since time.Time) ([]uint32, error) {
	if after == ^uint32(0) {
		return nil, nil
	}
	return s.search(ctx, after, &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(after) + 1, Stop: 0}}}, Since: since})
}

// Unseen searches for mails without \Seen.
func (s *session) Unseen(ctx context.Context) ([]uint32, error) {
	return s.search(ctx, 0, &imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}})
}

// Undeleted searches for mails without \Deleted.
func (s *session) Undeleted(ctx context.Context) ([]uint32, error) {
	return s.search(ctx, 0, &imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagDeleted}})
}

func (s *session) search(ctx context.Context, after uint32, criteria *imap.SearchCriteria) (uids []uint32, err error) {
	err = s.do(ctx, "look for mail", listBytes, func() error {
		data, err := s.client.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		set, _ := data.All.(imap.UIDSet)
		uids, err = above(set, after)
		return err
	})
	return uids, err
}

// mostMails bounds what a folder can have: a range costs a server nothing.
const mostMails = 20_000_000

// above lists the UIDs of a set above one of them. A set is kept in order.
func above(set imap.UIDSet, after uint32) ([]uint32, error) {
	var uids []uint32
	for _, r := range set {
		if r.Stop < r.Start || int64(r.Stop-r.Start)+int64(len(uids)) > mostMails {
			return nil, errors.New("the server answers with an impossible range")
		}
		for uid := max(uint64(r.Start), uint64(after)+1); uid <= uint64(r.Stop); uid++ {
			uids = append(uids, uint32(uid))
		}
	}
	return uids, nil
}

// endTime bounds the beginning and the end of IDLE, so that a dead connection does not hold up
// the program's own end.
const endTime = 10 * time.Second

// Wait waits in IDLE.
func (s *session) Wait(ctx context.Context) (bool, error) {
	if !s.caps.Has(imap.CapIdle) && !s.caps.Has(imap.CapIMAP4rev2) {
		return false, ingest.ErrCannotWait
	}
	switch {
	case s.m.c.Gate.crowded():
		return false, ingest.ErrCrowded
	case ctx.Err() != nil:
		return false, nil
	}
	// The end of the wait must not fall into its beginning: that would cost the
	// connection.
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	var idle *imapclient.IdleCommand
	err := s.do(starting, "wait for mail", unasked, func() (err error) {
		idle, err = s.client.Idle()
		return err
	})
	if err != nil {
		return false, err
	}
	news, crowded, closed := false, false, false
	end := time.NewTimer(s.m.c.Idle)
	defer end.Stop()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for waiting := true; waiting; {
		select {
		case <-s.news:
			news, waiting = true, false
		case <-s.client.Closed():
			closed, waiting = true, false
		case <-ctx.Done():
			waiting = false
		case <-end.C:
			waiting = false
		case <-look.C:
			crowded = s.m.c.Gate.crowded()
			waiting = !crowded
		}
	}
	crowded = crowded || s.m.c.Gate.crowded()
	if closed {
		return false, fmt.Errorf("wait for mail at %s: the server has ended the connection", s.m.c.Address)
	}
	polite, done := context.WithTimeout(context.WithoutCancel(ctx), endTime) // also when we are asked to stop
	defer done()
	err = s.do(polite, "end the wait for mail", unasked, func() error {
		return errors.Join(idle.Close(), idle.Wait())
	})
	if err == nil && crowded && !news {
		err = ingest.ErrCrowded
	}
	return news, err
}

// Ping asks for nothing.
func (s *session) Ping(ctx context.Context) error {
	return s.do(ctx, "ask for a sign of life", unasked, func() error { return s.client.Noop().Wait() })
}

// Close says goodbye, briefly, and ends the connection.
func (s *session) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	defer s.m.c.Gate.leave()
	end := time.AfterFunc(2*time.Second, func() { s.conn.Close() })
	defer end.Stop()
	s.conn.expect(unasked)
	s.client.Logout().Wait()
	s.conn.Close()
	<-s.client.Closed()
	return nil
}
