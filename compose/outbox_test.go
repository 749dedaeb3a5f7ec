package compose

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// shelf is an archive of deliveries in memory, with the store's rules.
type shelf struct {
	mu     sync.Mutex
	now    func() time.Time
	rows   []threads.Delivery
	until  map[string]time.Time // leases
	fence  int64
	settle func(threads.Delivery) error // if set, asked before Settle does its work

	release threads.Release
}

func (s *shelf) row(letter string) *threads.Delivery {
	for i := range s.rows {
		if s.rows[i].Letter == letter {
			return &s.rows[i]
		}
	}
	return nil
}

func (s *shelf) Lease(_ context.Context, _ string, ttl time.Duration) (threads.Delivery, threads.Letter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.rows {
		d := &s.rows[i]
		if (d.State == threads.Queued || d.State == threads.Deferring) && !s.now().Before(d.Next) {
			s.fence++
			d.State, d.Fence, d.Changed = threads.Sending, s.fence, s.now()
			d.Attempts++
			s.until[d.Letter] = s.now().Add(ttl)
			return *d, threads.Letter{ID: d.Letter, Recipient: d.Recipient, Raw: []byte("letter " + d.Letter), Release: s.release}, nil
		}
	}
	return threads.Delivery{}, threads.Letter{}, threads.ErrNotFound
}

func (s *shelf) Expire(context.Context) (n int, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.rows {
		if d := &s.rows[i]; d.State == threads.Sending && s.now().After(s.until[d.Letter]) {
			s.fence++
			d.State, d.Fence, d.Changed = threads.Unknown, s.fence, s.now()
			n++
		}
	}
	return n, nil
}

func (s *shelf) Settle(_ context.Context, d threads.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settle != nil {
		if err := s.settle(d); err != nil {
			return err
		}
	}
	row := s.row(d.Letter)
	if row.Fence != d.Fence || row.State != threads.Sending {
		return threads.ErrFenced
	}
	if d.Uncounted {
		d.Attempts--
	}
	*row = d
	row.Uncounted = false
	return nil
}

