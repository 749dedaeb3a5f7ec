package smtp_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"rapport/compose"
	"rapport/compose/smtp"
	"rapport/threads"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

const letter = "From: <pm@agency.example>\r\nSubject: Report\r\n\r\nHello\r\n.\r\n..dots\r\n"

// submission is the letter to ann.
func submission() compose.Submission {
	return compose.Submission{From: "pm@agency.example", To: "ann@client.example", Raw: []byte(letter)}
}

// patient is a sender that never gives a step up in a test that works.
func patient(t *testing.T, address string, change func(*smtp.Config)) *smtp.Sender {
	t.Helper()
	cfg := smtp.Config{Address: address, TLS: smtp.Plain, Hello: "rapport.agency.example", Timeout: 20 * time.Second, Final: 20 * time.Second}
	if change != nil {
		change(&cfg)
	}
	s, err := smtp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatBecomesOfALetter(t *testing.T) {
	impatient := func(c *smtp.Config) { c.Timeout = time.Second } // each step, so not too short for the others
	soon := func(c *smtp.Config) { c.Final = 50 * time.Millisecond }
	for _, c := range []struct {
		name     string
		sessions []string
		change   func(*smtp.Config)
		sub      func(*compose.Submission)
		state    threads.DeliveryState
		words    string
		down     bool
		tried    bool
	}{
		{name: "it is accepted", state: threads.Taken, words: "250 2.0.0 Ok: queued as 7F3A",
			sessions: []string{hello + given + "S: 250 2.0.0 Ok: queued as 7F3A"}},
		{name: "the server closes after it has accepted", state: threads.Taken, words: "250 taken",
			sessions: []string{hello + given + "S: 250 taken"}},
		{name: "another success code", state: threads.Taken, words: "251 forwarded",
			sessions: []string{hello + given + "S: 251 forwarded"}},
		{name: "the recipient is refused", state: threads.Refused, words: "550 5.1.1 no such user",
			sessions: []string{hello + `
				C: MAIL
				S: 250 ok
				C: RCPT
				S: 550-5.1.1 no such
				S: 550 user
				C: RSET
				S: 250 ok
				C: QUIT`}, sub: nil},
		{name: "the recipient has to wait", state: threads.Deferring, words: "450 4.2.1 greylisted",
			sessions: []string{hello + `
				C: MAIL
				S: 250 ok
				C: RCPT
				S: 450 4.2.1 greylisted
				C: RSET
				S: 250 ok
				C: QUIT`}},
		{name: "the sender is refused", state: threads.Refused, words: "553 5.7.1 not your address",
			sessions: []string{hello + "C: MAIL\nS: 553 5.7.1 not your address\nC: RSET\nS: 250 ok\nC: QUIT"}},
		{name: "a login is demanded", state: threads.Deferring, down: true, words: "530 5.7.0 log in first",
			sessions: []string{hello + "C: MAIL\nS: 530 5.7.0 log in first"}},
		{name: "the server shuts down at the recipient", state: threads.Deferring, down: true, words: "421 4.3.0 going down",
			sessions: []string{hello + "C: MAIL\nS: 250 ok\nC: RCPT\nS: 421 4.3.0 going down"}},
		{name: "the server breaks off at the recipient", state: threads.Deferring, down: true, words: "the connection broke at RCPT: the server closed the connection",
			sessions: []string{hello + "C: MAIL\nS: 250 ok\nC: RCPT"}},
		{name: "the letter is refused before it is given", state: threads.Refused, words: "554 no valid recipients",
			sessions: []string{hello + envelope + "C: DATA\nS: 554 no valid recipients\nC: RSET\nS: 250 ok\nC: QUIT"}},
		{name: "the letter is refused for what it says", state: threads.Refused, words: "554 5.7.1 spam",
			sessions: []string{hello + given + "S: 554 5.7.1 spam\nC: QUIT"}},
		{name: "the server has no room for the letter", state: threads.Deferring, words: "452 4.3.1 no room",
			sessions: []string{hello + given + "S: 452 4.3.1 no room\nC: QUIT"}},
		{name: "the server shuts down instead of taking it", state: threads.Deferring, down: true, tried: true, words: "421 going down",
			sessions: []string{hello + given + "S: 421 going down"}},
		{name: "the server is gone after the final dot", state: threads.Unknown, down: true, words: "before the server answered: the server closed the connection",
			sessions: []string{hello + given}},
		{name: "the server says nonsense after the final dot", state: threads.Unknown, down: true, words: "before the server answered",
			sessions: []string{hello + given + "S: what?"}},
		{name: "the server says 354 after the final dot", state: threads.Unknown, down: true, words: "before the server answered",
			sessions: []string{hello + given + "S: 354 more"}},
		{name: "the server is silent after the final dot", state: threads.Unknown, down: true, words: "before the server answered", change: soon,
			sessions: []string{hello + given + "hang"}},
		{name: "the server is silent at the greeting", state: threads.Deferring, down: true, words: "greeting", change: impatient,
			sessions: []string{"hang"}},
		{name: "the server is silent at the recipient", state: threads.Deferring, down: true, words: "broke at RCPT", change: impatient,
			sessions: []string{hello + "C: MAIL\nS: 250 ok\nhang"}},
		{name: "the server wants nobody", state: threads.Deferring, down: true, words: "554 no service",
			sessions: []string{"S: 554 no service\nhang"}},
		{name: "the letter is too large", state: threads.Refused, words: "the letter has 100001 bytes, and the server takes 100000",
			sessions: []string{hello + "C: QUIT"},
			sub:      func(s *compose.Submission) { s.Raw = []byte(strings.Repeat("x", 99999) + "\r\n") }},
		{name: "an address is a command", state: threads.Refused, words: "cannot stand in an envelope",
			sub: func(s *compose.Submission) { s.To = "ann@client.example>\r\nRCPT TO:<spy@evil.example" }},
		{name: "there is no letter", state: threads.Refused, words: "the letter is empty",
			sub: func(s *compose.Submission) { s.Raw = nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := play(t, c.sessions...)
			sub := submission()
			if c.sub != nil {
				c.sub(&sub)
			}
			out := patient(t, server.addr, c.change).Submit(t.Context(), sub)
			if out.State != c.state || !strings.Contains(out.Words, c.words) || out.Down != c.down {
				t.Errorf("outcome %+v, want %s with %q, down %v", out, c.state, c.words, c.down)
			}
			if c.down && out.Tried != c.tried {
				t.Errorf("whether the letter was tried: %v, want %v", out.Tried, c.tried)
			}
			if _, letters := server.seen(); c.state == threads.Taken && (len(letters) != 1 || letters[0] != letter) {
				t.Errorf("the server has %q", letters)
			}
		})
	}
}

func TestHalfALetterIsNeverFinished(t *testing.T) {
	server := play(t, hello+envelope+"C: DATA\nS: 354 go on\nD half")
	sub := submission()
	sub.Raw = []byte(strings.Repeat("x", 990) + "\r\n")
	for range 5 {
		sub.Raw = append(sub.Raw, sub.Raw...) // more than a socket takes without a reader
	}
	s := patient(t, server.addr, func(c *smtp.Config) {
		c.Dial = func(ctx context.Context, address string) (net.Conn, error) {
			conn, err := net.Dial("tcp", address)
			return &short{Conn: conn}, err
		}
	})
	out := s.Submit(t.Context(), sub)
	if out.State != threads.Deferring || !out.Tried || !strings.Contains(out.Words, "in the middle of the letter") {
		t.Errorf("outcome %+v", out)
	}
	if _, letters := server.seen(); len(letters) != 0 {
		t.Error("the server was given half a letter for a whole one")
	}
}

// short is a connection that breaks after 10,000 bytes.
type short struct {
	net.Conn
	sent int
}

func (c *short) Write(p []byte) (int, error) {
	if c.sent += len(p); c.sent > 10_000 {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(p)
}

func TestSeveralCommandsAtOnce(t *testing.T) {
	begin := pipelining.Replace(hello) + "C: MAIL FROM:<pm@agency.example>\nC: RCPT TO:<ann@client.example>\nC: RCPT TO:<copy@agency.example>\n"
	for _, c := range []struct {
		name, session string
		state         threads.DeliveryState
		words, lost   string
	}{
		{name: "all is well", session: "S: 250 ok\nS: 250 ok\nS: 251 ok\nC: DATA\nS: 354 go\nD\nS: 250 taken", state: threads.Taken, words: "250 taken"},
		{name: "the sender is refused", session: "S: 553 not you\nS: 503 first\nS: 503 first\nC: RSET\nS: 250 ok\nC: QUIT", state: threads.Refused, words: "553 not you"},
		{name: "the recipient is refused", session: "S: 250 ok\nS: 550 nobody\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT", state: threads.Refused, words: "550 nobody"},
		{name: "the recipient has to wait", session: "S: 250 ok\nS: 450 later\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT", state: threads.Deferring, words: "450 later"},
		{name: "the copy is refused", session: "S: 250 ok\nS: 250 ok\nS: 552 full\nC: DATA\nS: 354 go\nD\nS: 250 taken", state: threads.Taken, words: "250 taken", lost: "552 full"},
		{name: "the server is gone between", session: "S: 250 ok\nS: 250 ok", state: threads.Deferring, words: "broke at RCPT"},
		{name: "the server is gone after a refusal", session: "S: 250 ok\nS: 550 nobody", state: threads.Refused, words: "550 nobody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := play(t, begin+c.session)
			sub := submission()
			sub.Copy = "copy@agency.example"
			out := patient(t, server.addr, nil).Submit(t.Context(), sub)
			if out.State != c.state || !strings.Contains(out.Words, c.words) || out.CopyLost != c.lost {
				t.Errorf("outcome %+v, want %s with %q, copy %q", out, c.state, c.words, c.lost)
			}
		})
	}
}

func TestOurCopy(t *testing.T) {
	begin := hello + "C: MAIL\nS: 250 ok\nC: RCPT TO:<ann@client.example>\n"
	withCopy := func() compose.Submission {
		s := submission()
		s.Copy = "copy@agency.example"
		return s
	}
	t.Run("goes with the letter", func(t *testing.T) {
		server := play(t, begin+"S: 250 ok\nC: RCPT TO:<copy@agency.example>\nS: 250 ok\nC: DATA\nS: 354 go\nD\nS: 250 ok")
		if out := patient(t, server.addr, nil).Submit(t.Context(), withCopy()); out.State != threads.Taken || out.CopyLost != "" {
			t.Errorf("outcome %+v", out)
		}
	})
	t.Run("is refused, and the letter goes", func(t *testing.T) {
		server := play(t, begin+"S: 250 ok\nC: RCPT TO:<copy@agency.example>\nS: 552 full\nC: DATA\nS: 354 go\nD\nS: 250 ok")
		if out := patient(t, server.addr, nil).Submit(t.Context(), withCopy()); out.State != threads.Taken || out.CopyLost != "552 full" {
			t.Errorf("outcome %+v", out)
		}
	})
	t.Run("is not sent when the recipient is refused", func(t *testing.T) {
		server := play(t, begin+"S: 550 nobody\nC: RSET\nS: 250 ok\nC: QUIT")
		if out := patient(t, server.addr, nil).Submit(t.Context(), withCopy()); out.State != threads.Refused {
			t.Errorf("outcome %+v", out)
		}
	})
	t.Run("takes the connection with it", func(t *testing.T) {
		server := play(t, begin+"S: 250 ok\nC: RCPT TO:<copy@agency.example>")
		if out := patient(t, server.addr, nil).Submit(t.Context(), withCopy()); out.State != threads.Deferring || !out.Down {
			t.Errorf("outcome %+v", out)
		}
	})
}

func TestOneSessionServesManyLetters(t *testing.T) {
	server := play(t, hello+given+"S: 250 one\n"+`
		C: MAIL
		S: 250 ok
		C: RCPT
		S: 550 nobody
		C: RSET
		S: 250 ok
	`+given+"S: 250 three\nC: QUIT\nS: 221 bye")
	s := patient(t, server.addr, nil)
	for i, want := range []threads.DeliveryState{threads.Taken, threads.Refused, threads.Taken} {
		if out := s.Submit(t.Context(), submission()); out.State != want {
			t.Errorf("letter %d: %+v", i+1, out)
		}
	}
	s.Close()
	if sessions, letters := server.seen(); sessions != 1 || len(letters) != 2 {
		t.Errorf("%d sessions, %d letters", sessions, len(letters))
	}
}

func TestAStaleSessionIsOpenedAnew(t *testing.T) {
	for name, end := range map[string]string{
		"closed":           "",
		"closing":          "C: MAIL\nS: 421 idle for too long",
		"has had enough":   "C: MAIL\nS: 452 too many letters over one connection\nC: RSET\nS: 250 ok\nhang",
		"RSET fails later": "C: MAIL\nS: 451 no\nC: RSET\nS: 500 what",
	} {
		t.Run(name, func(t *testing.T) {
			server := play(t, hello+given+"S: 250 one\n"+end, hello+given+"S: 250 two")
			s := patient(t, server.addr, nil)
			for i, want := range []string{"250 one", "250 two"} {
				if out := s.Submit(t.Context(), submission()); out.State != threads.Taken || out.Words != want {
					t.Errorf("letter %d: %+v", i+1, out)
				}
			}
			if sessions, _ := server.seen(); sessions != 2 {
				t.Errorf("%d sessions, want 2", sessions)
			}
		})
	}
}

func TestAnUnknownLetterIsNotTriedAgainOverANewSession(t *testing.T) {
	server := play(t, hello+given+"S: 250 one\n"+given, hello+given+"S: 250 never")
	s := patient(t, server.addr, nil)
	s.Submit(t.Context(), submission())
	if out := s.Submit(t.Context(), submission()); out.State != threads.Unknown {
		t.Errorf("outcome %+v", out)
	}
	if sessions, _ := server.seen(); sessions != 1 {
		t.Error("it was sent blindly again")
	}
	s.Submit(t.Context(), submission()) // lets the script end
}

func TestTheContextEndsAnyStep(t *testing.T) {
	for name, c := range map[string]struct {
		session string
		state   threads.DeliveryState
	}{
		"greeting":  {"hang", threads.Deferring},
		"recipient": {hello + "C: MAIL\nS: 250 ok\nhang", threads.Deferring},
		"final dot": {hello + given + "hang", threads.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			server := play(t, c.session)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-server.hung
				cancel()
			}()
			if out := patient(t, server.addr, nil).Submit(ctx, submission()); out.State != c.state {
				t.Errorf("outcome %+v, want %s", out, c.state)
			}
		})
	}
}

