package store

import (
	"errors"
	"strings"
	"time"

	"rapport/threads"
)

// How each row was, or should have been, logged: made again from the row with
// the functions that made its entry.

// messages gives the mail.
func (s *Snapshot) messages(do func(threads.Record) error) error {
	return s.each("mail", func(row scanner) error {
		r, err := s.messageRecord(row)
		if err != nil {
			return err
		}
		return do(r)
	}, `select id, ord, project, thread, direction, sha, size, message_id, from_name, from_address, sent_at, sent_zone, received,
		class, filed_at, source, salt, subject, body, evidence, rating, rated, dismissed <> 0 from message`)
}

func (s *Snapshot) messageRecord(row scanner) (threads.Record, error) {
	var p prepared
	var sent, received, filed int64
	var zone int
	var found threads.Rated
	m := &p.Message
	err := row.Scan(&m.ID, &p.ord, &m.Project, &m.Thread, &m.Direction, &m.RawSHA, &m.Size, &m.MessageID, &m.From.Name, &m.From.Address,
		&sent, &zone, &received, &m.Class, &filed, &p.Source, &p.salt, &m.Subject, &p.body, &p.form, &found.Score, &found.Report, &p.dismissed)
	if err != nil {
		return threads.Record{}, err
	}
	m.Date, m.Received = zoned(sent, zone), moment(received)
	if len(p.salt) == 0 {
		e := mailEntry(&p)
		e.At = moment(filed)
		r := emptied(threads.Record{Entry: e}, p.salt, []string{m.ID}, m.MessageID, m.From.Name, m.From.Address, p.Source, m.Subject, string(p.body))
		r.Says = r.Says || sent != received || zone != 0 || found != threads.Rated{} || p.dismissed != (m.Project == "")
		return r, nil
	}
	body, err := s.t.packer.dec.DecodeAll(p.body, nil)
	if err == nil {
		err = putBody(m, body)
	}
	if err == nil && inPlace(p.ord, m.Received) && rated(m) == found {
		p.commit = threads.Commit(p.salt, mailEvidence(&p, string(body)))
	} // else the row is damaged, or stands at another place than it says: no commitment is right
	e := mailEntry(&p)
	e.At = moment(filed)
	return threads.Record{Entry: e}, nil
}

// inPlace reports whether a mail stands where its time of receipt puts it; of
// very many at one moment the last stand a little later.
func inPlace(ord int64, received time.Time) bool {
	after := ordTime(ord).Sub(received)
	return after >= 0 && after < time.Minute
}

// items gives the items, with the places that they had before a later reading
// has found them elsewhere in their mail.
func (s *Snapshot) items(do func(threads.Record) error, where string, args ...any) error {
	return s.each("items", func(row scanner) error {
		var salt []byte
		var form, counts, last int
		var thread string
		i, err := scanItem(prefixed{row, []any{&salt, &form, &thread, &counts, &last}})
		if err != nil {
			return err
		}
		r := opened(itemEntryIn(form, &i, salt), salt, itemValue(form, &i))
		r.Item = &i
		if form < 2 {
			r.Earlier = true
			for _, place := range s.places[i.ID] {
				moved := i
				moved.Start, moved.End = place[0], place[1]
				r.Moved = append(r.Moved, itemValue(form, &moved))
			}
		}
		if i.Thread != thread || counts != last || form > 1 && i.State != stands(&i, counts) {
			r.Entry.Commit, r.Value, r.Moved = "", nil, nil // no commitment is right
		}
		return do(emptied(r, salt, []string{i.Message}, i.Text, i.Due, i.About, i.Report, i.Point, i.Why))
	}, `select m.salt, i.evidence, m.thread, i.answer, (select coalesce(max(c.n), 0) from answer c left join report r on r.id = c.report
		where c.item = i.id and coalesce(r.cancelled_at, 0) = 0), `+itemColumns+itemTables+`join message m on m.id = i.message `+where, args...)
}

// answers gives the answers.
func (s *Snapshot) answers(do func(threads.Record) error, where string, args ...any) error {
	return s.each("answers", func(row scanner) error {
		var a threads.Answer
		var project, message string
		var n int
		var given int64
		var salt []byte
		err := row.Scan(&a.Item, &n, &a.Word, &a.Reason, &a.Next, &a.Date, &a.By, &given, &a.Report, &salt, &project, &message)
		if err != nil {
			return err
		}
		a.At = moment(given)
		r := opened(answerEntry(project, n, &a, salt), salt, answerValue(n, &a))
		r.N, r.Answer = n, &a
		return do(emptied(r, salt, []string{message}, a.Reason, a.Next, a.Date))
	}, `select a.item, a.n, a.word, a.reason, a.next_step, a.day, a.login, a.given_at, a.report, a.salt, coalesce(i.project, ''), coalesce(i.message, '')
		from answer a left join item i on i.id = a.item `+where, args...)
}

