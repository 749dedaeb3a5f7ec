package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/compose"
	"rapport/mail"
	"rapport/threads"
)

// probe is a mail to ourselves.
type probe struct {
	to     string
	id     string
	tagged bool // sent to an address with a plus part, as answers of clients are
	raw    []byte

	sent    time.Time
	refused bool // by the server that should have sent it
}

// mostProbes bounds the mails of one round trip.
const mostProbes = 10

// roundTrip sends mails to ourselves and awaits them in the mailboxes: one to
// smtp.from, and one to each address at which answers arrive, with a plus part.
func (d *doctor) roundTrip(ctx context.Context, wait time.Duration) []finding {
	c := &chart{about: "round trip"}
	if d.config().SMTP.Server == "" || len(d.config().Mailboxes) == 0 {
		c.wrong("round-trip", "configure both", "it needs smtp.server and a mailbox")
		return c.findings
	}
	probes, err := d.probes()
	if err != nil {
		c.wrong("round-trip", "mend smtp.dkim", "%v", err)
		return c.findings
	}
	ctx, cancel := context.WithTimeout(ctx, wait+d.patient)
	defer cancel()
	watch := d.watch(ctx, c)
	defer watch.stop()
	if watch.boxes == 0 {
		return c.findings
	}
	if !d.send(ctx, c, probes) {
		return c.findings
	}
	left := map[string]*probe{}
	for _, p := range probes {
		if !p.refused {
			left[p.id] = p
		}
	}
	end := time.NewTimer(wait)
	defer end.Stop()
	for len(left) > 0 {
		select {
		case a := <-watch.arrivals:
			d.arrived(ctx, c, left, a)
		case <-end.C:
			d.missing(ctx, c, left, wait)
			return c.findings
		case <-ctx.Done():
			d.missing(ctx, c, left, wait)
			return c.findings
		}
	}
	return c.findings
}

// probes are written for each address of ours that has to work.
func (d *doctor) probes() ([]*probe, error) {
	from := d.config().SMTP.From
	sign, err := d.signers()
	if err != nil {
		return nil, err
	}
	list := []*probe{{to: from}}
	seen := map[string]bool{}
	for _, p := range d.projects().Projects {
		reply := d.config().ReplyAddress(p.Key)
		if at := strings.LastIndexByte(reply, '@'); at > 0 && !seen[reply] && len(list) < mostProbes {
			seen[reply] = true
			list = append(list, &probe{to: reply[:at] + "+doctor" + reply[at:], tagged: true})
		}
	}
	for _, p := range list {
		p.id = "doctor." + strings.ToLower(rand.Text()) + "@" + threads.Domain(from)
		text := fmt.Sprintf(probeMail, from, p.to, d.now().Format(time.RFC1123Z), p.id)
		if p.tagged {
			text = d.lies() + text
		}
		p.raw = []byte(strings.ReplaceAll(text, "\n", "\r\n"))
		if p.raw, err = compose.Signed(p.raw, sign, d.now()); err != nil { // so that the round trip shows whether the signature holds
			return nil, err
		}
	}
	return list, nil
}

// probeMail says in its header that a machine wrote it: whatever address it
// came to, ingest finds no client's words in it, and nobody's absence note
// answers it (RFC 3834).
const probeMail = `From: Rapport <%s>
To: <%s>
Subject: Rapport looks whether mail comes back
Date: %s
Message-ID: <%s>
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

"rapport doctor --round-trip" has sent this mail to see whether mail goes out
and comes back. Nobody needs it any more; it can be deleted.
`

// lie is what a forged result says; nobody else writes it.
const lie = "dmarc=pass header.from=forged-by-rapport-doctor.invalid"

// lies are results that our servers have not found, in their names.
func (d *doctor) lies() string {
	var b strings.Builder
	for _, id := range d.config().AuthservIDs("") {
		fmt.Fprintf(&b, "Authentication-Results: %s; %s\n", id, lie)
	}
	return b.String()
}

// examineLies looks whether the lies would be believed (RFC 8601 section 5).
func (d *doctor) examineLies(c *chart, m *mail.Message) {
	ids := d.config().AuthservIDs("")
	for _, line := range mail.AuthResults(m.Header, ids) {
		if strings.Contains(line.Value, lie) {
			c.wrong("round-trip.forged", "have your mail server remove Authentication-Results with its own name from mail that comes in (RFC 8601 section 5), or take the name out of authserv_ids",
				"a mail that was sent with forged results in the name of %s would be believed", line.Server)
			return
		}
	}
	if len(ids) > 0 {
		c.ok("round-trip.forged", "forged results in the name of our own server, sent on this way, are not believed")
	}
}

