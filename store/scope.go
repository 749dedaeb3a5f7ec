package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rapport/threads"
)

// errReads says that something wanted to write through a view of Within.
var errReads = errors.New("this view of the archive only reads")

// Within is the archive as somebody may read it: it has no connection that
// writes, and only what is in the scope, for every question that can be asked.
// The bounds are put in front of each query, whatever it asks, as tables of the
// same names with fewer rows; so no method can forget them, and counts, ids that
// fit several things, numbers and attachments tell nothing about the rest.
//
// The view is closed with the store, not by itself.
func (s *Store) Within(scope threads.Scope) *Store {
	bounded := *s
	bounded.writer = nil
	if !scope.Whole() {
		bounded.scope = &scope
	}
	return &bounded
}

// unbound is the same transaction without the bounds, for what is reached from a
// row within them.
func (t *tx) unbound() *tx {
	whole, same := *t.Store, *t
	whole.scope = nil
	same.Store = &whole
	return &same
}

// bound is a table with the rows of a scope only. Those further down stand on
// those further up.
type bound struct {
	table string
	rows  func(b *bounds) string
}

// bounded are the tables of which a scope sees a part, or nothing.
var bounded = []bound{
	{"message", func(b *bounds) string { return b.whole("message") + b.where(b.project(), b.received()) }},
	{"item", func(b *bounds) string {
		return b.whole("item") + b.where(b.project(), b.dated("message m where m.id = item.message"))
	}},
	{"thread", (*bounds).threads},
	{"answer", func(b *bounds) string { return b.whole("answer") + b.of("item i where i.id = answer.item") }},
	{"report", func(b *bounds) string {
		return b.whole("report") + b.where(b.project(), b.dated("message m where m.id = report.message"))
	}},
	{"letter", func(b *bounds) string { return b.whole("letter") + b.of("report r where r.id = letter.report") }},
	{"delivery", func(b *bounds) string { return b.whole("delivery") + b.of("letter l where l.id = delivery.letter") }},
	{"delivery_event", func(b *bounds) string {
		return b.whole("delivery_event") + b.of("letter l where l.id = delivery_event.letter")
	}},
	{"raw", func(b *bounds) string {
		return b.whole("raw") + ` where exists (select 1 from message m where m.sha = raw.sha) or exists (select 1 from letter l where l.sha = raw.sha)`
	}},
	{"mail_position", func(b *bounds) string {
		return b.whole("mail_position") + b.of("message m where m.id = mail_position.message")
	}},
	{"mailbox", (*bounds).mailboxes},
	{"change", func(b *bounds) string { return b.whole("change") + b.where(b.project()) }},
	{"correction", func(b *bounds) string { return b.whole("correction") + b.of("change c where c.id = correction.change") }},
	{"mention", func(b *bounds) string { return b.whole("mention") + b.where(b.project()) }},
	{"log_leaf", (*bounds).lines},
	{"erased", func(b *bounds) string { return b.whole("erased") + b.of("message m where m.id = erased.message") }},
	{"hold", func(b *bounds) string { return b.whole("hold") + b.where(b.project()) }},
	nothing("account"), nothing("session"), nothing("sign_in_link"), nothing("access"),
	nothing("owed"), nothing("coverage"), // of whose project they are is not known, or they tell how much other mail there is
	nothing("counter"), nothing("apart"), nothing("search_repair"), nothing("folder"), nothing("folder_mail"),
	nothing("erasing"), nothing("remnant"),
	nothing("notice"), nothing("notice_delivery"), nothing("notice_event"),
}

// nothing is a table of which no scope sees a row.
func nothing(table string) bound {
	return bound{table, func(b *bounds) string { return b.whole(table) + ` where 1 = 0` }}
}

// unbounded are the tables that every scope sees whole. They have hashes of the
// tree, or are asked by words that carry the scope (see reach).
var unbounded = []string{"log_tile", "log_head", "checkpoint", "stamp", "search", "goose_db_version"}

// bounds makes the tables in front of one query, and its further arguments.
type bounds struct {
	*threads.Scope
	d    *dialect
	args []any
	keys int // which argument is the list of projects, 0 while none is
}

// bounded puts the bounds of the scope in front of a query.
func (t *tx) bounded(text string, args []any) (string, []any) {
	if t.scope == nil {
		return text, args
	}
	b := &bounds{Scope: t.scope, d: t.dialect, args: args}
	tables, asks := "", text
	for i := len(bounded) - 1; i >= 0; i-- {
		of := bounded[i]
		if !strings.Contains(asks, of.table) {
			continue
		}
		rows := of.rows(b)
		asks += rows
		if tables != "" {
			tables = ", " + tables
		}
		tables = of.table + ` as not materialized (` + rows + `)` + tables
	}
	if tables == "" {
		return text, args
	}
	return `with ` + tables + ` ` + text, b.args
}