// reports gives the reports: their approval, their release and their withdrawal.
func (s *Snapshot) reports(do func(threads.Record) error, where string, args ...any) error {
	return s.each("reports", func(row scanner) error {
		var r threads.Report
		var points, cancelledBy, message string
		var approved, released, cancelled int64
		var salt, cancelSalt, releaseSalt []byte
		err := row.Scan(&r.ID, &r.Project, &r.Number, &r.Subject, &r.Period, &r.Status, &r.Language, &r.MessageID, &r.DraftSHA, &r.Draft,
			&r.Text, &points, &r.ApprovedBy, &approved, &released, &cancelled, &cancelledBy, &cancelSalt, &salt, &message, &r.ReleasedBy, &releaseSalt)
		if err != nil {
			return err
		}
		r.ApprovedAt = moment(approved)
		err = do(emptied(opened(reportEntry(&r, message, points, salt), salt, reportValue(&r, points)), salt, []string{message},
			r.Subject, r.Period, r.Status, r.Language, r.MessageID, r.DraftSHA, r.Draft, r.Text, strings.Trim(points, "[]")))
		if released != 0 {
			e := releaseEntry(&r, r.ReleasedBy, releaseSalt)
			e.At = moment(released)
			err = errors.Join(err, do(opened(e, releaseSalt, []byte(r.ReleasedBy))))
		}
		if cancelled != 0 {
			err = errors.Join(err, do(opened(threads.Entry{At: moment(cancelled), Type: threads.EntryReportCancelled,
				Project: r.Project, Subject: r.ID, Commit: threads.Commit(cancelSalt, []byte(cancelledBy))}, cancelSalt, []byte(cancelledBy))))
		}
		return err
	}, `select id, project, number, subject, period, status, language, message_id, draft_sha, draft, plain, points,
		approved_by, approved_at, released_at, cancelled_at, cancelled_by, cancel_salt, salt, message, released_by, release_salt from report `+where, args...)
}

// letters gives the letters; their salt is their report's.
func (s *Snapshot) letters(do func(threads.Record) error, where string, args ...any) error {
	return s.each("letters", func(row scanner) error {
		var salt []byte
		var message string
		var l letterRow
		var err error
		l.Letter, err = scanLetter(prefixed{row, []any{&salt, &message, &l.n, &l.form}})
		if err != nil {
			return err
		}
		r := opened(letterEntry(&l, salt), salt, letterValue(&l))
		r.To = &l.Recipient
		return do(emptied(r, salt, []string{message}, l.Recipient.Name, l.Recipient.Address, l.MessageID))
	}, `select r.salt, coalesce(r.message, ''), l.n, l.evidence, l.id, l.report, l.project, l.name, l.address, l.message_id, l.sha, l.login
		from letter l left join report r on r.id = l.report `+where, args...)
}

// events gives the steps of all deliveries.
func (s *Snapshot) events(do func(threads.Record) error, where string, args ...any) error {
	return s.each("deliveries", func(row scanner) error {
		r := threads.Record{Entry: threads.Entry{Type: threads.EntryDelivery}}
		var at int64
		var words, message string
		var salt []byte
		err := row.Scan(&r.Entry.Subject, &r.N, &at, &r.Entry.State, &words, &salt, &r.Entry.Project, &r.Entry.Ref, &message)
		if err != nil {
			return err
		}
		r.Salt, r.Value = salt, []byte(words)
		r.Entry.At, r.Entry.Commit = moment(at), threads.Commit(r.Salt, r.Value)
		return do(emptied(r, salt, []string{message}, words))
	}, `select e.letter, e.n, e.at_ms, e.state, e.words, e.salt, coalesce(l.project, ''), coalesce(l.report, ''), coalesce(r.message, '')
		from delivery_event e left join letter l on l.id = e.letter left join report r on r.id = l.report `+where, args...)
}

// changes gives what managers decided, and collects where the items of the mail
// concerned stood before.
func (s *Snapshot) changes(do func(threads.Record) error, where string, args ...any) error {
	return s.each("changes", func(row scanner) error {
		var salt []byte
		var before string
		c, messages, err := scanChangeRow(prefixed{row, []any{&salt, &before}})
		if err != nil {
			return err
		}
		var snapshots []was
		damaged := errors.Join(fromJSON(messages, &c.Messages), fromJSON(before, &snapshots))
		for _, w := range snapshots {
			for _, i := range w.Items {
				s.places[i.ID] = append(s.places[i.ID], [2]int{i.Start, i.End})
			}
		}
		r := opened(changeEntry(&c, salt), salt, changeValue(&c))
		r.Covers = c.Messages
		if damaged != nil {
			r.Entry.Commit, r.Value = "", nil // no commitment is right
		}
		err = do(emptied(r, salt, c.Messages, c.Name, c.Address, c.Via))
		if !c.UndoneAt.IsZero() {
			err = errors.Join(err, do(emptied(opened(undoEntry(&c, salt), salt, undoValue(&c)), salt, c.Messages)))
		}
		return err
	}, `select salt, before, `+changeColumns+` from change `+where+` order by n`, args...)
}

// opened is a record with what its commitment opens to.
func opened(e threads.Entry, salt, value []byte) threads.Record {
	return threads.Record{Entry: e, Salt: salt, Value: value}
}

// emptied marks the record of a row that was erased with these mails: without
// its salt it has nothing that could be held against the log, so none of its
// texts may say anything.
func emptied(r threads.Record, salt []byte, with []string, texts ...string) threads.Record {
	if len(salt) == 0 {
		r.Erased, r.Says = with, strings.Join(texts, "") != ""
	}
	return r
}
