package archive

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// writeManifest writes the list out of its sections: one JSON object, of which
// each entry has a line of its own.
func (p *packer) writeManifest(w io.Writer) error {
	head, err := json.Marshal(p.manifest)
	if err != nil {
		return err
	}
	if _, err := w.Write(head[:len(head)-1]); err != nil {
		return err
	}
	for _, name := range sections {
		begin, end := brackets(name)
		if _, err := fmt.Fprintf(w, ",\n%q:%s", name, begin); err != nil {
			return err
		}
		between := "\n"
		err := p.sections[name].each(func(line []byte) error {
			_, err := fmt.Fprintf(w, "%s%s", between, line)
			between = ",\n"
			return err
		})
		if err == nil {
			_, err = io.WriteString(w, "\n"+end)
		}
		if err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "}\n")
	return err
}

// brackets are those around a section.
func brackets(section string) (begin, end string) {
	if section == filesSection {
		return "{", "}"
	}
	return "[", "]"
}

// fromLine is what a mailbox file must quote (mboxrd).
var fromLine = regexp.MustCompile(`(?m)^>*From `)

// mbox writes all mail as one mailbox, for mail programs.
func (p *packer) mbox() error {
	return p.stream(mboxFile, func(w io.Writer) error {
		return eachOf(p.sections[messagesSection], func(m *BundledMail) error {
			if m.Erased != nil {
				return nil
			}
			raw, err := p.source.RawMail(m.SHA256)
			if err != nil {
				return err
			}
			return writeMbox(w, m.Received, raw)
		})
	})
}

// writeMbox writes one mail of a mailbox file.
func writeMbox(w io.Writer, received time.Time, raw []byte) error {
	_, err := fmt.Fprintf(w, "From MAILER-DAEMON %s\n%s\n\n", received.UTC().Format(time.ANSIC), fromLine.ReplaceAll(raw, []byte(">$0")))
	return err
}

// table writes the list for table programs.
func (p *packer) table() error {
	return p.stream(tableFile, func(out io.Writer) error {
		w := csv.NewWriter(out)
		w.Write(tableHead)
		err := eachOf(p.sections[messagesSection], func(m *BundledMail) error {
			if m.Erased != nil {
				return nil
			}
			return w.Write(tableRow(m))
		})
		w.Flush()
		if err == nil {
			err = w.Error()
		}
		return err
	})
}

var tableHead = []string{"id", "thread", "direction", "class", "date", "received", "from", "subject", "message-id", "sha256", "file"}

func tableRow(m *BundledMail) []string {
	row := []string{m.ID, m.Thread, string(m.Direction), string(m.Class), m.Date.Format(time.RFC3339), m.Received.Format(time.RFC3339),
		m.Sender.Name + " <" + m.Sender.Address + ">", m.Subject, m.MessageID, m.SHA256, m.File}
	for i := range row {
		row[i] = cell(row[i])
	}
	return row
}

// cell keeps a table program from taking a client's words for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
