package main

import (
	"fmt"
	"os"

	"rapport/archive"
	"rapport/mail"
)

// readCheckpoints reads what people have kept: checkpoints as they were printed
// or fetched, and mails that carry them.
func readCheckpoints(files []string) (all [][]byte, err error) {
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the checkpoint: %w", err)
		}
		found := archive.Checkpoints(text)
		if len(found) == 0 {
			found = mailedCheckpoints(mail.Parse(text, mail.Limits{}))
		}
		if len(found) == 0 {
			return nil, usagef("--checkpoint: there is no checkpoint in %s; give the file or the whole mail as it came (save it as .eml)", name)
		}
		all = append(all, found...)
	}
	return all, nil
}

// mailedCheckpoints are those in a mail: in its header, in its text, in what is
// attached, and in an attached mail.
func mailedCheckpoints(m *mail.Message) (all [][]byte) {
	for _, value := range m.Header.All(archive.HeaderField) {
		if signed, err := archive.ReadHeader(value); err == nil {
			all = append(all, signed)
		}
	}
	all = append(all, archive.Checkpoints([]byte(m.Text))...)
	for _, part := range m.Parts {
		if part.Type == "message/rfc822" {
			all = append(all, mailedCheckpoints(mail.Parse(part.Body, mail.Limits{}))...)
			continue
		}
		all = append(all, archive.Checkpoints(part.Body)...)
	}
	return all
}
