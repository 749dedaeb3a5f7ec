package store

import (
	"context"
	"fmt"
	"math"

	"rapport/threads"
)

// Folder returns the mails of a project as a folder of an IMAP server has them,
// in the order of their UIDs. Mail that is new in the project gets its UID now;
// UIDs ascend in the order in which mail came to the project (RFC 9051 section
// 2.3.1.1).
func (s *Store) Folder(ctx context.Context, project string) (threads.Folder, error) {
	f, current, err := s.folder(ctx, project)
	if err != nil || current {
		return f, err
	}
	if err := s.write(ctx, func(t *tx) error { return t.numberFolder(project) }); err != nil {
		return f, fmt.Errorf("number the mails of %s: %w", project, err)
	}
	f, _, err = s.folder(ctx, project)
	return f, err
}

// folder reads it as it was last numbered, and whether nothing came or went since.
func (s *Store) folder(ctx context.Context, project string) (f threads.Folder, current bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		heads, err := collect(t, func(row scanner) (h [2]int64, err error) { return h, row.Scan(&h[0], &h[1]) },
			`select uidvalidity, uid from folder where project = $1`, project)
		if err != nil || len(heads) == 0 {
			return err
		}
		f.UIDValidity, f.UIDNext = uint32(heads[0][0]), uint32(heads[0][1]+1)
		var unnumbered, moved int
		err = t.one(`select count(*) from message m where m.project = $1
			and not exists (select 1 from folder_mail f where f.project = $1 and f.message = m.id and not f.gone) and not exists (select 1 from erased e where e.message = m.id)`, []any{project}, &unnumbered)
		if err != nil {
			return err
		}
		f.Mails, err = collect(t, func(row scanner) (m threads.FolderMail, err error) {
			var at string
			var uid, received int64
			err = row.Scan(&uid, &m.ID, &m.Direction, &m.Size, &received, &at)
			m.UID, m.Received = uint32(uid), moment(received)
			if at != project {
				moved++
			}
			return m, err
		}, `select f.uid, m.id, m.direction, m.size, m.received, m.project from folder_mail f join message m on m.id = f.message
			where f.project = $1 and not f.gone order by f.uid`, project)
		current = unnumbered+moved == 0
		return err
	})
	if err != nil {
		return f, false, fmt.Errorf("read the folder of %s: %w", project, err)
	}
	return f, current, nil
}

// numberFolder marks what has left the project, and numbers what has come and
// was not erased.
func (t *tx) numberFolder(project string) error {
	if _, err := t.exec(`insert into folder (project, uidvalidity, uid) values ($1, $2, 0) on conflict (project) do nothing`,
		project, t.at.Unix()&math.MaxUint32); err != nil {
		return err
	}
	var last int64
	if err := t.one(`select uid from folder where project = $1`+t.dialect.lock, []any{project}, &last); err != nil {
		return err
	}
	_, err := t.exec(`update folder_mail set gone = true where project = $1 and not gone
		and exists (select 1 from message m where m.id = folder_mail.message and m.project <> $1)`, project)
	if err != nil {
		return err
	}
	added, err := t.exec(`insert into folder_mail (project, uid, message, gone)
		select $1, $2 + row_number() over (order by m.filed_at, m.ord), m.id, false from message m where m.project = $1
		and not exists (select 1 from folder_mail f where f.project = $1 and f.message = m.id and not f.gone) and not exists (select 1 from erased e where e.message = m.id)`, project, last)
	if err != nil {
		return err
	}
	_, err = t.exec(`update folder set uid = $2 where project = $1`, project, last+added)
	return err
}

// ForgetFolders makes mail programs read all folders anew: after an older
// backup was restored, UIDs would be given out a second time.
func (s *Store) ForgetFolders(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error { return t.forgetFolders() })
}

func (t *tx) forgetFolders() error {
	for _, table := range []string{"folder_mail", "folder"} {
		if _, err := t.exec(`delete from ` + table); err != nil {
			return fmt.Errorf("forget the folders: %w", err)
		}
	}
	return nil
}
