package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"rapport/threads"
)

// dialect is all in which SQLite and PostgreSQL differ, but for the index of
// words (searchsqlite.go, searchpostgres.go). Every other statement is one text
// for both, with $1, $2 … as placeholders.
type dialect struct {
	name     string
	goose    goose.Dialect
	postgres bool
	lock     string   // makes a select hold its rows until the end of the transaction
	skip     string   // the same, passing by rows that another transaction holds
	lean     string   // makes the writer's connection keep few pages in memory; "" if there is nothing to ask for
	full     string   // ends that
	scrub    []string // write the database anew, so that nothing deleted is left in its files
	schema   string   // names a table itself, inside of a query that gives its name to another one

	rows    func(words string) []indexRow                                      // of the index, for a message with these words
	index   func(t *tx, ord int64, rows []indexRow) error                      // adds a message to the index of words
	unindex func(t *tx, ord int64) error                                       // takes it out again
	fitting func(t *tx, clauses []clause, r reach, limit int) (fitting, error) // the messages that fit a query
}

// SQLite has one writer at a time, so its rows need no locks.
var (
	sqlite = &dialect{name: "sqlite", goose: goose.DialectSQLite3, schema: "main.",
		lean: "pragma cache_size = -2048", full: "pragma cache_size = " + writerCache,
		scrub: []string{"insert into search (search) values ('optimize')", "vacuum"},
		rows:  func(words string) []indexRow { return []indexRow{{words: words}} },
		index: indexSQLite, unindex: unindexSQLite, fitting: fittingSQLite}
	postgres = &dialect{name: "postgres", goose: goose.DialectPostgres, postgres: true,
		lock: " for update", skip: " for update skip locked",
		// The planner's examples of what stands in a column are made anew, and what
		// they were is taken out of the catalogue.
		scrub: []string{"vacuum (full, analyze) raw, message, item, answer, report, letter, delivery, delivery_event, change, correction, " +
			"notice, notice_delivery, notice_event, thread, mention, search, search_repair", "vacuum (full) pg_statistic"},
		rows: rowsPostgres, index: indexPostgres, unindex: unindexPostgres, fitting: fittingPostgres}
)

// text makes our SQL ready for the database. SQLite reads $2 as a name and
// numbers names by their first appearance, which would swap arguments without
// an error; ?2 is the second argument there.
func (d *dialect) text(sql string) string {
	if d.postgres {
		return sql
	}
	return strings.ReplaceAll(sql, "$", "?")
}

// table is a table by its full name.
func (d *dialect) table(name string) string { return d.schema + name }

// in is the condition that column is one of the list given as placeholder n.
func (d *dialect) in(column string, n int) string {
	if d.postgres {
		return fmt.Sprintf("%s = any($%d)", column, n)
	}
	return fmt.Sprintf("%s in (select value from json_each($%d))", column, n)
}

// list is a list as one argument.
func list[T string | int64](d *dialect, values []T) any {
	if values == nil {
		values = []T{}
	}
	if d.postgres {
		return values
	}
	b, _ := json.Marshal(values) // strings and numbers always marshal
	return string(b)
}

// again reports whether a transaction failed only because another one came
// first: it lost a race for a unique value, or a deadlock was broken. The same
// transaction, run again, sees what the other has written.
func again(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "23505", "40001", "40P01": // unique_violation, serialization_failure, deadlock_detected
			return true
		}
	}
	if lite, ok := errors.AsType[sqlite3.Error](err); ok {
		return lite.Code == sqlite3.ErrBusy
	}
	return false
}

// DiskFull reports whether the operating system had no room for what was to be
// written: on the disk, in the user's quota, or in one file.
func DiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// noRoom makes the error of a full disk threads.ErrFull: what failed is then not at
// fault, and will do once there is room.
func noRoom(err error) error {
	full := false
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		full = pg.Code == "53100" // disk_full
	}
	if lite, ok := errors.AsType[sqlite3.Error](err); ok {
		full = lite.Code == sqlite3.ErrFull || DiskFull(lite.SystemErrno)
	}
	if full {
		return fmt.Errorf("%w: %w", threads.ErrFull, err)
	}
	return err
}