// send submits the mails; it is false if none was taken.
func (d *doctor) send(ctx context.Context, c *chart, probes []*probe) bool {
	sender, err := d.sender()
	if err != nil {
		c.wrong("round-trip.send", "", "%v", err)
		return false
	}
	defer sender.Close()
	taken := 0
	for _, p := range probes {
		p.sent = d.now()
		out := sender.Submit(ctx, compose.Submission{From: d.config().SMTP.From, To: p.to, Raw: p.raw})
		if out.State == threads.Taken || out.State == threads.Unknown {
			taken++
			continue
		}
		fix := "the server must let " + d.config().SMTP.Username + " send as " + d.config().SMTP.From
		if p.tagged {
			fix = "mail to name+anything@ must arrive too: turn sub-addressing on at your server, or answers are recognised less surely"
		}
		c.wrong("round-trip.send", fix, "the mail to %s was not taken: %s", p.to, out.Words)
		p.refused = true
	}
	return taken > 0
}

// arrival is a mail that came into one of our mailboxes.
type arrival struct {
	mailbox  string
	raw      []byte
	received time.Time // by the server's clock
	seen     time.Time // by ours
	broken   error     // or why nothing more comes from the mailbox
}

// arrived looks whether the mail is one of those awaited, or says what became
// of one.
func (d *doctor) arrived(ctx context.Context, c *chart, left map[string]*probe, a arrival) {
	if a.broken != nil {
		c.warn("round-trip.mailbox", "", "mailbox %s could not be watched to the end: %v", a.mailbox, a.broken)
		return
	}
	m := mail.Parse(a.raw, mail.Limits{})
	if p := left[m.MessageID]; p != nil {
		delete(left, m.MessageID)
		c.ok("round-trip", "the mail to %s came back to mailbox %s after %s", p.to, a.mailbox, a.seen.Sub(p.sent).Round(time.Millisecond))
		if !p.tagged {
			c.skew(a.received, p.sent.Add(-time.Second), a.seen, "the server of mailbox "+a.mailbox)
			d.examineSignature(ctx, c, a.raw, m)
		} else {
			d.examineLies(c, m)
		}
		return
	}
	for _, news := range mail.Deliveries(m) {
		for id, p := range left {
			if news.Action == "failed" && (news.MessageID == id || news.MessageID == "" && strings.EqualFold(news.Recipient, p.to)) {
				delete(left, id)
				d.lost(c, p, fmt.Sprintf("came back: %s %s", news.Status, news.Words))
			}
		}
	}
}

// missing tells of mails that did not come, unless a running server has filed
// and moved them before we could see them.
func (d *doctor) missing(ctx context.Context, c *chart, left map[string]*probe, wait time.Duration) {
	for id, p := range left {
		if d.store != nil {
			if known, err := d.store.KnownIDs(context.WithoutCancel(ctx), []string{id}); err == nil && len(known) > 0 {
				c.ok("round-trip", "the mail to %s came back and is filed", p.to)
				continue
			}
		}
		d.lost(c, p, fmt.Sprintf("did not come within %s", wait))
	}
}

func (d *doctor) lost(c *chart, p *probe, what string) {
	if p.tagged {
		c.wrong("round-trip.tag", "mail to name+anything@ must arrive too: turn sub-addressing on at your server, or answers are recognised less surely",
			"the mail to %s %s", p.to, what)
		return
	}
	c.wrong("round-trip", "mail to smtp.from must arrive in a mailbox of the configuration: mend the address, or read its mailbox too; look into its folder for spam",
		"the mail to %s %s", p.to, what)
}

// examineSignature looks at the mail as others get it.
func (d *doctor) examineSignature(ctx context.Context, c *chart, raw []byte, m *mail.Message) {
	if field := m.Header.Get("Authentication-Results"); field != "" {
		c.note("round-trip.results", "", "the receiving server says: %s", line(field))
	}
	from := threads.Domain(d.config().SMTP.From)
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{MaxVerifications: 5,
		LookupTXT: func(name string) ([]string, error) { return d.dns.LookupTXT(ctx, name) }})
	if err != nil && len(signatures) == 0 {
		c.warn("round-trip.dkim", "", "its signatures cannot be read: %v", err)
		return
	}
	for _, s := range signatures {
		switch {
		case !mail.SameOrganisation(s.Domain, from):
			continue
		case s.Err == nil:
			c.ok("round-trip.dkim", "it is signed by %s, and the signature holds", s.Domain)
		case dkim.IsTempFail(s.Err):
			c.note("round-trip.dkim", "run the command again where names can be looked up", "it is signed by %s, and DNS does not tell whether the signature holds: %v", s.Domain, s.Err)
		default:
			c.wrong("round-trip.dkim", "see what the server changes in mail on its way, and the key in DNS", "its signature by %s does not hold: %v", s.Domain, s.Err)
		}
		return
	}
	c.warn("round-trip.dkim", "turn DKIM on at the mail server, or set smtp.dkim: unsigned mail is often taken for spam", "it came back without a DKIM signature of %s", from)
}
