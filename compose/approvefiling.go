package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// filing is the report as a message of its thread: the first letter, since all
// say the same.
func filing(o Order, p Preview) threads.Filing {
	r, letter := o.Report, p.Letters[0]
	at := p.Print.At
	if o.Zone != nil {
		at = at.In(o.Zone)
	}
	m := threads.Message{
		ID: p.message, Project: r.Project, Direction: threads.Out,
		RawSHA: letter.SHA, Size: int64(len(letter.Raw)),
		MessageID: letter.MessageID, References: p.series.references(),
		Subject: strings.Join(strings.Fields(r.Subject), " "), From: o.From, To: r.To, Cc: r.Cc,
		Date: at, Received: at.UTC().Truncate(time.Second),
		Class: threads.ClassPerson, ClassReason: "a report of ours, approved by a person", Language: r.Language,
		Text: r.Text, NewText: r.Text,
		Attachments: attachments(r),
		Evidence: []threads.Evidence{{
			Kind: "report", Project: r.Project, Score: 100, Detail: "the report for " + r.Period + " itself",
		}},
	}
	if p.signed {
		for i := range m.Attachments { // all of the letter is part 1 beside its signature
			m.Attachments[i].Part = "1." + m.Attachments[i].Part
		}
	}
	if len(p.series) > 0 {
		m.InReplyTo = []string{p.series[len(p.series)-1].MessageID}
	}
	return threads.Filing{Message: m, Raw: letter.Raw}
}

// attachments lists the files with the part numbers that they have in the mail.
func attachments(r *Rendered) []threads.Attachment {
	within := "" // the number of the multipart/related
	for _, f := range r.Files {
		if f.ContentID == "" {
			within = "1."
		}
	}
	var out []threads.Attachment
	picture, file := 1, 1 // part 1 of each multipart is the text
	for _, f := range r.Files {
		sum := sha256.Sum256(f.Body)
		a := threads.Attachment{
			Name: f.Name, Type: transportType(f.Type), Size: int64(len(f.Body)),
			SHA256: hex.EncodeToString(sum[:]), ContentID: f.ContentID,
		}
		if f.ContentID != "" {
			picture++
			a.Part = within + strconv.Itoa(picture)
		} else {
			file++
			a.Part = strconv.Itoa(file)
		}
		out = append(out, a)
	}
	return out
}