// argument adds an argument and returns its placeholder.
func (b *bounds) argument(v any) string {
	b.args = append(b.args[:len(b.args):len(b.args)], v)
	return "$" + strconv.Itoa(len(b.args))
}

// whole selects from the table itself, of which the bound one takes the name.
func (b *bounds) whole(table string) string { return `select * from ` + b.d.table(table) + ` ` + table }

func (b *bounds) where(conditions ...string) string {
	all := ""
	for _, c := range conditions {
		if c != "" {
			all += map[bool]string{true: " where ", false: " and "}[all == ""] + c
		}
	}
	return all
}

// of is the condition that what a row belongs to is in the scope.
func (b *bounds) of(rows string) string { return ` where exists (select 1 from ` + rows + `)` }

// dated is the same, where only days can make a difference.
func (b *bounds) dated(rows string) string {
	if b.received() == "" {
		return ""
	}
	return `exists (select 1 from ` + rows + `)`
}

// project is the condition that a row's project is in the scope. Mail in the
// tray is of the project ”.
func (b *bounds) project() string {
	if b.All {
		return ""
	}
	if b.keys == 0 {
		b.argument(list(b.d, b.projects()))
		b.keys = len(b.args)
	}
	return b.d.in("project", b.keys)
}

// projects are the keys of the scope, ” for the tray.
func (b *bounds) projects() []string {
	keys := append([]string(nil), b.Projects...)
	if b.Tray {
		keys = append(keys, "")
	}
	return keys
}

// received is the condition that a message was received in the scope's days.
func (b *bounds) received() string {
	var c []string
	if !b.From.IsZero() {
		c = append(c, fmt.Sprintf("ord >= %d", firstOrd(b.From)))
	}
	if !b.To.IsZero() {
		c = append(c, fmt.Sprintf("ord < %d", firstOrd(b.To)))
	}
	return strings.Join(c, " and ")
}

// threads are the conversations; of some days only as far as they went on then,
// under the subject of the first mail of those days, and without the list of all
// who took part.
func (b *bounds) threads() string {
	if b.received() == "" {
		return b.whole("thread") + b.where(b.project())
	}
	return `select t.id, t.project, case when t.first_ord = min(m.ord) then t.subject
			else (select f.subject from message f where f.thread = t.id order by f.ord limit 1) end as subject, min(m.ord) as first_ord, max(m.ord) as last_ord, count(*) as messages,
		(select count(*) from item i where i.thread = t.id and i.state = 'open') as open_items, '[]' as people, t.merged_to
		from ` + b.d.table("thread") + ` t join message m on m.thread = t.id group by t.id, t.project, t.subject, t.first_ord, t.merged_to`
}

// mailboxes are those with mail of the scope. How far they were read would tell
// how much other mail there is.
func (b *bounds) mailboxes() string {
	if b.All {
		return b.whole("mailbox")
	}
	return `select name, uidvalidity, 0 as first_uid, 0 as last_uid, 0 as modseq, 0 as fence, '' as owner, 0 as until from ` + b.d.table("mailbox") + ` mailbox` +
		b.of("mail_position p where p.mailbox = mailbox.name")
}

// lines are those of the log that name a project of the scope, or none if it
// has the tray. A line is JSON of strings, in which "project":"X" can only be
// what it looks like, and its time stands at the same place.
func (b *bounds) lines() string {
	c := []string{`log = 'archive'`}
	if !b.All {
		of := []string{`1 = 0`}
		for _, p := range b.Projects {
			of = append(of, `replace(line, `+b.argument(`"project":"`+p+`"`)+`, '') <> line`)
		}
		if b.Tray {
			of = append(of, `replace(line, '"project":"', '') = line`)
		}
		c = append(c, `(`+strings.Join(of, " or ")+`)`)
	}
	if !b.From.IsZero() {
		c = append(c, `substr(line, 14, 24) >= `+b.argument(b.From.UTC().Format(threads.EntryTime)))
	}
	if !b.To.IsZero() {
		c = append(c, `substr(line, 14, 24) < `+b.argument(b.To.UTC().Format(threads.EntryTime)))
	}
	return b.whole("log_leaf") + b.where(c...)
}
