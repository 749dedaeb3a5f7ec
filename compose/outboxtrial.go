package compose

import (
	"context"
	"fmt"

	"rapport/threads"
)

// SendTest sends a rendered report to one address to be looked at, past the
// outbox and the archive. Its subject says that it is a test, nobody but that
// address stands in it, and answers to it go there too, by button or by hand: at
// an address of ours they would be filed as a client's. Nobody approved it, so it
// is marked as a machine's: nothing is read out of it, nothing answers it.
func SendTest(ctx context.Context, sender Sender, r *Rendered, in LetterInput, to threads.Address) (Outcome, error) {
	trial := *r
	trial.Subject = "[TEST] " + r.Subject
	trial.To, trial.Cc = []threads.Address{to}, nil
	in.Series, in.Salt = nil, append([]byte("test "), in.Salt...)
	in.ReplyTo, in.untagged, in.auto = to.Address, true, "auto-generated"
	letters, err := Letters(&trial, in)
	if err != nil {
		return Outcome{}, err
	}
	defer sender.Close()
	out := sender.Submit(ctx, Submission{From: in.From.Address, To: letters[0].Recipient.Address, Raw: letters[0].Raw})
	if out.State != threads.Taken {
		return out, fmt.Errorf("send the test letter: %s: %s", out.State, out.Words)
	}
	return out, nil
}
