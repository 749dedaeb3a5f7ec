package smtp_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"rapport/threads"
)

// kills is how many workers are killed; `make kills` asks for 200.
var kills = flag.Int("kills", 15, "how many outbox workers to kill at random moments")

// reportOf is how many letters a report of this test has.
const reportOf = 50

// The worker of this test is the test binary itself, told so by these.
const (
	workerArchive = "RAPPORT_TEST_OUTBOX_ARCHIVE"
	workerServer  = "RAPPORT_TEST_OUTBOX_SERVER"
	workerAhead   = "RAPPORT_TEST_OUTBOX_AHEAD"
)

// TestWorker is no test of its own: it is the process that is killed.
func TestWorker(t *testing.T) {
	path := os.Getenv(workerArchive)
	if path == "" {
		return // nobody asks for a worker
	}
	ahead, err := time.ParseDuration(os.Getenv(workerAhead))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{clock: &clock{}, path: path}
	h.forward(ahead)
	h.open(t)
	defer h.Store.Close()
	o := h.outbox(t, sendTo(t, os.Getenv(workerServer)), h.Store)
	fmt.Println("working")
	for { // more and more to send may come: the parent ends this
		if _, err := o.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

// TestWorkersThatAreKilledAtRandomMoments sends real letters from a real
// archive with processes that are killed (SIGKILL) over and over. Each letter
// comes exactly once. Every second report is released for a time to come.
func TestWorkersThatAreKilledAtRandomMoments(t *testing.T) {
	h, s := newHouse(t), newSink(t, sinkOptions{})
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	s.chaos = func(string, net.Conn) error {
		time.Sleep(2 * time.Millisecond) // as a real server's disk takes; kills are to hit this too
		return nil
	}
	for range *kills {
		if due(t, h) < reportOf {
			h.report(t, reportOf)
			h.scheduled(t, reportOf, threads.Release{SendAt: h.now().Add(time.Hour)})
		}
		h.Store.Close()
		h.kill(t, s, time.Duration(random.Int64N(int64(60*time.Millisecond))))
		s.quiet() // what the dead process had sent has arrived
		h.open(t)
		h.forward(3 * time.Hour)
		h.readCopies(t, s)
		h.forward(3 * time.Hour)
		h.confirm(t)
	}
	t.Logf("%d letters reached the server before the last kill; of %d only our own copy told", len(s.letters()), h.proved)
	for due(t, h) > 0 {
		h.settleAll(t, s)
	}
	h.wantOnce(t, s)
}

// due is how many letters have not come to their end.
func due(t *testing.T, h *house) (n int) {
	t.Helper()
	reports, err := h.Reports(t.Context(), "ACME-WEB", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		for _, d := range r.Deliveries {
			if !d.State.Final() {
				n++
			}
		}
	}
	return n
}

// kill starts a worker, lets it work for a while and kills it.
func (h *house) kill(t *testing.T, s *sink, after time.Duration) {
	t.Helper()
	worker := exec.Command(os.Args[0], "-test.run=^TestWorker$", "-test.v=false")
	worker.Env = append(os.Environ(), workerArchive+"="+h.path, workerServer+"="+s.addr,
		workerAhead+"="+time.Duration(h.ahead.Load()).String())
	out, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Errorf("the worker did not begin: %v", err)
	}
	time.Sleep(after) // the moment is the point: there is no event to wait for
	worker.Process.Kill()
	worker.Wait()
}
