package archive_test

import (
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/internal/tsa"
	"rapport/threads"
)

// unproven are the columns that nothing in the log stands behind, and what
// docs/archive.md says of them under "What is not proven". "rows" stands for a
// table whose rows can be removed unseen.
var unproven = []struct{ said, columns string }{
	{"where each letter and notice stands in the outbox now", `delivery.letter delivery.state delivery.attempts delivery.next_at delivery.words delivery.changed_at
		delivery.opened delivery.fence delivery.owner delivery.until delivery.rows notice_delivery.state notice_delivery.attempts notice_delivery.next_at
		notice_delivery.words notice_delivery.changed_at notice_delivery.fence notice_delivery.owner notice_delivery.until`},
	{"when letters that wait may go", "report.send_at report.any_hour report.again_at"},
	{"under which Message-ID and for which brake a notice counts", "notice.message_id notice.peer"},
	{"how far each mailbox is read", "mailbox.name mailbox.uidvalidity mailbox.last_uid mailbox.modseq mailbox.fence mailbox.owner mailbox.until mailbox.rows"},
	{"which mail lies under which UID", "mail_position.message"},
	{"what undoing a decision would bring back", "change.before change.undone"},
	{"examples learned from corrections", `correction.change correction.n correction.project correction.message correction.item correction.kind correction.facet
		correction.urgent correction.language correction.words correction.rows`},
	{"lists of conversations", `thread.id thread.project thread.subject thread.first_ord thread.last_ord thread.messages thread.open_items thread.people thread.merged_to
		thread.rows mention.project mention.id mention.thread mention.rows apart.project apart.one apart.other apart.rows counter.project counter.items counter.reports counter.rows`},
	{"the index of words", "search_repair.message search_repair.why search_repair.rows"},
	{"the UIDs that mail programs see", "folder.project folder.uidvalidity folder.uid folder.rows folder_mail.project folder_mail.uid folder_mail.message folder_mail.gone folder_mail.rows"},
	{"checkpoints and time-stamps of ours that were removed", "checkpoint.size stamp.log stamp.at_ms stamp.words stamp.rows"},
	{"passwords, sessions and links for signing in", `account.login account.password account.disabled_at account.changed_at account.rows session.token session.login
		session.how session.began_at session.seen_at session.rows sign_in_link.token sign_in_link.browser sign_in_link.login sign_in_link.ends_at sign_in_link.rows`},
	{"what is still to be cleaned up after an erasure", "erasing.what erasing.rows remnant.since remnant.rows"},
}

// places are how findings name what a table has.
var places = map[string][]string{
	"raw": {"raw mail "}, "message": {"message "}, "item": {"item "}, "answer": {"answer to item "},
	"report": {"report ", "release of report ", "withdrawal of report "}, "letter": {"letter "}, "delivery_event": {"delivery of letter "},
	"change": {"change ", "undoing of change "}, "notice": {"notice "}, "notice_delivery": {"notice "}, "notice_event": {"delivery of notice "},
	"owed": {"owed mail "}, "coverage": {"account of a mailbox "}, "mail_position": {"account of a mailbox "}, "mailbox": {"account of a mailbox "},
	"erased": {"tombstone of message "}, "hold": {"hold ", "lifting of hold "}, "access": {"access log: "},
	"log_leaf": {"line ", "head of the log"}, "log_tile": {"line ", "tile "}, "log_head": {"head of the log"},
	"checkpoint": {"checkpoint", "time-stamp "}, "stamp": {"time-stamp "},
}

// everything is an archive that has a row for each table that the log covers.
func (w *world) everything() {
	w.fill().settle()
	h, err := w.store.Hold(background, threads.Hold{Project: "TEA", Reason: "an audit", By: "mara"})
	w.must(err)
	_, err = w.store.Lift(background, h.ID, "lin")
	w.must(err)
	w.cancelled()
	w.erase("d@x")
	w.visited()
	w.stamp(tsa.New(w.t))
	w.signAccess()
}

