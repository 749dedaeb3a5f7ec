package archive

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"rapport/threads"
)

// mail proves one mail: its bytes, its times, its place in the log, its
// attachments, and what belongs to it.
func (u *unpacker) mail(b *BundledMail) error {
	if b.Erased != nil {
		return u.erased(b)
	}
	line, salt, err := u.proven(b.Proof, b.Line)
	if err != nil {
		return err
	}
	said, err := readValue(b.Value)
	mails := []threads.EntryType{threads.EntryMailIn, threads.EntryMailOut, threads.EntryMailTray, threads.EntryRefiled}
	switch {
	case err != nil:
	case !slices.Contains(mails, line.Type) || line.Subject != b.ID || line.Project != u.bundle.Project:
		err = errors.New("the line is about something else")
	case threads.Commit(salt, []byte(b.Value)) != line.Commit:
		err = errors.New("the line commits to something else")
	case said.SHA256 != b.SHA256:
		err = errors.New("the line is about other bytes")
	case said.Direction != b.Direction || said.Class != b.Class || said.Fields != threads.Digest(b.MessageID, b.Sender.Name, b.Sender.Address, b.Subject, b.Read):
		err = errors.New("the line says another direction or class, or other words")
	case said.V >= 2 && !(reflect.DeepEqual(said.Why, b.Why) && reflect.DeepEqual(said.Authentication, b.Authentication)):
		err = errors.New("why it was filed, or what is known of its sender, is not what the log says")
	case said.Sent != b.Date.UnixMilli() || said.Received != b.Received.UnixMilli():
		err = errors.New("the line says other times")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", b.Proof, err)
	}
	if err := u.bytes(b); err != nil {
		return err
	}
	u.rows.Write(tableRow(b)) // into a hash: it cannot fail
	for i := range b.Items {
		if err := u.item(&b.Items[i], b.ID); err != nil {
			return err
		}
	}
	for i := range b.Report {
		if err := u.report(&b.Report[i]); err != nil {
			return err
		}
	}
	u.bundle.Mails++
	return nil
}

// bytes compares the bytes of a mail with what its line commits to, and each
// attachment with what the same reading finds in the mail.
func (u *unpacker) bytes(b *BundledMail) error {
	raw, err := u.files.content(b.File)
	if err != nil {
		return err
	}
	if hashOf(raw) != b.SHA256 {
		return fmt.Errorf("%s: the line is about other bytes", b.Proof)
	}
	writeMbox(u.mbox, b.Received, raw)
	if !u.bundle.Attachments {
		if len(b.Attachments) > 0 {
			return fmt.Errorf("%s: it has attachments in a bundle without any", b.Attachments[0].File)
		}
		return nil
	}
	found := u.Attachments(raw)
	for i := range b.Attachments {
		f := &b.Attachments[i]
		body, err := u.files.content(f.File)
		if err != nil {
			return err
		}
		if i >= len(found) || *f != bundledFile(b.ID, &found[i].Attachment) || !bytes.Equal(body, found[i].Body) {
			return fmt.Errorf("%s: it is not the attachment that is in %s", f.File, b.File)
		}
		u.bundle.Attached++
	}
	if n := len(b.Attachments); n < len(found) {
		return fmt.Errorf("%s: it was removed; it is in %s", bundledFile(b.ID, &found[n].Attachment).File, b.File)
	}
	return nil
}

// erased proves that a mail was erased, when, by whom and why.
func (u *unpacker) erased(b *BundledMail) error {
	line, salt, err := u.proven(b.Proof, b.Line)
	if err != nil {
		return err
	}
	switch {
	case line.Type != threads.EntryErased || line.Subject != b.ID || b.Erased.Message != b.ID || line.Project != u.bundle.Project:
		err = errors.New("the line is about something else")
	case threads.Commit(salt, erasedValue(b.Erased)) != line.Commit:
		err = errors.New("the line commits to something else")
	case line.State != string(b.Erased.Cause) || !line.At.Equal(b.Erased.At):
		err = errors.New("the line says another cause or another time")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", b.Proof, err)
	}
	u.bundle.Erased++
	return nil
}

// item proves what an item was at every time, and every answer; and that it is
// what one of these lines says.
func (u *unpacker) item(b *BundledItem, mail string) error {
	if len(b.History) == 0 {
		return fmt.Errorf("message %s: it has an item without a line of the log", mail)
	}
	id := b.History[0].Subject
	is := b.Item == nil
	for i := range b.History {
		h := &b.History[i]
		line, err := u.line(&h.BundledRecord, threads.EntryItem, id, h.Item == nil && h.Value == "")
		switch {
		case err != nil:
			return err
		case line.Project != u.bundle.Project || line.Ref != mail:
			return fmt.Errorf("%s: the line is about another mail", h.Proof)
		case (h.Item == nil) != (h.Value == "") || h.Item != nil && (h.Item.ID != id || !saysItem(h.Value, h.Item)):
			return fmt.Errorf("item %s: it was not what %s proves", id, h.Proof)
		}
		is = is || h.Item != nil && saysItem(h.Value, b.Item)
	}
	if !is || b.Item != nil && b.Item.ID != id {
		return fmt.Errorf("item %s: it is not what the log says", id)
	}
	return u.answers(b, id)
}

// answers proves every answer to an item.
func (u *unpacker) answers(b *BundledItem, item string) error {
	given := b.Item == nil || b.Item.Answer == nil
	for i := range b.Answers {
		a := &b.Answers[i]
		if _, err := u.record(&a.BundledRecord, threads.EntryAnswer, item); err != nil {
			return err
		}
		if a.Answer == nil || a.Answer.Item != item || !saysAnswer(a.Value, a.N, a.Answer) {
			return fmt.Errorf("answer to item %s, %d: it is not what the log says", item, a.N)
		}
		given = given || *b.Item.Answer == *a.Answer
	}
	if !given {
		return fmt.Errorf("answer to item %s: it is not what the log says", item)
	}
	return nil
}
