package compose

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

// field is one header field as it stands in the mail: folded, with its line end.
type field string

func (f field) name() string {
	name, _, _ := strings.Cut(string(f), ":")
	return strings.ToLower(name)
}

// head are the header fields of a mail in their order.
type head []field

// order is the order of our header fields: what a person looks for first.
var order = []string{
	"from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
	"thread-topic", "thread-index", "content-language", "rapport-checkpoint",
	"auto-submitted", "x-auto-response-suppress", "x-rapport-notice", "mime-version", "content-type", "content-transfer-encoding",
}

// splitHead cuts a mail into its header fields, in our order, and its body.
func splitHead(raw []byte) (head, []byte, error) {
	top, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return nil, nil, errors.New("the mail has no body")
	}
	var h head
	// go-mail folds before a first word that is too long; an empty first line
	// is legal, and not liked everywhere.
	for line := range strings.SplitAfterSeq(string(top)+"\r\n", "\r\n") {
		switch {
		case line == "":
		case line[0] == ' ' && strings.HasSuffix(string(h[len(h)-1]), ":\r\n"):
			h[len(h)-1] = field(strings.TrimSuffix(string(h[len(h)-1]), "\r\n") + line)
		case line[0] == ' ':
			h[len(h)-1] += field(line)
		default:
			h = append(h, field(line))
		}
	}
	h.sort()
	return h, body, nil
}

func (h head) sort() {
	slices.SortStableFunc(h, func(a, b field) int {
		return slices.Index(order, a.name()) - slices.Index(order, b.name())
	})
}

// with returns the head with one more field, at its place.
func (h head) with(name, value string) head {
	h = append(slices.Clone(h), field(name+": "+value+"\r\n"))
	h.sort()
	return h
}

// bytes is the header as it stands in the mail, without the empty line after it.
func (h head) bytes() []byte {
	var b bytes.Buffer
	for _, f := range h {
		b.WriteString(string(f))
	}
	return b.Bytes()
}
