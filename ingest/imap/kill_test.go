package imap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
	"rapport/ingest/imap"
)

// childConfig makes this test binary run a poller until it is killed.
const childConfig = "RAPPORT_TEST_POLLER"

// child is what the poller of a child process needs. With a step it reads the
// mailbox once and is killed there; without, it runs until it is killed.
type child struct {
	Archive, Server, After string
	Step                   step
	MaxSize                int64 // 0 for the default
	Once                   bool  // read the mailbox once and end
}

func TestMain(m *testing.M) {
	if config := os.Getenv(childConfig); config != "" {
		runChild(config)
		return
	}
	os.Exit(m.Run())
}

// runChild polls until the process is killed.
func runChild(config string) {
	var c child
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		panic(err)
	}
	h := &house{t: &testing.T{}}
	h.open(c.Archive, c.Step.inArchive(c.Archive))
	way := plainConfig(c.Server)
	way.Dial = c.Step.dial
	p := h.poller(way, func(p *ingest.PollerConfig) { p.After, p.MaxSize = c.After, c.MaxSize })
	os.Stdout.WriteString("ready\n")
	if c.Step.Name == "" && !c.Once {
		p.Run(context.Background())
	}
	if _, err := p.Once(context.Background()); err != nil {
		os.Stdout.WriteString(err.Error())
	}
	if c.Once {
		tellPeak()
	}
}

func plainConfig(server string) imap.Config {
	return imap.Config{Address: server, TLS: imap.None, AllowPlaintext: true, Username: user,
		Password: func(context.Context) (string, error) { return "sécret", nil }}
}

func after(policy string) func(*ingest.PollerConfig) {
	return func(c *ingest.PollerConfig) { c.After = policy }
}

// TestKilledAnywhere kills the poller again and again while mail comes in, with
// a policy that moves what is filed. After each death there are as many mails as
// lines of the log about them and mails in the index. In the end each mail is in
// the archive once, with all its bytes, and lies in the folder for filed mail.
func TestKilledAnywhere(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { killAnywhere(newHouse(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		h := newHouse(t)
		h.inPostgres()
		killAnywhere(h)
	})
}

func killAnywhere(h *house) {
	const policy = "move Filed"
	config, err := json.Marshal(child{Archive: h.url, Server: h.dovecot.Addr, After: policy})
	h.must(err)
	kills := 25
	if testing.Short() {
		kills = 5
	}
	var sent [][]byte
	lifetime := 100 * time.Millisecond // on average; longer where the machine is too slow to get anywhere in it
	for kill := 0; kill < kills || kill < 10*kills && h.messages() == 0; kill++ {
		if h.messages() == 0 {
			lifetime = min(lifetime*5/4, 10*time.Second)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childConfig+"="+string(config))
		out, err := cmd.StdoutPipe()
		h.must(err)
		h.must(cmd.Start())
		_, err = io.ReadFull(out, make([]byte, len("ready\n")))
		h.must(err)
		timer := time.AfterFunc(time.Duration(rand.ExpFloat64()*float64(lifetime)), func() { cmd.Process.Kill() })
		c := h.dovecot.Login(h.t, user)
		for i := range 12 {
			raw := letter(kill*12 + i)
			h.must(put(c, "INBOX", raw))
			sent = append(sent, raw)
		}
		c.Close()
		cmd.Wait() // it ends because it is killed
		timer.Stop()
		h.equal(fmt.Sprintf("kill %d", kill))
	}
	last := h.once(h.poller(plainConfig(h.dovecot.Addr), after(policy)))
	if last.Filed == len(sent) {
		h.t.Error("none of the killed processes has filed anything: they are killed too early")
	}
	h.t.Logf("%d of %d mails were left to file", last.Filed, len(sent))
	for i, raw := range sent {
		if !h.has(raw) {
			h.t.Errorf("mail %d is not in the archive", i)
		}
	}
	if n := h.messages(); n != len(sent) {
		h.t.Errorf("the archive has %d mails of %d", n, len(sent))
	}
	if n := len(h.dovecot.Inbox(h.t, user)); n != 0 {
		h.t.Errorf("%d mails were not moved", n)
	}
	h.client(func(c *imapclient.Client) error {
		status, err := c.Status("Filed", &goimap.StatusOptions{NumMessages: true}).Wait()
		if err == nil && int(*status.NumMessages) != len(sent) {
			h.t.Errorf("%d of %d mails are in the folder for filed mail", *status.NumMessages, len(sent))
		}
		return err
	})
}
