package ingest

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"

	"rapport/threads"
)

// sized is a mail on the server with its size.
type sized struct {
	uid  uint32
	size int64
}

// fetcher fetches mails in batches and hands them on. It is the only one who
// uses the session meanwhile.
type fetcher struct {
	p      *Poller
	s      Session
	handOn func(load)
	room   *semaphore.Weighted

	validity uint32 // what the UIDs belong to
	end      func() // of the latest turn of a large mail
}

// all fetches what is new, and then, each alone, what failed before.
func (f *fetcher) all(ctx context.Context, fresh, again []uint32) error {
	for len(fresh) > 0 {
		some := fresh[:min(len(fresh), sizesAtOnce)]
		fresh = fresh[len(some):]
		if err := f.fetch(ctx, some); err != nil {
			return err
		}
	}
	for _, uid := range again {
		if err := f.fetch(ctx, []uint32{uid}); err != nil {
			return err
		}
	}
	return nil
}

// fetch plans batches by the sizes that the server tells.
func (f *fetcher) fetch(ctx context.Context, uids []uint32) error {
	sizes, err := f.s.Sizes(ctx, uids)
	if err != nil {
		return err
	}
	f.p.status.answered()
	var plan []sized
	var total int64
	var gone []uint32
	for _, uid := range uids {
		size, there := sizes[uid]
		if !there {
			gone = append(gone, uid) // deleted or moved since it was listed
			continue
		}
		if size > f.p.c.MaxSize {
			if err := f.tooLarge(ctx, uid, size); err != nil {
				return err
			}
			continue
		}
		if len(plan) > 0 && (len(plan) >= f.p.most || total+size > bytesPerBatch) {
			if err := f.batch(ctx, plan, gone); err != nil {
				return err
			}
			plan, total, gone = nil, 0, nil
		}
		plan = append(plan, sized{uid, size})
		total += size
	}
	return f.batch(ctx, plan, gone)
}

// batch fetches one batch and hands it on.
func (f *fetcher) batch(ctx context.Context, plan []sized, gone []uint32) error {
	if err := f.p.applyPolicy(ctx, f.s); err != nil {
		return err
	}
	l := load{uids: gone}
	var bytes int64
	uids := make([]uint32, len(plan))
	for i, m := range plan {
		uids[i] = m.uid
		bytes += m.size
	}
	l.weight = min(bytes+1, bytesAtOnce)
	if err := f.room.Acquire(ctx, l.weight); err != nil {
		return context.Cause(ctx)
	}
	f.end = sync.OnceFunc(f.p.c.Pipeline.large.take(ctx, bytes))
	l.end = f.end
	mails, err := f.get(ctx, uids, bytes)
	if err != nil {
		l.end()
		f.room.Release(l.weight)
		return err
	}
	for _, uid := range uids {
		m, ok := mails[uid]
		if ok && len(m.Raw) > 0 {
			l.uids = append(l.uids, uid)
			l.received = append(l.received, f.received(m))
			continue
		}
		settled, err := f.single(ctx, uid, &l)
		if err != nil {
			f.handOn(l) // what came is good
			return err
		}
		if settled {
			l.uids = append(l.uids, uid)
		}
	}
	f.p.most = min(2*f.p.most, mostPerBatch)
	f.handOn(l)
	return nil
}

func (f *fetcher) received(m Fetched) Received {
	return Received{Raw: m.Raw, InternalDate: m.InternalDate, Position: &threads.Position{Mailbox: f.p.c.Name, UIDValidity: f.validity, UID: m.UID}}
}

// get fetches mails. Sizes that a server tells may be a little wrong (Exchange
// counts another form of the mail), and of a single mail altogether.
func (f *fetcher) get(ctx context.Context, uids []uint32, bytes int64) (map[uint32]Fetched, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	most := bytes + bytes/4 + int64(len(uids))*(16<<10)
	if len(uids) == 1 {
		most = f.p.c.MaxSize
	}
	mails, err := f.s.Fetch(ctx, uids, most)
	if err != nil {
		f.failed(ctx, uids, err)
		return nil, err
	}
	f.p.status.answered()
	found := make(map[uint32]Fetched, len(mails))
	for _, m := range mails {
		found[m.UID] = m
	}
	return found, nil
}

// failed makes the next batch smaller until the mail that breaks the
// connection is alone; then it is put aside.
func (f *fetcher) failed(ctx context.Context, uids []uint32, err error) {
	if ctx.Err() != nil {
		return
	}
	if len(uids) > 1 {
		f.p.most = max(1, len(uids)/2)
		return
	}
	f.p.putAside(unreadable(uids[0]), err)
}

func unreadable(uid uint32) threads.Owed { return threads.Owed{UID: uid, Why: threads.WhyUnreadable} }

// single fetches a mail again that the server did not give, or gave empty:
// go-imap loses a body that comes after other news of the same mail, and
// Exchange announces mails before they can be read. It reports whether the mail
// is settled: fetched now, or gone from the server.
func (f *fetcher) single(ctx context.Context, uid uint32, l *load) (settled bool, err error) {
	mails, err := f.get(ctx, []uint32{uid}, f.p.c.MaxSize)
	if err != nil {
		return false, err
	}
	if m, ok := mails[uid]; ok && len(m.Raw) > 0 {
		l.received = append(l.received, f.received(m))
		return true, nil
	} else if ok {
		f.p.putAside(unreadable(uid), errors.New("the server gives no bytes for it"))
		return false, nil
	}
	sizes, err := f.s.Sizes(ctx, []uint32{uid})
	if err != nil {
		return false, err
	}
	if _, there := sizes[uid]; !there {
		return true, nil
	}
	f.p.putAside(unreadable(uid), errors.New("the server lists it and does not give it"))
	return false, nil
}
