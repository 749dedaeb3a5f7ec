package store

import (
	"fmt"

	"rapport/threads"
)

// refiling is a transaction in which stored mail is filed otherwise.
type refiling struct {
	*filing
	touched map[string]string // thread → project: to be counted anew
	apart   string            // a new thread that must not join the ones its mail came from
}

func (t *tx) startRefiling(filings []threads.Filing) (*refiling, error) {
	var projects []string
	for _, f := range filings {
		old, err := t.message(f.Message.ID)
		if err != nil {
			return nil, err
		}
		if old.Erased != nil {
			return nil, wasErased(&old)
		}
		projects = append(projects, old.Project, f.Message.Project)
	}
	f, err := t.startFiling(projects)
	if err != nil {
		return nil, err
	}
	return &refiling{filing: f, touched: map[string]string{}}, nil
}

// refile makes one message what the filing says, and returns what it was.
func (r *refiling) refile(f threads.Filing, kind threads.ChangeKind) (was, error) {
	old, err := r.snapshot(f.Message.ID)
	if err != nil {
		return old, err
	}
	f.Message.Received = old.Message.Received // the place in time stays
	f.Message.RawSHA, f.Message.Size = old.Message.RawSHA, old.Message.Size
	p, err := r.again(f, kind == threads.ChangeDismiss)
	if err != nil {
		return old, err
	}
	if err := r.putPlace(p, old, kind); err != nil {
		return old, err
	}
	if err := r.mayLeave(&old.Message, &p.Message); err != nil {
		return old, err
	}
	if err := r.updateMessage(p); err != nil {
		return old, err
	}
	return old, r.replaceItems(p, old.Items)
}

// again prepares a message that is stored already.
func (r *refiling) again(f threads.Filing, dismissed bool) (*prepared, error) {
	p := &prepared{Filing: f, dismissed: dismissed}
	err := r.one(`select ord, salt, source from message where id = $1`, []any{f.Message.ID}, &p.ord, &p.salt, &p.Source)
	if err != nil {
		return nil, err
	}
	return p, r.describe(p)
}

// snapshot is what a message is now.
func (t *tx) snapshot(id string) (w was, err error) {
	if w.Message, err = t.message(id); err != nil {
		return w, err
	}
	var dismissed int
	if err := t.one(`select dismissed from message where id = $1`, []any{id}, &dismissed); err != nil {
		return w, err
	}
	w.Dismissed = dismissed != 0
	w.Items, err = collect(t, scanItem, `select `+itemColumns+itemTables+`where i.message = $1 order by i.number`, id)
	return w, err
}

// putPlace decides the thread: the one that is named, the same as before while
// the project is the same, else the one that its references lead to.
func (r *refiling) putPlace(p *prepared, old was, kind threads.ChangeKind) error {
	m, before := &p.Message, old.Message
	r.touch(before.Project, before.Thread)
	switch {
	case m.Project == "":
		m.Thread = ""
		return nil
	case kind == threads.ChangeSplit:
		if r.apart == "" {
			r.apart = r.ids.New(threads.ThreadPrefix)
		}
		m.Thread = r.apart
		_, err := r.exec(`insert into apart (project, one, other) values ($1, $2, $3) on conflict do nothing`, m.Project, r.apart, before.Thread)
		if err != nil {
			return err
		}
	case m.Thread != "": // named
	case m.Project == before.Project:
		m.Thread = before.Thread
	default:
		if _, err := r.place(p); err != nil {
			return err
		}
		for id, row := range r.threads { // counted anew in the end
			r.touch(row.Project, id)
		}
	}
	r.touch(m.Project, m.Thread)
	return nil
}

func (r *refiling) touch(project, thread string) {
	if thread != "" {
		r.touched[thread] = project
	}
}

// updateMessage writes the row, its index words and its entry in the log.
func (r *refiling) updateMessage(p *prepared) error {
	m := &p.Message
	_, zone := m.Date.Zone()
	_, err := r.exec(`update message set project = $2, thread = $3, direction = $4, message_id = $5, from_name = $6, from_address = $7,
		sent_at = $8, sent_zone = $9, class = $10, subject = $11, body = $12, dismissed = $13, evidence = $14, rating = $15, rated = $16 where id = $1`,
		m.ID, m.Project, m.Thread, string(m.Direction), m.MessageID, m.From.Name, m.From.Address,
		ms(m.Date), zone, string(m.Class), m.Subject, p.body, flag(p.dismissed), p.form, rated(m).Score, rated(m).Report)
	if err != nil {
		return fmt.Errorf("store message %s: %w", m.ID, err)
	}
	if err := r.dialect.unindex(r.tx, p.ord); err != nil {
		return fmt.Errorf("take message %s out of the index: %w", m.ID, err)
	}
	r.rows = append(r.rows, searchRow{m.ID, p.ord, p.rows})
	e := mailEntry(p)
	e.Type = threads.EntryRefiled
	r.record(e)
	return nil
}

// end counts every thread that was touched anew and writes the index.
func (r *refiling) end() error {
	for _, project := range sortedKeys(r.counters) {
		if err := r.putCounter(project, r.counters[project]); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(r.touched) {
		if err := r.recount(r.touched[id], id); err != nil {
			return err
		}
	}
	return r.index(r.rows)
}

// recount makes a thread's row and its mentions from the mail that is in it. A
// thread without mail is no more.
func (t *tx) recount(project, id string) error {
	if _, err := t.exec(`delete from mention where thread = $1`, id); err != nil {
		return err
	}
	rows, err := t.messageRows(`where thread = $1 order by ord`, id)
	if err != nil {
		return fmt.Errorf("read thread %s: %w", id, err)
	}
	if len(rows) == 0 {
		_, err := t.exec(`delete from thread where id = $1`, id)
		return err
	}
	row := &threadRow{Thread: threads.Thread{ID: id, Project: project}}
	for i := range rows {
		row.add(&rows[i].Message, rows[i].ord, t.subject)
	}
	if err := t.one(`select count(*) from item where thread = $1 and state = $2`, []any{id, string(threads.Open)}, &row.Open); err != nil {
		return err
	}
	if err := t.putThread(row); err != nil {
		return err
	}
	for i := range rows { // a mail's own id leads to it, whoever referred to it first
		if own := rows[i].MessageID; own != "" {
			if err := t.mention(project, id, []string{own}, nil); err != nil {
				return err
			}
		}
		for _, other := range mentionedIDs(&rows[i].Message) {
			_, err := t.exec(`insert into mention (project, id, thread) values ($1, $2, $3) on conflict (project, id) do nothing`, project, other, id)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
