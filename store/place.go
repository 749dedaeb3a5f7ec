package store

import (
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

// Bounds of what one message adds to its thread.
const (
	maxMentions = 200 // ids of one message that are looked up and remembered
	maxPeople   = 20  // writers that a list of threads names
)

// place puts a message into its thread, or into a new one, and joins threads
// that it shows to be one. It sets the message's Thread and returns the threads
// that are no more.
func (f *filing) place(p *prepared) (merged []string, err error) {
	m := &p.Message
	ids := mentionedIDs(m)
	if p.UsedID {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == cleanText(m.MessageID) })
	}
	mentions, err := collect(f.tx, func(row scanner) (x threads.Mention, err error) {
		return x, row.Scan(&x.ID, &x.Thread)
	}, `select id, thread from mention where project = $1 and `+f.dialect.in("id", 2), m.Project, list(f.dialect, ids))
	if err != nil {
		return nil, fmt.Errorf("look for its thread: %w", err)
	}
	near, err := f.notApart(m.Project, ids, mentions)
	if err != nil {
		return nil, err
	}
	join, merged := threads.Place(near)
	if join == "" {
		join = f.ids.New(threads.ThreadPrefix)
		f.threads[join] = &threadRow{Thread: threads.Thread{ID: join, Project: m.Project}}
	}
	row, err := f.thread(join)
	if err != nil {
		return nil, err
	}
	for _, old := range merged {
		if err := f.merge(row, old); err != nil {
			return nil, fmt.Errorf("merge thread %s into %s: %w", old, join, err)
		}
	}
	m.Thread = join
	row.add(m, p.ord, f.subject)
	return merged, f.mention(m.Project, join, ids, mentions)
}

// notApart leaves out threads that a manager has separated from the one that the
// message refers to last.
func (f *filing) notApart(project string, ids []string, mentions []threads.Mention) ([]threads.Mention, error) {
	if len(mentions) < 2 {
		return mentions, nil
	}
	nearest := mentions[0]
	for _, m := range mentions {
		if slices.Index(ids, m.ID) > slices.Index(ids, nearest.ID) {
			nearest = m
		}
	}
	apart, err := collect(f.tx, scalar[string], `select other from apart where project = $1 and one = $2
		union select one from apart where project = $1 and other = $2`, project, nearest.Thread)
	if err != nil || len(apart) == 0 {
		return mentions, err
	}
	return slices.DeleteFunc(slices.Clone(mentions), func(m threads.Mention) bool { return slices.Contains(apart, m.Thread) }), nil
}

// mentionedIDs are the message's own Message-ID and all that it refers to, once
// each. Of an endless list the beginning and the end say most.
func mentionedIDs(m *threads.Message) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, id := range slices.Concat([]string{m.MessageID}, m.References, m.InReplyTo) {
		if id = cleanText(id); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	if n := len(out); n > maxMentions {
		out = slices.Delete(out, maxMentions/2, n-maxMentions/2)
	}
	return out
}

// mention remembers the ids that were not known in the project.
func (t *tx) mention(project, thread string, ids []string, known []threads.Mention) error {
	for _, id := range ids {
		if slices.ContainsFunc(known, func(m threads.Mention) bool { return m.ID == id }) {
			continue
		}
		_, err := t.exec(`insert into mention (project, id, thread) values ($1, $2, $3)
			on conflict (project, id) do update set thread = excluded.thread`, project, id, thread)
		if err != nil {
			return fmt.Errorf("remember <%s>: %w", id, err)
		}
	}
	return nil
}

// merge moves everything of the thread old into row, and leaves a signpost.
func (f *filing) merge(row *threadRow, old string) error {
	gone, err := f.thread(old)
	if err != nil {
		return err
	}
	for _, text := range []string{
		`update message set thread = $1 where thread = $2`,
		`update item set thread = $1 where thread = $2`,
		`update mention set thread = $1 where thread = $2`,
		`update thread set merged_to = $1 where merged_to = $2`,
	} {
		if _, err := f.exec(text, row.ID, old); err != nil {
			return err
		}
	}
	for _, other := range f.threads {
		if other.mergedTo == old {
			other.mergedTo = row.ID
		}
	}
	row.take(gone)
	gone.mergedTo, gone.Messages, gone.Open, gone.People = row.ID, 0, 0, nil
	f.record(threads.Entry{Type: threads.EntryThreadMerged, Project: row.Project, Subject: old, Ref: row.ID})
	return nil
}

// threadRow is a thread with its messages' places in time.
type threadRow struct {
	threads.Thread
	first, last int64
	mergedTo    string
}

// add counts a message in.
func (r *threadRow) add(m *threads.Message, ord int64, subject func(string) string) {
	r.stretch(ord, ord, subject(m.Subject))
	r.Messages++
	r.addPeople([]threads.Address{m.From})
}

// take counts another thread in.
func (r *threadRow) take(other *threadRow) {
	r.stretch(other.first, other.last, other.Subject)
	r.Messages += other.Messages
	r.Open += other.Open
	r.addPeople(other.People)
}

// stretch makes the thread reach from first to last; its subject is that of
// its oldest message that has one.
func (r *threadRow) stretch(first, last int64, subject string) {
	if r.first == 0 || first < r.first || r.Subject == "" {
		r.Subject = subject
	}
	if r.first == 0 || first < r.first {
		r.first = first
	}
	r.last = max(r.last, last)
}

func (r *threadRow) addPeople(people []threads.Address) {
	for _, a := range people {
		i := slices.IndexFunc(r.People, func(b threads.Address) bool { return strings.EqualFold(a.Address, b.Address) })
		switch {
		case i >= 0 && r.People[i].Name == "":
			r.People[i].Name = a.Name
		case i < 0 && len(r.People) < maxPeople && a != threads.Address{}:
			r.People = append(r.People, a)
		}
	}
}
