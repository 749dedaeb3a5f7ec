package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"time"

	gosmtp "github.com/wneessen/go-mail/smtp"

	"rapport/compose"
	"rapport/threads"
)

// session is one connection on which we are logged in.
type session struct {
	cfg    *Config
	conn   *limited
	client *gosmtp.Client
	broken bool // it cannot be used for another letter
}

// brokenOff are our words for a letter when the program is being stopped.
const brokenOff = "broken off by us before the letter was given"

// step gives the next command its time.
func (s *session) step(d time.Duration) { s.conn.SetDeadline(time.Now().Add(d)) }

// submit does one transaction. stale says that the session was of no use
// although nothing of the letter was given, so that a new session may be tried.
func (s *session) submit(ctx context.Context, sub compose.Submission) (out compose.Outcome, stale bool) {
	stop := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer func() {
		if !stop() {
			s.broken = true // the context has ended and taken the connection with it
		}
	}()
	out, stale, ok := s.envelope(sub)
	if ok {
		lost := out.CopyLost
		out, stale = s.give(sub.Raw), false
		out.CopyLost = lost
	}
	if ctx.Err() != nil && out.State == threads.Deferring {
		out.Words, stale = brokenOff, false
	}
	return out, stale
}

// envelope names sender and recipients. If the recipient is refused nothing is
// sent, though our copy were taken: a copy alone would prove a letter that
// never was.
func (s *session) envelope(sub compose.Submission) (out compose.Outcome, stale, ok bool) {
	from := "MAIL FROM:<" + sub.From + ">"
	if offered, limit := s.client.Extension("SIZE"); offered {
		if most, err := strconv.ParseInt(limit, 10, 64); err == nil && most > 0 && int64(len(sub.Raw)) > most {
			return compose.Outcome{State: threads.Refused,
				Words: fmt.Sprintf("the letter has %d bytes, and the server takes %d", len(sub.Raw), most)}, false, false
		}
		from += " SIZE=" + strconv.Itoa(len(sub.Raw)) // RFC 1870
	}
	commands := []string{from, "RCPT TO:<" + sub.To + ">"}
	if sub.Copy != "" {
		commands = append(commands, "RCPT TO:<"+sub.Copy+">")
	}
	for i, err := range s.say(commands) {
		switch {
		case err == nil:
		case i == 2 && answered(err):
			out.CopyLost = wordsOf(err)
		default:
			out, temporary := s.failed(commands[i][:4], err)
			again := s.broken || i == 0 && temporary
			return out, again && out.State == threads.Deferring, false
		}
	}
	return out, false, true
}

// say gives commands and returns the server's answers to them, up to the first
// after which there is nothing more to be had. Where the server takes several
// at once (RFC 2920) they go in one piece.
func (s *session) say(commands []string) (answers []error) {
	text := s.client.Text
	together, _ := s.client.Extension("PIPELINING")
	s.step(s.cfg.Timeout)
	if together {
		for _, c := range commands {
			text.W.WriteString(c + "\r\n") // an error stays with the writer until Flush
		}
		if err := text.W.Flush(); err != nil {
			return []error{err}
		}
	}
	for _, c := range commands {
		s.step(s.cfg.Timeout)
		if !together {
			if err := text.PrintfLine("%s", c); err != nil {
				return append(answers, err)
			}
		}
		_, _, err := text.ReadResponse(25) // 250 or 251
		answers = append(answers, err)
		if err != nil && (!together || !answered(err)) {
			return answers
		}
	}
	return answers
}

// failed is the outcome of a command before the letter was given: nothing was
// taken. temporary is also true when the connection is gone.
func (s *session) failed(command string, err error) (out compose.Outcome, temporary bool) {
	out = compose.Outcome{State: threads.Deferring, Words: wordsOf(err)}
	code := codeOf(err)
	switch {
	case code == 0: // no answer at all, or none that can be understood
		s.broken = true
		out.Words, out.Down = "the connection broke at "+command+": "+out.Words, true
		return out, true
	case code == 421: // RFC 5321 section 3.8: it closes the connection
		s.broken, out.Down = true, true
		return out, true
	case code == 530 || code == 535 || code == 538: // RFC 4954: about our login, not about the letter
		s.broken, out.Down = true, true
		return out, true
	case code >= 500:
		out.State = threads.Refused
	}
	s.reset()
	return out, code < 500
}

// reset takes the envelope back. A server that cannot do that gets no further
// letter on this connection.
func (s *session) reset() {
	s.step(s.cfg.Timeout)
	if err := s.client.Reset(); err != nil {
		s.broken = true
	}
}

// chunk is how much of a letter has the time of one step.
const chunk = 64 << 10

// give sends the letter itself. Up to the final dot the server cannot have
// taken it; from there on only its answer tells.
func (s *session) give(raw []byte) compose.Outcome {
	s.step(s.cfg.Timeout)
	w, err := s.client.Data()
	if err != nil {
		out, _ := s.failed("DATA", err)
		return out
	}
	for rest := raw; len(rest) > 0; {
		n := min(chunk, len(rest))
		s.step(s.cfg.Timeout)
		if _, err := w.Write(rest[:n]); err != nil {
			// The writer is left open: closing it would send the final dot, and
			// the server would deliver half a letter.
			s.broken = true
			return compose.Outcome{State: threads.Deferring, Down: true, Tried: true,
				Words: "the connection broke in the middle of the letter: " + wordsOf(err)}
		}
		rest = rest[n:]
	}
	s.step(s.cfg.Final)
	return s.answer(w, w.Close())
}

// answer reads the server's word on the letter.
func (s *session) answer(w io.Closer, err error) compose.Outcome {
	code := codeOf(err)
	switch {
	case err == nil:
		words := "250"
		if d, ok := w.(*gosmtp.DataCloser); ok {
			words = clean("250 " + d.ServerResponse())
		}
		return compose.Outcome{State: threads.Taken, Words: words}
	case code >= 200 && code < 300:
		return compose.Outcome{State: threads.Taken, Words: wordsOf(err)}
	case code >= 400 && code < 500:
		s.broken = code == 421
		return compose.Outcome{State: threads.Deferring, Words: wordsOf(err), Down: code == 421, Tried: true}
	case code >= 500 && code < 600:
		return compose.Outcome{State: threads.Refused, Words: wordsOf(err)}
	}
	s.broken = true
	return compose.Outcome{State: threads.Unknown, Down: true,
		Words: "the connection ended after the letter was given and before the server answered: " + wordsOf(err)}
}

// answered reports whether the server has said no, rather than nothing.
func answered(err error) bool { return codeOf(err) != 0 && codeOf(err) != 421 }

// codeOf is the reply code of a server's no, 0 if the server did not answer.
func codeOf(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) && reply.Code >= 200 && reply.Code < 600 {
		return reply.Code
	}
	return 0
}
