package mail

import (
	netmail "net/mail"
	"strings"
	"time"
)

// Parse reads a mail. It never fails.
func Parse(raw []byte, l Limits) *Message {
	var faults faultList
	m := &Message{}
	var body []byte
	m.Header, body = readHeader(raw, 1<<20, &faults)
	m.From, _ = AddressList(m.Header.Get("From"))
	m.To, _ = AddressList(m.Header.Get("To"))
	m.Cc, _ = AddressList(m.Header.Get("Cc"))
	m.Subject = m.Header.Get("Subject")
	m.Date, _ = netmail.ParseDate(m.Header.Get("Date"))
	m.MessageID = strings.Trim(m.Header.Get("Message-ID"), "<> ")
	m.Text, m.TextFrom = strings.ToValidUTF8(string(body), "\ufffd"), "plain"
	m.Faults = faults.faults
	return m
}

// AddressList reads the value of an address field.
func AddressList(s string) ([]Address, []Fault) {
	list, err := netmail.ParseAddressList(s)
	if err != nil {
		return nil, nil
	}
	var out []Address
	for _, a := range list {
		out = append(out, Address{a.Name, a.Address})
	}
	return out, nil
}

// Class is who wrote a mail, with the words of threads.Class.
type Class string

// Verdict is a class with the signal it was told by.
type Verdict struct {
	Class  Class
	Reason string
}

// Classify tells who or what wrote a mail.
func Classify(m *Message) Verdict { return Verdict{"person", ""} }

// Delivery is what a mail says about the delivery of another.
type Delivery struct{ Recipient, Action, Status, Words, MessageID string }

// Deliveries reads bounces, delays and receipts.
func Deliveries(m *Message) []Delivery { return nil }

// Forwarded is a mail that somebody passed on.
type Forwarded struct {
	From                   Address
	Date                   time.Time
	Subject, Text, Comment string
}

// Forward reads the mail that m passes on.
func Forward(m *Message) (Forwarded, bool) { return Forwarded{}, false }

// BaseSubject is the subject without its reply and forward prefixes.
func BaseSubject(s string) string { return s }

// IsReply reports whether a subject has a reply prefix.
func IsReply(s string) bool { return strings.HasPrefix(s, "Re:") }

// IsForward reports whether a subject has a forward prefix.
func IsForward(s string) bool { return strings.HasPrefix(s, "Fwd:") }
