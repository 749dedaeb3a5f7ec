package imap

import (
	"bufio"
	"bytes"
	"mime"
	"strings"

	"github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/textproto"
	"golang.org/x/text/unicode/norm"

	"rapport/threads"
)

// candidate is a mail that a SEARCH looks at; it is read when a criterion needs
// it.
type candidate struct {
	*search
	*threads.FolderMail
	at      int
	message *threads.Message
	header  *textproto.Header
	err     error
}

// spend counts what is read for one command.
func (c *candidate) spend() bool {
	if c.read++; c.read > mostRead && c.err == nil {
		c.err = beyond
	}
	return c.err == nil
}

func (c *candidate) mail() *threads.Message {
	if c.message == nil {
		c.message = &threads.Message{}
		if !c.spend() {
			return c.message
		}
		ctx, cancel := c.context()
		defer cancel()
		m, err := c.reader.Mails.Message(ctx, c.ID)
		if err != nil {
			c.err = err
		} else if m.Erased != nil {
			c.err = threads.ErrNotFound
		}
		c.message = &m
	}
	return c.message
}

func (c *candidate) fields() *textproto.Header {
	if c.header == nil {
		c.header = &textproto.Header{}
		if !c.spend() {
			return c.header
		}
		raw, err := c.raw(c.ID)
		if err != nil {
			c.err = err
		}
		h, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw))) // of a broken header, what could be read
		c.header = &h
	}
	return c.header
}

// inText is BODY.
func (c *candidate) inText(words string) bool {
	return c.mayHave(words) && contains(c.mail().Text, words)
}

// anywhere is TEXT: what the index has words of, and any field of the header.
func (c *candidate) anywhere(words string) bool {
	if c.mayHave(words) {
		m := c.mail()
		if contains(m.Text, words) || c.inEnvelope("Subject", words) || c.inEnvelope("From", words) || c.inEnvelope("To", words) || c.inEnvelope("Cc", words) {
			return true
		}
		for _, a := range m.Attachments {
			if contains(a.Name, words) {
				return true
			}
		}
	}
	if c.headers++; c.headers > mostHeaders {
		return false
	}
	for f := c.fields().Fields(); f.Next(); {
		if contains(decoded(f.Value()), words) || contains(f.Key()+": "+decoded(f.Value()), words) {
			return true
		}
	}
	return false
}

// inEnvelope looks at a field as it was read, whatever charset its bytes were in.
func (c *candidate) inEnvelope(key, words string) bool {
	m := c.mail()
	var people []threads.Address
	switch strings.ToLower(key) {
	case "subject":
		return contains(m.Subject, words)
	case "from":
		people = []threads.Address{m.From}
	case "to":
		people = m.To
	case "cc":
		people = m.Cc
	}
	for _, p := range people {
		if contains(p.Name+" <"+p.Address+">", words) {
			return true
		}
	}
	return false
}

// hasField is HEADER, FROM, SUBJECT and the like: a field whose value has the
// words, or any value if there are none.
func (c *candidate) hasField(key, words string) bool {
	if words != "" && c.inEnvelope(key, words) {
		return true
	}
	for f := c.fields().FieldsByKey(key); f.Next(); {
		if words == "" || contains(decoded(f.Value()), words) {
			return true
		}
	}
	return false
}

// decoded reads encoded words (RFC 2047); of a charset that is not known the
// value is looked at as it stands.
func decoded(value string) string {
	if text, err := (&mime.WordDecoder{CharsetReader: charset.Reader}).DecodeHeader(value); err == nil {
		return text
	}
	return value
}

func contains(text, words string) bool { return strings.Contains(plainest(text), plainest(words)) }

// plainest is a text without case, accents and the ends of its lines.
func plainest(text string) string {
	text = strings.Map(func(r rune) rune {
		if 0x300 <= r && r <= 0x36F { // combining accents
			return -1
		}
		return r
	}, norm.NFKD.String(text))
	return strings.Join(strings.Fields(strings.ToLower(text)), " ")
}
