package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/semaphore"

	"rapport/threads"
)

// ImportConfig says how files are imported.
type ImportConfig struct {
	Pipeline *Pipeline
	Project  string         // key of the project that everything goes into; "" to decide by evidence
	Progress func(Imported) // called after each transaction; may be nil
	MaxSize  int64          // a larger mail is left out; 0 means 200 MB
}

// Imported tells how far an import has come.
type Imported struct {
	Bytes, Total int64 // of the files
	Mails        int   // read from them
	Counts       Counts
	LeftOut      []LeftOut // what could not be read, in the order of the files
}

// LeftOut is a file, or a mail in one, that was not imported, and why.
type LeftOut struct {
	Source string `json:"source"`
	Words  string `json:"words"`
}

// Import files the mails in mbox files, Maildirs, folders of .eml files and
// single files. It may be interrupted and repeated at any time: mail that the
// archive has is recognised by its bytes. A mail that cannot be read is left
// out and named; an error is the archive's or the context's.
func Import(ctx context.Context, c ImportConfig, paths ...string) (Imported, error) {
	if c.Pipeline == nil {
		return Imported{}, errors.New("ingest: ImportConfig.Pipeline is required")
	}
	if c.MaxSize <= 0 {
		c.MaxSize = 200 << 20
	}
	if c.Project != "" {
		project := c.Pipeline.directory().Project(c.Project)
		if project == nil {
			return Imported{}, fmt.Errorf("project %q: %w", c.Project, threads.ErrNotFound)
		}
		c.Project = project.Key
	}
	sources, total, err := findSources(paths)
	if err != nil {
		return Imported{}, err
	}
	im := &importer{c: c, done: Imported{Total: total}}
	err = im.run(ctx, sources)
	return im.done, err
}

// importer reads, prepares and files at the same time, like a Poller.
type importer struct {
	c    ImportConfig
	done Imported
}

// parcel is a batch on its way through an import.
type parcel struct {
	received []Received
	filings  []threads.Filing
	leftOut  []LeftOut
	bytes    int64 // of the files, up to here
	weight   int64
}

func (im *importer) run(ctx context.Context, sources []source) error {
	room, flow := semaphore.NewWeighted(bytesAtOnce), im.c.Pipeline.newFlow()
	return inStages(ctx,
		func(ctx context.Context, handOn func(parcel)) error {
			r := &reader{ctx: ctx, im: im, handOn: handOn, room: room}
			for _, s := range sources {
				if err := r.source(s); err != nil {
					return err
				}
			}
			return r.send()
		},
		func(p *parcel) (err error) {
			p.filings, err = flow.prepare(ctx, p.received)
			return err
		},
		func(p parcel) error {
			defer room.Release(p.weight)
			return im.file(ctx, p)
		})
}

// file commits a parcel and tells how far the import is.
func (im *importer) file(ctx context.Context, p parcel) error {
	d := &im.done
	d.Bytes = p.bytes
	d.LeftOut = append(d.LeftOut, p.leftOut...)
	if err := im.fileSome(ctx, p.filings); err != nil {
		return err
	}
	if im.c.Progress != nil {
		im.c.Progress(*d)
	}
	return nil
}

// fileSome files mails. If that fails though the archive works, the mail at
// fault is found by halving and left out.
func (im *importer) fileSome(ctx context.Context, all []threads.Filing) error {
	if len(all) == 0 {
		return nil
	}
	filed, err := im.c.Pipeline.archive.File(ctx, nil, all)
	if err == nil {
		im.count(filed)
		return nil
	}
	if errors.Is(err, threads.ErrFull) {
		return err
	}
	if _, broken := im.c.Pipeline.archive.File(ctx, nil, nil); broken != nil || ctx.Err() != nil {
		return err
	}
	if len(all) == 1 {
		im.done.LeftOut = append(im.done.LeftOut, LeftOut{all[0].Source, err.Error()})
		return nil
	}
	half := len(all) / 2
	return errors.Join(im.fileSome(ctx, all[:half]), im.fileSome(ctx, all[half:]))
}

func (im *importer) count(filed []threads.Filed) {
	im.done.Mails += len(filed)
	im.done.Counts.add(filed)
}

// reader fills parcels from files.
type reader struct {
	ctx    context.Context
	im     *importer
	handOn func(parcel)
	room   *semaphore.Weighted
	next   parcel
	bytes  int64 // of the files, read so far
	raw    int64 // bytes of mail in next
}

// mail adds one mail, and sends the parcel on when it is full.
func (r *reader) mail(raw []byte, at time.Time, source string) error {
	if len(r.next.received) > 0 && r.raw+int64(len(raw)) > bytesPerBatch {
		if err := r.send(); err != nil {
			return err
		}
	}
	r.raw += int64(len(raw))
	r.next.received = append(r.next.received, Received{Raw: raw, InternalDate: at, Project: r.im.c.Project, Source: source})
	if len(r.next.received) == mostPerBatch {
		return r.send()
	}
	return nil
}

func (r *reader) leaveOut(source, words string) {
	r.next.leftOut = append(r.next.leftOut, LeftOut{source, words})
}

func (r *reader) send() error {
	p := r.next
	p.bytes, p.weight = r.bytes, min(r.raw+1, bytesAtOnce)
	r.next, r.raw = parcel{}, 0
	if err := r.room.Acquire(r.ctx, p.weight); err != nil {
		return context.Cause(r.ctx)
	}
	r.handOn(p)
	return nil
}
