package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// LetterLimit is the largest letter in bytes, encoded, unless the input says
// otherwise: what most servers take (Gmail and Exchange Online: 25 MB).
const LetterLimit = 25 << 20

// LetterInput is what the letters of a report need beside its words. The same
// report with the same input gives the same bytes, on any machine.
type LetterInput struct {
	At         time.Time        // the Date of the letters, in the zone it is to show; whole seconds count
	From       threads.Address  // the manager's name with the address that the client sees
	ReplyTo    string           // our address that takes answers; "" means From's
	Key        threads.ReplyKey // signs the reply addresses
	Series     Series           // the reports before this one
	Sign       []*DKIM          // one or several keys; none leaves the letters unsigned
	SMIME      *SMIME           // nil: no S/MIME
	Checkpoint []string         // words of a signed checkpoint of the log, which its header carries; nil for none
	Salt       []byte           // more to draw ids from, where two letters must differ though all else is equal
	Limit      int              // bytes; 0 means LetterLimit

	untagged bool   // answers go to ReplyTo as it is
	auto     string // Auto-Submitted of a notice, RFC 3834 section 5; "" for what a person has approved
}

// Letters builds the exact mail for each recipient of a rendered report. All
// have one Message-ID, one Date and the same words. They differ in the signed
// reply address: in Reply-To, behind the buttons, and among the References (and
// so in their signatures).
func Letters(r *Rendered, in LetterInput) ([]threads.Letter, error) {
	_, letters, err := build(r, in)
	return letters, err
}

// build makes the letters, and the sheet that they have in common.
func build(r *Rendered, in LetterInput) (*sheet, []threads.Letter, error) {
	fail := func(err error) (*sheet, []threads.Letter, error) {
		return nil, nil, fmt.Errorf("compose the letter of %s for %s: %w", r.Project, r.Period, err)
	}
	s, err := newSheet(r, in)
	if err != nil {
		return fail(err)
	}
	letters, err := s.letters()
	if err != nil {
		return fail(err)
	}
	return s, letters, nil
}

// letters is the sheet made out to each recipient.
func (s *sheet) letters() ([]threads.Letter, error) {
	letters := make([]threads.Letter, 0, len(s.recipients))
	for i, to := range s.recipients {
		raw, err := s.letter(s.ids.letters[i])
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		letters = append(letters, threads.Letter{
			ID: s.ids.letters[i], Report: s.ids.report, Project: s.report.Project, Recipient: to,
			MessageID: s.ids.messageID, SHA: hex.EncodeToString(sum[:]), Raw: raw,
		})
	}
	return letters, nil
}

// sheet is a letter before it has a recipient: what all have in common.
type sheet struct {
	report     *Rendered
	in         LetterInput
	to, cc     []threads.Address // as the headers show them
	recipients []threads.Address // each address once
	ids        identity
}

func newSheet(r *Rendered, in LetterInput) (*sheet, error) {
	in.At = in.At.Truncate(time.Second)
	if in.ReplyTo == "" {
		in.ReplyTo = in.From.Address
	}
	if in.Limit == 0 {
		in.Limit = LetterLimit
	}
	s := &sheet{report: r, in: in}
	if err := s.address(r); err != nil {
		return nil, err
	}
	if err := checkWords(r, in); err != nil {
		return nil, err
	}
	s.ids = drawIdentity(r, s.in, len(s.recipients))
	return s, nil
}

// address cleans the addresses: IDN domains in their ASCII form (RFC 5890), and
// nobody twice, since a server would deliver twice.
func (s *sheet) address(r *Rendered) (err error) {
	if s.in.At.IsZero() {
		return errors.New("it has no date")
	}
	if s.in.From, err = cleanAddress(s.in.From); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	reply, err := cleanAddress(threads.Address{Address: s.in.ReplyTo})
	if err != nil {
		return fmt.Errorf("address for answers: %w", err)
	}
	s.in.ReplyTo = reply.Address
	if s.in.SMIME != nil {
		if err := s.in.SMIME.check(s.in.From.Address, s.in.At); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, list := range []struct {
		from []threads.Address
		into *[]threads.Address
	}{{r.To, &s.to}, {r.Cc, &s.cc}} {
		for _, a := range list.from {
			if a, err = cleanAddress(a); err != nil {
				return fmt.Errorf("recipient: %w", err)
			}
			if key := strings.ToLower(a.Address); !seen[key] {
				seen[key] = true
				*list.into = append(*list.into, a)
			}
		}
	}
	if len(s.to) == 0 {
		return errors.New("it has no recipient")
	}
	s.recipients = append(s.to[:len(s.to):len(s.to)], s.cc...)
	return nil
}

// letter is the sheet made out to one recipient.
func (s *sheet) letter(id string) ([]byte, error) {
	reply := s.replyAddress(id)
	if err := checkLocalPart(reply); err != nil {
		return nil, err
	}
	raw, err := s.render(reply)
	if err != nil {
		return nil, err
	}
	h, body, err := splitHead(raw)
	if err != nil {
		return nil, err
	}
	if s.in.SMIME != nil {
		if h, body, err = s.in.SMIME.wrap(h, body, s.ids.marks[3], s.in.At); err != nil {
			return nil, err
		}
	}
	if len(s.in.Checkpoint) > 0 {
		h = h.with(threads.CheckpointHeader, strings.Join(s.in.Checkpoint, "\r\n "))
	}
	if h, err = h.signed(body, s.in.Sign, s.in.At); err != nil {
		return nil, err
	}
	raw = append(append(h.bytes(), "\r\n"...), body...)
	return raw, checkBytes(raw, s.in.Limit)
}

// replyAddress is where one recipient's answers go.
func (s *sheet) replyAddress(letter string) string {
	if s.in.untagged {
		return s.in.ReplyTo
	}
	return s.in.Key.Address(s.in.ReplyTo, letter)
}
