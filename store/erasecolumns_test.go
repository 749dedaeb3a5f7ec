package store

import (
	"slices"
	"strings"
	"testing"
)

// keptColumns are those that an erasure leaves in the rows that it empties:
// ids, places, times and figures, and what we have decided ourselves.
var keptColumns = map[string]string{
	"message":         "id ord project thread direction sha size sent_at sent_zone received class filed_at dismissed evidence",
	"item":            "id project number message thread kind facet urgent sure state answer said_at first past evidence",
	"answer":          "item n word login given_at report",
	"report":          "id project number message approved_by approved_at released_at cancelled_at cancelled_by cancel_salt send_at any_hour again_at released_by release_salt",
	"letter":          "id report n project sha login evidence",
	"delivery":        "letter state attempts next_at changed_at opened fence owner until",
	"delivery_event":  "letter n at_ms state",
	"change":          "id n kind project thread messages login made_at undone_by undone_at",
	"notice":          "id key kind project thread answers sha brake made_at erased_with",
	"notice_delivery": "notice state attempts next_at changed_at fence owner until",
	"notice_event":    "notice n at_ms state",
	"raw":             "sha size",
}

// emptiedColumns are those that it empties, or whose rows it takes away or makes
// anew from the mail that is left.
var emptiedColumns = map[string]string{
	"message":         "message_id from_name from_address source salt subject body rating rated",
	"item":            "words due about report point why",
	"answer":          "reason next_step day salt",
	"report":          "subject period status language message_id draft_sha draft plain points salt",
	"letter":          "name address message_id",
	"delivery":        "words",
	"delivery_event":  "words salt",
	"change":          "name address via before undone salt",
	"notice":          "name address peer subject message_id raw salt",
	"notice_delivery": "words",
	"notice_event":    "words salt",
	"raw":             "body",
	"thread":          "id project subject first_ord last_ord messages open_items people merged_to",
	"mention":         "project id thread",
	"correction":      "change n project message item kind facet urgent language words",
	"search_repair":   "message why",
}

// untouchedTables have nothing that a mail said: the log and its account, places
// on servers, people of ours, and what was asked of mailboxes. owed is about mail
// that is not in the archive yet; access is the account of who read what.
var untouchedTables = strings.Fields(`counter mail_position mailbox log_leaf log_tile log_head apart checkpoint stamp owed coverage
	account session sign_in_link access folder folder_mail erased erasing remnant hold goose_db_version`)

// Whoever adds a column says what becomes of it when a mail is erased.
func TestEveryColumnHasItsErasure(t *testing.T) {
	s := openTemp(t)
	columns, err := read(t.Context(), s, func(row scanner) (c [2]string, err error) { return c, row.Scan(&c[0], &c[1]) },
		`select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' order by 1, 2`)
	if err != nil || len(columns) < 100 {
		t.Fatalf("%d columns: %v", len(columns), err)
	}
	for _, c := range columns {
		table, column := c[0], c[1]
		if slices.Contains(untouchedTables, table) || table == "search" || strings.HasPrefix(table, "search_") && table != "search_repair" { // the index of words, which unindex empties
			continue
		}
		kept := slices.Contains(strings.Fields(keptColumns[table]), column)
		emptied := slices.Contains(strings.Fields(emptiedColumns[table]), column)
		if kept == emptied {
			t.Errorf("nobody has said what becomes of %s.%s when a mail is erased, or it is said twice; see eraseRow and eraseparts.go", table, column)
		}
	}
}