func TestAServerCannotFillOurMemory(t *testing.T) {
	server := play(t, "S: 220-"+strings.Repeat("x", 3<<20)+"\nS: 220 mx\nhang")
	out := patient(t, server.addr, nil).Submit(t.Context(), submission())
	if out.State != threads.Deferring || !strings.Contains(out.Words, "does not stop talking") {
		t.Errorf("outcome %+v", out)
	}
}

func TestServersWordsAreMadeFitToShow(t *testing.T) {
	server := play(t, hello+given+"S: 550 \x1b[31mred\x00 \xff "+strings.Repeat("长", 1000))
	out := patient(t, server.addr, nil).Submit(t.Context(), submission())
	if !strings.HasPrefix(out.Words, "550 [31mred \uFFFD 长长") || len([]rune(out.Words)) > 450 {
		t.Errorf("words %q", out.Words)
	}
}

func TestConfigurationsThatCannotWork(t *testing.T) {
	for _, c := range []smtp.Config{
		{Address: "mx.example"},
		{Address: "mx.example:25", TLS: "ssl"},
		{Address: "mx.example:25", Username: "x"},
		{Address: "mx.example:25", Hello: "a\r\nMAIL"},
	} {
		if _, err := smtp.New(c); err == nil {
			t.Errorf("taken: %+v", c)
		}
	}
}
