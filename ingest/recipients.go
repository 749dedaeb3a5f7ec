package ingest

import (
	"regexp"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// addressFields are where the address that a mail was really sent to may
// stand, after forwarding rules, catch-alls and lists have changed the envelope.
var addressFields = []string{
	"To", "Cc", "Delivered-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To",
	"X-Original-To", "X-Forwarded-To", "Resent-To",
}

// mostFields bounds how many fields of one name are looked at: a mail of a
// hundred hops is a loop.
const mostFields = 50

// receivedFor is the recipient in a trace field (RFC 5321 section 4.4).
var receivedFor = regexp.MustCompile(`(?i)\bfor\s+<([^<>\s]+@[^<>\s]+)>`)

// recipients are all addresses that a mail was written or delivered to, each
// once, in lower case.
func recipients(m *mail.Message) []string {
	var out []string
	seen := map[string]bool{}
	add := func(address string) {
		address = strings.ToLower(strings.Trim(address, " <>"))
		if address != "" && !seen[address] {
			seen[address] = true
			out = append(out, address)
		}
	}
	for _, list := range [][]mail.Address{m.To, m.Cc, m.Bcc} {
		for _, a := range list {
			add(a.Address)
		}
	}
	for _, name := range addressFields {
		for i, value := range m.Header.All(name) {
			if i == mostFields {
				break
			}
			list, _ := mail.AddressList(value)
			for _, a := range list {
				add(a.Address)
			}
			if len(list) == 0 && strings.Count(value, "@") == 1 && len(value) < 320 {
				add(value) // a trace field is often the bare address
			}
		}
	}
	for i, value := range m.Header.All("Received") {
		if found := receivedFor.FindStringSubmatch(value); found != nil && i < mostFields {
			add(found[1])
		}
	}
	return out
}

// tokensIn are the letters whose signed reply address is among the addresses.
func (p *Pipeline) tokensIn(addresses []string) []string {
	var letters []string
	for _, address := range addresses {
		if letter, ok := p.key.Letter(threads.Tag(address)); ok {
			letters = append(letters, letter)
		}
	}
	return distinct(letters)
}

// plusPart is a plus part long enough for a token, in running text.
var plusPart = regexp.MustCompile(`\+([0-9a-zA-Z]{17,60})@`)

// mostText is how much text is searched for reply addresses and names.
const mostText = 64 << 10

// tokensInText are the letters whose signed reply address stands in a text: in
// the header block of a quoted letter, where a mail server has taken the plus
// part off the recipient.
func (p *Pipeline) tokensInText(text string) []string {
	var letters []string
	for _, found := range plusPart.FindAllStringSubmatch(text[:min(len(text), mostText)], 50) {
		if letter, ok := p.key.Letter(found[1]); ok {
			letters = append(letters, letter)
		}
	}
	return distinct(letters)
}
