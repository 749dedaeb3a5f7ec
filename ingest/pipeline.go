package ingest

import (
	"context"
	"errors"
	"time"

	"rapport/ingest/authentic"
	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

// PipelineConfig is what a Pipeline needs.
type PipelineConfig struct {
	Archive   Archive
	Directory func() *threads.Directory          // projects and people as they are now
	Key       threads.ReplyKey                   // tells our signed reply addresses
	Extract   func(extract.Input) extract.Result // nil means extract.Read
	Limits    mail.Limits
	Now       func() time.Time // nil means time.Now

	// Authenticate finds out whether a mail comes from whom it says; nil means
	// that nobody looks.
	Authenticate func(context.Context, authentic.Input) *threads.Authentication

	// Corrections are sentences that managers have corrected, the latest last,
	// for mail of a project; nil means none.
	Corrections func(ctx context.Context, project string) ([]threads.Example, error)
}

// Pipeline is the way of a mail from its bytes to a Filing.
type Pipeline struct {
	archive   Archive
	directory func() *threads.Directory
	key       threads.ReplyKey
	extract   func(extract.Input) extract.Result
	limits    mail.Limits
	now       func() time.Time
	large     turns

	authenticate func(context.Context, authentic.Input) *threads.Authentication

	corrections func(ctx context.Context, project string) ([]threads.Example, error)
}

// NewPipeline checks its configuration.
func NewPipeline(c PipelineConfig) (*Pipeline, error) {
	if c.Archive == nil || c.Directory == nil {
		return nil, errors.New("ingest: PipelineConfig.Archive and PipelineConfig.Directory are required")
	}
	p := &Pipeline{archive: c.Archive, directory: c.Directory, key: c.Key, extract: c.Extract, limits: c.Limits, now: c.Now, large: newTurns(), authenticate: c.Authenticate, corrections: c.Corrections}
	// What is in a file is not read: its type, size and hash are kept.
	p.limits.File = fileBytes
	if p.extract == nil {
		p.extract = extract.Read
	}
	if p.authenticate == nil {
		p.authenticate = func(context.Context, authentic.Input) *threads.Authentication { return nil }
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p, nil
}

// fileBytes is how much of an attached file is looked at.
const fileBytes = 4 << 10

// Received is one mail as it came.
type Received struct {
	Raw          []byte
	InternalDate time.Time         // when our server got it; zero if nobody knows
	Position     *threads.Position // nil for an imported mail
	Project      string            // key of the project it is forced into, "" to decide by evidence
	Source       string            // where an imported mail came from, for people
	again        bool              // read it though the archive has it

	authentication *threads.Authentication // what was found out when it came, of a mail that is read again
}

// Prepare reads one mail, decides where it belongs, and finds what it says. It
// fails only when the archive does.
func (p *Pipeline) Prepare(ctx context.Context, r Received) (threads.Filing, error) {
	filings, err := p.newFlow().prepare(ctx, []Received{r})
	if err != nil {
		return threads.Filing{}, err
	}
	return filings[0], nil
}

// Reread is Prepare for a mail that the archive has: what today's program makes
// of its bytes raw; project forces it there, "" lets the evidence decide.
// Nothing is changed by it.
func (p *Pipeline) Reread(ctx context.Context, m *threads.Message, raw []byte, project string) (threads.Filing, error) {
	return p.Prepare(ctx, Received{Raw: raw, InternalDate: m.Received, Project: project, again: true, authentication: m.Authentication})
}

// File prepares mails and files them, together with the cursor, in one
// transaction. The cursor is nil for imported mail.
func (p *Pipeline) File(ctx context.Context, cursor *threads.Cursor, received []Received) ([]threads.Filed, error) {
	filings, err := p.newFlow().prepare(ctx, received)
	if err != nil {
		return nil, err
	}
	return p.archive.File(ctx, cursor, filings)
}

// flow prepares batches one after the other, of which the last ones may not be
// filed yet when the next is decided.
type flow struct {
	p      *Pipeline
	recent []map[string][]known // what the last batches have added
}

// mostUnfiled is how many batches may be on their way to the archive.
const mostUnfiled = 4

func (p *Pipeline) newFlow() *flow { return &flow{p: p} }

// prepare makes filings of mails. Reading uses all processors; deciding goes
// one by one, since a mail may answer the one before it.
func (f *flow) prepare(ctx context.Context, received []Received) ([]threads.Filing, error) {
	all := f.p.parseAll(ctx, received)
	b, err := f.newBatch(ctx, all)
	if err != nil {
		return nil, err
	}
	routed := make([]routed, len(all))
	for i := range all {
		if routed[i], err = b.route(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	if err := f.teach(ctx, routed); err != nil {
		return nil, err
	}
	f.recent = append(f.recent, b.added)
	f.recent = f.recent[max(0, len(f.recent)-mostUnfiled):]
	filings := make([]threads.Filing, len(all))
	parallel(len(all), func(i int) { filings[i] = f.p.archive.Ready(f.p.filing(&routed[i])) })
	return filings, nil
}
