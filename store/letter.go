package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

const letterColumns = `id, report, project, name, address, message_id, sha, login`

func scanLetter(row scanner) (l threads.Letter, err error) {
	return l, row.Scan(&l.ID, &l.Report, &l.Project, &l.Recipient.Name, &l.Recipient.Address, &l.MessageID, &l.SHA, &l.By)
}

// letter reads a letter with its bytes.
func (t *tx) letter(id string) (threads.Letter, error) {
	found, err := collect(t, scanLetter, `select `+letterColumns+` from letter where id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Letter{}, fmt.Errorf("letter %s: %w", id, err)
	}
	l := found[0]
	if l.Raw, err = t.getRaw(l.SHA); err != nil {
		return threads.Letter{}, fmt.Errorf("letter %s: %w", id, err)
	}
	return l, nil
}

// LetterRaw returns a letter with its exact bytes, by its id or a unique
// beginning of it.
func (s *Store) LetterRaw(ctx context.Context, id string) (l threads.Letter, err error) {
	err = s.view(ctx, func(t *tx) error {
		found, err := t.find("letter", threads.LetterPrefix, id)
		if err != nil {
			return err
		}
		l, err = t.letter(found)
		return err
	})
	return l, err
}

// letterRow is a letter as the log commits to it.
type letterRow struct {
	threads.Letter
	n    int // its place among those of its report
	form int // see letterValue
}

// putLetter writes a letter, its bytes and its row in the outbox, which holds it.
func (t *tx) putLetter(n int, l *threads.Letter, packed [][]byte, salt []byte) error {
	for _, text := range []*string{&l.Recipient.Name, &l.Recipient.Address, &l.MessageID, &l.By} {
		*text = cleanText(*text)
	}
	if err := t.putRaw(l.SHA, l.Raw, packed); err != nil {
		return err
	}
	_, err := t.exec(`insert into letter (id, report, n, project, name, address, message_id, sha, login, evidence)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		l.ID, l.Report, n, l.Project, l.Recipient.Name, l.Recipient.Address, l.MessageID, l.SHA, l.By, letterForm)
	if err != nil {
		return fmt.Errorf("store letter %s: %w", l.ID, err)
	}
	_, err = t.exec(`insert into delivery (letter, state, attempts, next_at, words, changed_at, opened, fence, owner, until)
		values ($1, $2, 0, 0, '', $3, $4, 0, '', 0)`, l.ID, string(threads.Held), ms(t.at), false)
	if err != nil {
		return fmt.Errorf("put letter %s into the outbox: %w", l.ID, err)
	}
	t.record(letterEntry(&letterRow{*l, n, letterForm}, salt))
	return nil
}