// cancelled approves a report and withdraws it.
func (w *world) cancelled() {
	w.t.Helper()
	f := w.mail("r2@us", "TEA", "Never sent")
	f.Message.Direction, f.Items = threads.Out, nil
	r, err := w.store.Approve(background, threads.Approval{Filing: f, Report: threads.Report{Project: "TEA", Subject: "Weekly", MessageID: "r2@us", ApprovedBy: "lin"},
		Letters: []threads.Letter{{Recipient: threads.Address{Address: "cara@tea.example"}, Raw: []byte("To: cara\r\n\r\nNever sent\r\n")}}})
	w.must(err)
	_, err = w.store.Cancel(background, r.ID, "lin")
	w.must(err)
}

// Whoever adds a column lets the log commit to it, or says here and to auditors
// that it does not.
func TestEveryColumnIsProvenOrSaidNotToBe(t *testing.T) {
	docs, err := os.ReadFile("../docs/archive.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{} // column → it is tried
	for _, u := range unproven {
		if !strings.Contains(string(docs), u.said) {
			t.Errorf("docs/archive.md does not say that %q is not proven", u.said)
		}
		for _, column := range strings.Fields(u.columns) {
			said[column] = false
		}
	}
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t)
			w.everything()
			if r := w.checkAccess(); r.Total != 0 {
				t.Fatalf("it is not whole: %q", r.Findings)
			}
			db := w.direct()
			for table, columns := range w.columns(db) {
				for column, kind := range columns {
					r := w.tried(db, change(table, column, kind), func(w *world) *archive.Result { return w.checkAccess() })
					name := table + "." + column
					if _, listed := said[name]; listed {
						said[name] = true
						if r.Total > 0 {
							t.Errorf("%s is said not to be proven, and is: %q", name, r.Findings[0])
						}
					} else if !named(r, places[table]) {
						t.Errorf("%s was changed, and no finding names it: %q", name, r.Findings)
					}
				}
			}
		})
	}
	for column, tried := range said {
		if !tried {
			t.Errorf("there is no column %s", column)
		}
	}
}

// named reports whether a finding is about one of these things.
func named(r *archive.Result, places []string) bool {
	return slices.ContainsFunc(r.Findings, func(f archive.Finding) bool {
		return slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(f.Place, p) })
	})
}

// rows stands among the columns of a table for all that it has.
const rows = "rows"

// columns are those of all tables but the index of words, with their types.
func (w *world) columns(db *sql.DB) map[string]map[string]string {
	w.t.Helper()
	query := `select t.name || ' ' || c.name || ' ' || lower(c.type) from sqlite_master t join pragma_table_info(t.name) c
		where t.type = 'table' and t.name not like 'sqlite_%'`
	if strings.HasPrefix(w.path, "postgres") {
		query = `select table_name || ' ' || column_name || ' ' || data_type from information_schema.columns where table_schema = 'public'`
	}
	out := map[string]map[string]string{}
	for _, line := range w.texts(db, query) {
		f := strings.SplitN(line, " ", 3)
		table := f[0]
		if table == "search" || strings.HasPrefix(table, "search_") && table != "search_repair" || table == "goose_db_version" {
			continue
		}
		if out[table] == nil {
			out[table] = map[string]string{rows: ""}
		}
		out[table][f[1]] = f[2]
	}
	return out
}

// change gives all rows another value of a column, of the same type.
func change(table, column, kind string) string {
	other := column + " || 'x'"
	switch {
	case column == rows:
		return "delete from " + table
	case table == "change" && column == "n":
		other = "-n" // they are in another order
	case column == "before" || column == "undone":
		other = "replace(" + column + ", 'Anna', 'Eva')" // JSON, as an undoing or a bundle would read it
	case kind == "bytea":
		other = column + " || x'07'"
	case kind == "boolean":
		other = "not " + column
	case kind == "integer":
		other = column + " + 1000"
	case kind == "bigint":
		other = column + " + 2500000000" // it fits into a UID, and takes a mail out of its place in time
	}
	return "update " + table + " set " + column + " = " + other
}