func (s *shelf) Unsettled(context.Context) (out []threads.Delivery, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.rows {
		if d.State == threads.Unknown {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *shelf) Resolve(_ context.Context, letter string, state threads.DeliveryState, words string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.row(letter)
	if row.State != threads.Unknown {
		return threads.ErrConflict
	}
	row.State, row.Words, row.Changed = state, words, s.now()
	return nil
}

// script is a sender that answers by recipient.
type script struct {
	answers map[string][]Outcome // in turn; then accepted
	sent    []Submission
	during  func()
}

func (s *script) Submit(_ context.Context, sub Submission) Outcome {
	s.sent = append(s.sent, sub)
	if s.during != nil {
		s.during()
	}
	if list := s.answers[sub.To]; len(list) > 0 {
		s.answers[sub.To] = list[1:]
		return list[0]
	}
	return Outcome{State: threads.Taken, Words: "250 ok"}
}

func (s *script) Close() error { return nil }

// bench is an outbox with its surroundings; its clock stands until it is moved.
type bench struct {
	*shelf
	*script
	outbox *Outbox
	clock  time.Time
}

func newBench(t *testing.T, change func(*OutboxConfig), names ...string) *bench {
	t.Helper()
	b := &bench{clock: friday, script: &script{answers: map[string][]Outcome{}}}
	now := func() time.Time { return b.clock }
	b.shelf = &shelf{now: now, until: map[string]time.Time{}}
	for _, n := range names {
		b.rows = append(b.rows, threads.Delivery{
			Letter: n, Report: "r", Recipient: threads.Address{Address: n + "@client.example"}, State: threads.Queued,
		})
	}
	cfg := OutboxConfig{
		Archive: b.shelf, Sender: b.script, Owner: "test", From: "projects@agency.example",
		Copy: "copy@agency.example", Now: now,
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if b.outbox, err = NewOutbox(cfg); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) once(t *testing.T) {
	t.Helper()
	if _, err := b.outbox.Once(context.Background()); err != nil && !errors.Is(err, errDown) {
		t.Fatal(err)
	}
}

func (b *bench) want(t *testing.T, states ...threads.DeliveryState) {
	t.Helper()
	for i, want := range states {
		if b.rows[i].State != want {
			t.Errorf("letter %s is %s (%s), want %s", b.rows[i].Letter, b.rows[i].State, b.rows[i].Words, want)
		}
	}
}

func TestOneRefusedRecipientDoesNotStopTheOthers(t *testing.T) {
	b := newBench(t, nil, "a", "b", "c", "d")
	b.answers["b@client.example"] = []Outcome{{State: threads.Refused, Words: "550 no such user"}}
	b.answers["c@client.example"] = []Outcome{{State: threads.Deferring, Words: "450 later"}}
	b.once(t)
	b.want(t, threads.Taken, threads.Refused, threads.Deferring, threads.Taken)
	if b.rows[1].Words != "550 no such user" || b.rows[0].Words != "250 ok" {
		t.Errorf("the server's words are lost: %q, %q", b.rows[0].Words, b.rows[1].Words)
	}
	if len(b.sent) != 4 {
		t.Errorf("%d submissions, want 4", len(b.sent))
	}
	b.once(t)
	if len(b.sent) != 4 {
		t.Errorf("a deferred letter was sent before its time")
	}
	b.clock = b.clock.Add(time.Minute)
	b.once(t)
	b.want(t, threads.Taken, threads.Refused, threads.Taken, threads.Taken)
}

func TestADeferredLetterIsGivenUpAfterItsAttempts(t *testing.T) {
	b := newBench(t, func(c *OutboxConfig) { c.Attempts = 3 }, "a")
	later := Outcome{State: threads.Deferring, Words: "451 try later"}
	b.answers["a@client.example"] = []Outcome{later, later, later, later}
	for range 5 {
		b.once(t)
		b.clock = b.clock.Add(2 * time.Hour)
	}
	b.want(t, threads.Refused)
	if len(b.sent) != 3 || !strings.Contains(b.rows[0].Words, "after 3 attempts") || !strings.Contains(b.rows[0].Words, "451 try later") {
		t.Errorf("%d attempts, words %q", len(b.sent), b.rows[0].Words)
	}
}

func TestTroubleWithTheServerEndsTheRound(t *testing.T) {
	b := newBench(t, nil, "a", "b", "c")
	b.answers["a@client.example"] = []Outcome{{State: threads.Deferring, Words: "connection refused", Down: true}}
	n, err := b.outbox.Once(context.Background())
	if n != 1 || !errors.Is(err, errDown) {
		t.Errorf("%d letters tried, error %v", n, err)
	}
	b.want(t, threads.Deferring, threads.Queued, threads.Queued)
}

func TestACopyGoesToOurselvesUnlessTheLetterDoes(t *testing.T) {
	b := newBench(t, nil, "a", "b")
	b.rows[1].Recipient.Address = "Copy+x@agency.example"
	b.answers["a@client.example"] = []Outcome{{State: threads.Taken, Words: "250 ok", CopyLost: "550 over quota"}}
	b.once(t)
	if b.sent[0].Copy != "copy@agency.example" || b.sent[1].Copy != "" || b.sent[0].From != "projects@agency.example" {
		t.Errorf("envelopes %+v", b.sent)
	}
	b.want(t, threads.Taken, threads.Taken)
	if !strings.Contains(b.rows[0].Words, "our copy was refused: 550 over quota") {
		t.Errorf("words %q do not tell that the copy is missing", b.rows[0].Words)
	}
}

func TestAnUnknownLetter(t *testing.T) {
	lost := Outcome{State: threads.Unknown, Words: "connection ended", Down: true}
	watchedTo := func(b **bench, behind time.Duration) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return (*b).clock.Add(-behind), nil }
	}
	for _, c := range []struct {
		name   string
		policy func(b **bench) UnknownPolicy
		copy   string
		later  time.Duration
		sends  int
		state  threads.DeliveryState
		asked  bool
	}{
		{name: "waits for its proof", later: 59 * time.Minute, sends: 1, state: threads.Unknown,
			policy: func(b **bench) UnknownPolicy { return UnknownPolicy{Watched: watchedTo(b, 0)} }},
		{name: "is sent again when our copy should have come", later: time.Hour, sends: 2, state: threads.Taken,
			policy: func(b **bench) UnknownPolicy { return UnknownPolicy{Watched: watchedTo(b, 0)} }},
		{name: "waits while our mailbox is not read", later: 3 * time.Hour, sends: 1, state: threads.Unknown,
			policy: func(b **bench) UnknownPolicy { return UnknownPolicy{Watched: watchedTo(b, 150*time.Minute)} }},
		{name: "is the manager's when nobody watches", later: 3 * time.Hour, sends: 1, state: threads.Unknown, asked: true,
			policy: func(**bench) UnknownPolicy { return UnknownPolicy{} }},
		{name: "is the manager's when there is no copy", copy: "-", later: 3 * time.Hour, sends: 1, state: threads.Unknown, asked: true,
			policy: func(b **bench) UnknownPolicy { return UnknownPolicy{Watched: watchedTo(b, 0)} }},
		{name: "is the manager's after too many attempts", later: 3 * time.Hour, sends: 1, state: threads.Unknown, asked: true,
			policy: func(b **bench) UnknownPolicy { return UnknownPolicy{Watched: watchedTo(b, 0), Attempts: 1} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b *bench
			asked := false
			b = newBench(t, func(cfg *OutboxConfig) {
				cfg.Unknown = c.policy(&b)
				cfg.Unknown.Tell = func(context.Context, threads.Delivery) { asked = true }
				if c.copy == "-" {
					cfg.Copy = ""
				}
			}, "a")
			b.answers["a@client.example"] = []Outcome{lost}
			b.once(t)
			b.want(t, threads.Unknown)
			b.clock = b.clock.Add(c.later)
			b.once(t)
			b.want(t, c.state)
			if len(b.sent) != c.sends || asked != c.asked {
				t.Errorf("%d submissions, want %d; manager asked: %v, want %v", len(b.sent), c.sends, asked, c.asked)
			}
		})
	}
}

func TestALetterOfABrokenLeaseIsNotSentBlindly(t *testing.T) {
	b := newBench(t, nil, "a")
	d, _, err := b.Lease(context.Background(), "a process that dies", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	b.clock = b.clock.Add(2 * time.Minute)
	b.once(t)
	b.want(t, threads.Unknown)
	if len(b.sent) != 0 {
		t.Error("it was sent")
	}
	if err := b.Settle(context.Background(), d); !errors.Is(err, threads.ErrFenced) {
		t.Errorf("the dead process settles it: %v", err)
	}
}

func TestAcceptanceThatComesAfterTheLeaseIsStillKept(t *testing.T) {
	b := newBench(t, nil, "a")
	b.during = func() {
		b.clock = b.clock.Add(time.Hour)
		b.Expire(context.Background())
	}
	b.once(t)
	b.want(t, threads.Taken)
}

func TestSettlingIsTriedAgainWhenTheDatabaseIsBusy(t *testing.T) {
	b := newBench(t, nil, "a")
	busy := 2
	b.shelf.settle = func(threads.Delivery) error {
		if busy--; busy >= 0 {
			return errors.New("database is locked")
		}
		return nil
	}
	b.once(t)
	b.want(t, threads.Taken)
	if len(b.sent) != 1 {
		t.Errorf("sent %d times", len(b.sent))
	}
}

func TestALetterIsSettledWhileTheProgramStops(t *testing.T) {
	b := newBench(t, nil, "a", "b")
	ctx, cancel := context.WithCancel(context.Background())
	b.during = cancel
	if err := b.outbox.Run(ctx); err != nil {
		t.Fatal(err)
	}
	b.want(t, threads.Taken, threads.Queued)
}

func TestRunSendsWhatIsQueuedWhenItIsWoken(t *testing.T) {
	wake := make(chan struct{})
	b := newBench(t, func(c *OutboxConfig) { c.Wake, c.Every = wake, time.Hour }, "a")
	b.rows[0].State = threads.Held
	ctx, cancel := context.WithCancel(context.Background())
	b.during = cancel
	done := make(chan error)
	go func() { done <- b.outbox.Run(ctx) }()
	wake <- struct{}{} // taken only after the first round has ended
	b.mu.Lock()
	b.rows[0].State = threads.Queued
	b.mu.Unlock()
	select {
	case wake <- struct{}{}:
	case <-ctx.Done(): // the second round saw it already
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	b.want(t, threads.Taken)
}

func TestAnOutboxNeedsItsParts(t *testing.T) {
	for i, c := range []OutboxConfig{
		{}, {Archive: &shelf{}, Sender: &script{}, From: "a@b.example"}, {Archive: &shelf{}, Sender: &script{}, Owner: "x"},
	} {
		if _, err := NewOutbox(c); err == nil {
			t.Errorf("configuration %d was taken", i)
		}
	}
}

func TestATestLetterTouchesNobodyElse(t *testing.T) {
	s := &script{}
	in := inSeries(t, 2)
	_, err := SendTest(context.Background(), s, weekly(), in, threads.Address{Address: "me@agency.example"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.sent) != 1 || s.sent[0].To != "me@agency.example" || s.sent[0].Copy != "" {
		t.Fatalf("submissions %+v", s.sent)
	}
	raw := string(s.sent[0].Raw)
	for _, want := range []string{"To: <me@agency.example>\r\n", "Subject: [TEST] [ACME-WEB] Weekly report\r\n", "Reply-To: <me@agency.example>\r\n", "Auto-Submitted: auto-generated\r\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("the test letter lacks %q", want)
		}
	}
	for _, never := range []string{"client.example", "References:", "In-Reply-To:"} {
		if strings.Contains(raw, never) {
			t.Errorf("the test letter has %q", never)
		}
	}
	if strings.Contains(raw, mustLetters(t, weekly(), in)[0].MessageID) {
		t.Error("the test letter has the report's Message-ID")
	}
	if _, err := SendTest(context.Background(), s, buttons(t), in, threads.Address{Address: "me@agency.example"}); err != nil {
		t.Fatal(err)
	}
	if html := mail.Parse(s.sent[1].Raw, mail.Limits{}).HTML; !strings.Contains(html, `href="mailto:me@agency.example?`) {
		t.Error("the buttons of a test letter lead to the client's project")
	}
}
