package store

import (
	"fmt"
	"slices"

	"rapport/threads"
)

// eraseItems takes away the items of a mail. Of one that was answered its
// number, its kind and the word that we gave stay: the client has read them.
func (t *tx) eraseItems(items []threads.Item) error {
	for _, i := range items {
		var answers int
		if err := t.one(`select count(*) from answer where item = $1`, []any{i.ID}, &answers); err != nil {
			return err
		}
		if answers == 0 {
			if err := t.removeItem(i); err != nil {
				return err
			}
			continue
		}
		if err := t.let(i.ID); err != nil {
			return err
		}
		_, err := t.exec(`update item set words = '', first = 0, past = 0, due = '', about = '', report = '', point = '', why = '' where id = $1`, i.ID)
		if err != nil {
			return fmt.Errorf("empty item %s: %w", i.Label(), err)
		}
		if _, err := t.exec(`update answer set reason = '', next_step = '', day = '', salt = $2 where item = $1`, i.ID, []byte{}); err != nil {
			return fmt.Errorf("empty the answers to item %s: %w", i.Label(), err)
		}
	}
	return nil
}

// eraseReport empties the report whose own mail is erased, with its letters.
func (t *tx) eraseReport(message string) error {
	reports, err := collect(t, scalar[string], `select id from report where message = $1`, message)
	if err != nil || len(reports) == 0 {
		return err
	}
	report := reports[0]
	letters, err := collect(t, scanLetter, `select `+letterColumns+` from letter where report = $1`, report)
	if err != nil {
		return err
	}
	_, err = t.exec(`update report set subject = '', period = '', status = '', language = '', message_id = '', draft_sha = '', draft = '',
		plain = '', points = '[]', salt = $2 where id = $1`, report, []byte{})
	if err != nil {
		return fmt.Errorf("empty report %s: %w", report, err)
	}
	for _, l := range letters {
		if err := t.let(l.ID); err != nil {
			return err
		}
		if _, err := t.exec(`update delivery_event set words = '', salt = $2 where letter = $1`, l.ID, []byte{}); err != nil {
			return err
		}
		for _, text := range []string{
			`update letter set name = '', address = '', message_id = '' where id = $1`,
			`update delivery set words = '' where letter = $1`,
		} {
			if _, err := t.exec(text, l.ID); err != nil {
				return fmt.Errorf("empty letter %s: %w", l.ID, err)
			}
		}
		if err := t.eraseRaw(message, l.SHA); err != nil {
			return fmt.Errorf("empty letter %s: %w", l.ID, err)
		}
	}
	return nil
}

// eraseChanges takes a mail out of what changes remember for their undoing, and
// the sentences of it that were examples. A change that was about erased mail
// alone forgets the sender too.
func (t *tx) eraseChanges(message string) error {
	changes, err := t.changesOf([]string{message})
	if err != nil {
		return err
	}
	for _, c := range changes {
		left, err := t.forget(c.ID, message)
		if err != nil {
			return err
		}
		if left > 0 {
			continue
		}
		if _, err := t.exec(`update change set name = '', address = '', via = '', salt = $2 where id = $1`, c.ID, []byte{}); err != nil {
			return err
		}
	}
	_, err = t.exec(`delete from correction where message = $1`, message)
	return err
}

// forget takes a mail out of what a change remembers of its mails, and returns of
// how many it still knows what they were.
func (t *tx) forget(change, message string) (left int, err error) {
	for _, column := range []string{"undone", "before"} {
		var snapshot string
		if err := t.one(`select `+column+` from change where id = $1`, []any{change}, &snapshot); err != nil {
			return 0, err
		}
		var remembered []was
		if err := fromJSON(snapshot, &remembered); err != nil {
			return 0, err
		}
		remembered = slices.DeleteFunc(remembered, func(w was) bool { return w.Message.ID == message })
		if snapshot, err = toJSON(remembered); err != nil {
			return 0, err
		}
		if _, err := t.exec(`update change set `+column+` = $2 where id = $1`, change, snapshot); err != nil {
			return 0, err
		}
		left = len(remembered)
	}
	return left, nil
}

// eraseNotices empties what was sent by itself in answer to a mail, and the
// bytes of what our own people were sent since it came: daily mails and alarms
// repeat what clients wrote, and serve nobody later.
func (t *tx) eraseNotices(message string) error {
	ids, err := collect(t, scalar[string], `select id from notice where answers = $1
		union select id from notice where length(raw) > 0 and made_at >= (select filed_at from message where id = $1) and kind <> $2 and kind <> $3`,
		message, string(threads.NoticeReceipt), string(threads.NoticeCheckpoint))
	if err != nil {
		return err
	}
	if err := t.let(ids...); err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.stopNotice(id); err != nil {
			return err
		}
		if _, err := t.exec(`update notice set raw = $2, salt = $2, erased_with = $3 where id = $1`, id, []byte{}, message); err != nil {
			return err
		}
	}
	for _, text := range []string{
		`update notice set name = '', address = '', peer = '', subject = '', message_id = '' where answers = $1`,
		`update notice_delivery set words = '' where notice in (select id from notice where answers = $1)`,
	} {
		if _, err := t.exec(text, message); err != nil {
			return err
		}
	}
	_, err = t.exec(`update notice_event set words = '', salt = $2 where notice in (select id from notice where answers = $1)`, message, []byte{})
	return err
}

// stopNotice takes a notice whose bytes are erased out of its queue.
func (t *tx) stopNotice(id string) error {
	d, err := t.noticeDelivery(id)
	if err != nil || d.State != threads.Queued && d.State != threads.Deferring {
		return err
	}
	return t.noticeStep(&d, threads.Cancelled, "it repeats a mail that was erased")
}
