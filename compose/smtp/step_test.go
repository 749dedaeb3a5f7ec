package smtp_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"rapport/compose"
	"rapport/store"
	"rapport/threads"
)

const hour = time.Hour

// died is what a worker says when it is stopped in the middle of a step.
type died struct{}

// mortal is an archive and a sender that stop the worker at one place, as a
// kill would.
type mortal struct {
	*store.Store
	compose.Sender
	at    string
	after int // so many times it lives on
}

func (m *mortal) die(at string) {
	if at == m.at {
		if m.after--; m.after < 0 {
			panic(died{})
		}
	}
}

func (m *mortal) Close() error { return m.Sender.Close() }

func (m *mortal) Settle(ctx context.Context, d threads.Delivery) error {
	m.die("before settle")
	err := m.Store.Settle(ctx, d)
	m.die("after settle")
	return err
}

func (m *mortal) Submit(ctx context.Context, s compose.Submission) compose.Outcome {
	m.die("after lease")
	return m.Sender.Submit(ctx, s)
}

// live runs a worker until it is done or dies.
func live(o *compose.Outbox, t *testing.T) (dead bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case died:
			dead = true
		default:
			panic(r)
		}
	}()
	if _, err := o.Once(t.Context()); err != nil {
		t.Error(err)
	}
	return false
}

func TestAWorkerThatDiesAtAnyStep(t *testing.T) {
	for _, at := range []string{"after lease", "before settle", "after settle"} {
		for after := range 3 {
			h, s := newHouse(t), newSink(t, sinkOptions{})
			h.report(t, 3)
			sender := sendTo(t, s.addr)
			m := &mortal{Store: h.Store, Sender: sender, at: at, after: after}
			if !live(h.outbox(t, m, m), t) {
				t.Errorf("%s, letter %d: the worker did not die", at, after+1)
			}
			sender.Close()
			h.settleAll(t, s)
			h.wantOnce(t, s)
		}
	}
}

// A letter waits for the client's hours, its worker dies while it is put back or
// sent; or it finds that the time was missed, and dies before or after it says so.
func TestAWorkerThatDiesAtAnyStepOfASchedule(t *testing.T) {
	for _, missed := range []bool{false, true} {
		for _, at := range []string{"before settle", "after settle", "after lease"} {
			h, s := newHouse(t), newSink(t, sinkOptions{})
			opens := h.now().Add(2 * hour)
			h.when = func(_ threads.Letter, now time.Time) time.Time {
				if now.Before(opens) {
					return opens
				}
				return now
			}
			r := h.scheduled(t, 2, threads.Release{SendAt: h.now().Add(hour)})
			h.forward(hour)
			if missed {
				h.forward(3 * hour)
			}
			round := func(at string) (dead bool) {
				sender := sendTo(t, s.addr)
				defer sender.Close()
				m := &mortal{Store: h.Store, Sender: sender, at: at}
				return live(h.outbox(t, m, m), t)
			}
			if dead := round(at); dead == (at == "after lease") { // nothing is given to a server yet
				t.Errorf("missed %v, %s: the worker died: %v", missed, at, dead)
			}
			if n := len(s.letters()); n != 0 {
				t.Errorf("missed %v, %s: %d letters went out before their time", missed, at, n)
			}
			if missed {
				round("")
				if n := len(s.letters()); n != 0 {
					t.Errorf("%s: %d letters went out though their time was missed", at, n)
				}
				if _, err := h.Release(t.Context(), r.ID, threads.Release{AnyHour: true}); err != nil {
					t.Fatal(err)
				}
			} else {
				h.forward(hour + time.Minute)
			}
			round(at)
			h.settleAll(t, s)
			h.wantOnce(t, s)
		}
	}
}

func TestAWorkerThatDiesAtAnyStepTwice(t *testing.T) {
	for _, first := range []string{"after lease", "before settle"} {
		for _, second := range []string{"after lease", "before settle"} {
			h, s := newHouse(t), newSink(t, sinkOptions{})
			h.report(t, 1)
			for _, at := range []string{first, second} {
				sender := sendTo(t, s.addr)
				m := &mortal{Store: h.Store, Sender: sender, at: at}
				live(h.outbox(t, m, m), t)
				sender.Close()
				s.quiet()
				h.forward(2 * hour)
				h.readCopies(t, s)
				h.forward(2 * hour)
			}
			h.settleAll(t, s)
			h.wantOnce(t, s)
		}
	}
}

func TestAServerThatBreaksOffWhereItLikes(t *testing.T) {
	h, s := newHouse(t), newSink(t, sinkOptions{})
	random := rand.New(rand.NewPCG(1, 2))
	trouble := 60
	s.chaos = func(when string, conn net.Conn) error {
		if trouble <= 0 || random.IntN(2) > 0 {
			return nil
		}
		trouble--
		if when == "after" {
			conn.Close() // it has the letter, and we shall not hear of it
			return nil
		}
		switch random.IntN(2) {
		case 0:
			conn.Close()
			return errors.New("gone")
		default:
			return &gosmtp.SMTPError{Code: 451, Message: "try later"}
		}
	}
	for range 5 {
		h.report(t, 10)
	}
	for range 100 {
		h.outbox(t, sendTo(t, s.addr), h.Store).Once(t.Context()) // the server's trouble is the point
		s.quiet()
		h.forward(3 * hour)
		h.readCopies(t, s)
		h.forward(3 * hour)
	}
	if trouble > 0 {
		t.Errorf("%d troubles were left over", trouble)
	}
	h.wantOnce(t, s)
}
