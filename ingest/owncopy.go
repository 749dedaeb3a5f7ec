package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"rapport/threads"
)

// ownCopy recognises our own letter as it lies in our mailbox, where it proves
// that the server had taken it (RFC 1047 leaves us no other proof). It is one
// only if the archive sent a letter with this Message-ID and the mail is that
// letter, byte for byte, under the trace of the servers. Anything less is not
// proof and is routed like other mail.
func (b *batch) ownCopy(ctx context.Context, x *parsed) (*routed, error) {
	id := x.mail.MessageID
	sent := false
	for _, k := range b.known[id] {
		sent = sent || k.Direction == threads.Out
	}
	if id == "" || !sent {
		return nil, nil
	}
	letter, recipient, err := b.letterIn(ctx, x)
	if letter == nil || err != nil {
		return nil, err
	}
	project := b.dir.Project(letter.Project)
	if project == nil {
		return nil, nil // a project that is no longer configured
	}
	x.class, x.reason = threads.ClassOwnCopy, "it is our letter "+letter.ID+" as our mailbox got it"
	return &routed{
		parsed: x, author: b.authorOf(x), project: project, direction: threads.In,
		evidence: []threads.Evidence{{Kind: "own-copy", Project: project.Key, Score: scoreImport, Detail: "our own letter " + letter.ID}},
		outcome:  &threads.Outcome{Letter: letter.ID, Recipient: recipient, State: threads.Taken, Words: "our copy of the letter has arrived"},
	}, nil
}

// letterIn finds which letter the mail is. All letters of a report have one
// Message-ID; their signed reply addresses tell them apart.
func (b *batch) letterIn(ctx context.Context, x *parsed) (*threads.Letter, string, error) {
	deliveries, err := b.p.archive.DeliveriesOf(ctx, x.mail.MessageID)
	if err != nil {
		return nil, "", fmt.Errorf("look up the deliveries of %s: %w", x.mail.MessageID, err)
	}
	var replyTo []string
	for _, a := range x.mail.ReplyTo {
		replyTo = append(replyTo, a.Address)
	}
	tokens := b.p.tokensIn(replyTo)
	for _, d := range deliveries {
		if len(tokens) > 0 && tokens[0] != d.Letter {
			continue
		}
		letter, err := b.p.archive.LetterRaw(ctx, d.Letter)
		if errors.Is(err, threads.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, "", fmt.Errorf("look up letter %s: %w", d.Letter, err)
		}
		if isCopy(x.Raw, letter.Raw) {
			return &letter, d.Recipient.Address, nil
		}
	}
	return nil, "", nil
}

// isCopy reports whether raw is the letter with nothing but header lines above
// it. Line ends may differ: an mbox has bare LF.
func isCopy(raw, letter []byte) bool {
	raw, letter = withLF(raw), withLF(letter)
	if len(letter) == 0 || !bytes.HasSuffix(raw, letter) {
		return false
	}
	above := raw[:len(raw)-len(letter)]
	return len(above) == 0 || above[len(above)-1] == '\n' && above[0] != '\n' && !bytes.Contains(above, []byte("\n\n"))
}

// withLF is a mail with bare LF as line ends and none at its end.
func withLF(raw []byte) []byte {
	return bytes.TrimRight(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), "\n")
}
