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
	At      time.Time        // the Date of the letters, in the zone it is to show; whole seconds count
	From    threads.Address  // the manager's name with the address that the client sees
	ReplyTo string           // our address that takes answers; "" means From's
	Key     threads.ReplyKey // signs the reply addresses
	Series  Series           // the reports before this one
	Sign    []*DKIM          // one or several keys; none leaves the letters unsigned
	SMIME   *SMIME           // nil: no S/MIME
	Salt    []byte           // more to draw ids from, where two letters must differ though all else is equal
	Limit   int              // bytes; 0 means LetterLimit

	untagged bool // answers go to ReplyTo as it is
}

// Letters builds the exact mail for each recipient of a rendered report. All
// have one Message-ID, one Date and the same headers and parts; they differ in
// their signed Reply-To only (and in the DKIM signature over it).
func Letters(r *Rendered, in LetterInput) ([]threads.Letter, error) {
	letters, _, err := build(r, in)
	return letters, err
}

// build makes the letters, and tells the ids that were drawn for the report.
func build(r *Rendered, in LetterInput) ([]threads.Letter, identity, error) {
	fail := func(err error) ([]threads.Letter, identity, error) {
		return nil, identity{}, fmt.Errorf("compose the letter of %s for %s: %w", r.Project, r.Period, err)
	}
	s, err := newSheet(r, in)
	if err != nil {
		return fail(err)
	}
	letters := make([]threads.Letter, 0, len(s.recipients))
	for i, to := range s.recipients {
		raw, err := s.letter(s.ids.letters[i])
		if err != nil {
			return fail(err)
		}
		sum := sha256.Sum256(raw)
		letters = append(letters, threads.Letter{
			ID: s.ids.letters[i], Report: s.ids.report, Project: r.Project, Recipient: to,
			MessageID: s.ids.messageID, SHA: hex.EncodeToString(sum[:]), Raw: raw,
		})
	}
	return letters, s.ids, nil
}

// sheet is a letter before it has a recipient: everything that all have in
// common, rendered once.
type sheet struct {
	in         LetterInput
	to, cc     []threads.Address // as the headers show them
	recipients []threads.Address // each address once
	ids        identity
	head       head
	body       []byte // from the first byte after the header on
	bodyHash   []byte // for DKIM
}

func newSheet(r *Rendered, in LetterInput) (*sheet, error) {
	in.At = in.At.Truncate(time.Second)
	if in.ReplyTo == "" {
		in.ReplyTo = in.From.Address
	}
	if in.Limit == 0 {
		in.Limit = LetterLimit
	}
	s := &sheet{in: in}
	if err := s.address(r); err != nil {
		return nil, err
	}
	if err := checkWords(r, in); err != nil {
		return nil, err
	}
	s.ids = drawIdentity(r, s.in, len(s.recipients))
	raw, err := s.render(r)
	if err != nil {
		return nil, err
	}
	if s.head, s.body, err = splitHead(raw); err != nil {
		return nil, err
	}
	if in.SMIME != nil {
		if s.head, s.body, err = in.SMIME.wrap(s.head, s.body, s.ids.marks[3], in.At); err != nil {
			return nil, err
		}
	}
	if len(s.in.Sign) > 0 {
		s.bodyHash = bodyHash(s.body)
	}
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
	reply := s.in.ReplyTo
	if !s.in.untagged {
		reply = s.in.Key.Address(reply, id)
	}
	if err := checkLocalPart(reply); err != nil {
		return nil, err
	}
	h := s.head.with("Reply-To", "<"+reply+">")
	var signatures head
	for _, key := range s.in.Sign {
		field, err := key.sign(h, s.bodyHash, s.in.At)
		if err != nil {
			return nil, err
		}
		signatures = append(signatures, field)
	}
	raw := append(signatures, h...).bytes()
	raw = append(append(raw, "\r\n"...), s.body...)
	return raw, checkBytes(raw, s.in.Limit)
}
