package mail

import (
	"bytes"
	"strings"
)

// Delivery is what a report says about one recipient of a letter.
type Delivery struct {
	Recipient string // address, "" if the report names none
	Action    string // "failed", "delayed", "delivered", "relayed", "expanded"; of receipts "displayed", "deleted", …
	Status    string // RFC 3463, "5.1.1"; "" if not told
	Words     string // the reason, in the words of the reporting system
	MessageID string // of the letter it is about, without brackets; "" if not told
}

// maxDeliveries bounds the recipients read of one report.
const maxDeliveries = 500

// Deliveries reads what a bounce, a delay notice or a receipt says: the parts of
// RFC 3464 and RFC 8098 where there are any, else the text of the mail systems
// and programs that write in words only.
func Deliveries(m *Message) []Delivery {
	class := Classify(m).Class
	list := reportDeliveries(m)
	if len(list) == 0 && (class == ClassBounce || class == ClassDelay) {
		list = textDeliveries(m, class)
	}
	if len(list) == 0 && class == ClassReceipt {
		list = textReceiptDelivery(m)
	}
	id := ""
	for i := range list {
		if list[i].MessageID == "" {
			if id == "" {
				if id = returnedID(m); id == "" {
					break
				}
			}
			list[i].MessageID = id
		}
	}
	return list
}

// reportDeliveries reads the machine-readable parts of a report.
func reportDeliveries(m *Message) []Delivery {
	var list []Delivery
	for i := range m.Parts {
		switch part := &m.Parts[i]; part.Type {
		case "message/delivery-status", "message/global-delivery-status":
			list = append(list, statusPart(part.Body)...)
		case "message/disposition-notification", "message/global-disposition-notification":
			list = append(list, dispositionPart(part.Body)...)
		}
	}
	return list[:min(len(list), maxDeliveries)]
}

// statusPart reads message/delivery-status, RFC 3464 section 2: fields of the
// message, then a group of fields for each recipient. Systems forget the blank
// line between groups or put one too many, so a group begins with its
// recipient field.
func statusPart(body []byte) []Delivery {
	var list []Delivery
	var original, final string
	cur := -1
	letter := ""
	for _, f := range looseFields(body) {
		switch strings.ToLower(f.Name) {
		case "original-envelope-id":
		case "x-original-message-id", "original-message-id":
			letter = cleanID(f.Value)
		case "original-recipient", "final-recipient", "x-actual-recipient":
			address := typedAddress(f.Value)
			if isOriginal := strings.EqualFold(f.Name, "original-recipient"); cur < 0 || isOriginal && original != "" || strings.EqualFold(f.Name, "final-recipient") && final != "" {
				list = append(list, Delivery{})
				cur, original, final = len(list)-1, "", ""
			}
			switch {
			case strings.EqualFold(f.Name, "original-recipient"):
				original = address
			case strings.EqualFold(f.Name, "final-recipient"):
				final = address
			}
			if original != "" { // the address that was written to
				list[cur].Recipient = original
			} else if final != "" {
				list[cur].Recipient = final
			}
		case "action":
			if cur >= 0 {
				word, _, _ := strings.Cut(strings.ToLower(f.Value), "(")
				list[cur].Action = cutText(clean(strings.TrimSpace(word)), 40)
			}
		case "status":
			if cur >= 0 {
				list[cur].Status = statusCode(f.Value)
			}
		case "diagnostic-code":
			if cur >= 0 {
				list[cur].Words = diagnostic(f.Value)
			}
		}
		if len(list) >= maxDeliveries {
			break
		}
	}
	for i := range list {
		list[i].MessageID = letter
		if list[i].Action == "" {
			list[i].Action = actionOf(list[i].Status)
		}
	}
	return list
}

// dispositionPart reads message/disposition-notification, RFC 8098 section 3.
func dispositionPart(body []byte) []Delivery {
	var d Delivery
	for _, f := range looseFields(body) {
		switch strings.ToLower(f.Name) {
		case "final-recipient":
			if d.Recipient == "" {
				d.Recipient = typedAddress(f.Value)
			}
		case "original-recipient":
			d.Recipient = typedAddress(f.Value)
		case "original-message-id":
			d.MessageID = cleanID(f.Value)
		case "disposition":
			d.Words = cutText(fold(clean(f.Value)), 500)
			_, typ, _ := strings.Cut(f.Value, ";")
			typ, _, _ = strings.Cut(typ, "/")
			d.Action = cutText(strings.ToLower(strings.TrimSpace(clean(typ))), 40)
		}
	}
	if d == (Delivery{}) {
		return nil
	}
	return []Delivery{d}
}

// looseFields reads groups of fields as one list.
func looseFields(body []byte) []Field {
	var fields []Field
	for rest := body; len(rest) > 0 && len(fields) < maxFields; {
		line, next := cutLine(rest)
		if fieldName(line) > 0 {
			next = skipFolded(next)
			lines := rest[:len(rest)-len(next)]
			fields = append(fields, field(lines[:min(len(lines), 10000)]))
		}
		rest = next
	}
	return fields
}

// typedAddress reads "rfc822; a@b", with the xtext of RFC 3461 section 4.
func typedAddress(value string) string {
	typ, address, ok := strings.Cut(value, ";")
	if !ok {
		typ, address = "rfc822", value
	}
	address = strings.TrimSpace(address)
	if strings.EqualFold(strings.TrimSpace(typ), "rfc822") && strings.Contains(address, "+3D") {
		address = strings.ReplaceAll(strings.ReplaceAll(address, "+3D", "="), "+2B", "+")
	}
	return cleanAddress(clean(address))
}

func diagnostic(value string) string {
	typ, words, ok := strings.Cut(value, ";")
	if !ok || strings.ContainsAny(strings.TrimSpace(typ), " ") {
		words = value
	}
	return cutText(fold(Decode(words)), 1000)
}

func actionOf(status string) string {
	switch {
	case strings.HasPrefix(status, "5"):
		return "failed"
	case strings.HasPrefix(status, "4"):
		return "delayed"
	case strings.HasPrefix(status, "2"):
		return "delivered"
	}
	return ""
}

// returnedID finds the Message-ID of the letter that a report returns: in the
// returned message or its headers, in the text, else in what the report
// itself refers to.
func returnedID(m *Message) string {
	for i := range m.Parts {
		part := &m.Parts[i]
		switch part.Type {
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers":
			h, _ := readHeader(part.Body, 1<<20, nil)
			if ids := messageIDs(h.All("Message-ID")); len(ids) > 0 {
				return ids[0]
			}
		}
	}
	if i := bytes.Index(bytes.ToLower([]byte(m.Text)), []byte("message-id:")); i >= 0 {
		line := m.Text[i+len("message-id:"):]
		line = strings.TrimSpace(line[:min(len(line), 1000)])
		line, _, _ = strings.Cut(line, "\n")
		if ids := messageIDs([]string{line}); len(ids) > 0 {
			return ids[0]
		}
	}
	if n := len(m.InReplyTo); n > 0 {
		return m.InReplyTo[0]
	}
	if n := len(m.References); n > 0 {
		return m.References[n-1]
	}
	return ""
}
