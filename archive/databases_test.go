package archive_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the hand of somebody who may do everything

	"rapport/archive"
	"rapport/internal/servers"
)

// databases are those in which an archive may be.
var databases = []database{
	{"SQLite", func(t testing.TB) string { return filepath.Join(t.TempDir(), "rapport.db") }},
	{"PostgreSQL", servers.Postgres},
}

type database struct {
	name  string
	fresh func(testing.TB) string // the address of an empty one
}

// world is an empty archive in a database of its own.
func (d database) world(t testing.TB) *world { return newWorldAt(t, d.fresh(t)) }

// direct is a connection of somebody who may do everything with the database:
// without its guards.
func (w *world) direct() *sql.DB {
	if strings.HasPrefix(w.path, "postgres") {
		u, err := url.Parse(w.path)
		w.must(err)
		q := u.Query()
		q.Set("session_replication_role", "replica")
		u.RawQuery = q.Encode()
		db, err := sql.Open("pgx", u.String())
		w.must(err)
		w.t.Cleanup(func() { db.Close() })
		return db
	}
	db, err := sql.Open("sqlite3", "file:"+w.path)
	w.must(err)
	w.t.Cleanup(func() { db.Close() })
	for _, name := range w.texts(db, "select name from sqlite_master where type = 'trigger'") {
		_, err := db.Exec("drop trigger " + name)
		w.must(err)
	}
	return db
}

// texts reads one column.
func (w *world) texts(db *sql.DB, query string, args ...any) (out []string) {
	w.t.Helper()
	rows, err := db.Query(query, args...)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var text string
		w.must(rows.Scan(&text))
		out = append(out, text)
	}
	w.must(rows.Err())
	return out
}

var bytesInSQL = regexp.MustCompile(`x'([0-9a-f]*)'`)

// run runs statements by hand.
func (w *world) run(db *sql.DB, statements string) {
	w.t.Helper()
	if strings.HasPrefix(w.path, "postgres") {
		statements = bytesInSQL.ReplaceAllString(statements, `'\x$1'::bytea`)
		statements = strings.ReplaceAll(statements, "instr(", "strpos(")
	}
	for _, statement := range strings.Split(statements, ";") {
		if _, err := db.Exec(statement); err != nil {
			w.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// tables are those that statements change.
var tables = regexp.MustCompile(`(?:update|delete from|insert into) (\w+)`)

// tried runs statements by hand, tells what a check says then, and makes all as
// it was before.
func (w *world) tried(db *sql.DB, statements string, check func(*world) *archive.Result) *archive.Result {
	w.t.Helper()
	touched := map[string]bool{}
	for _, found := range tables.FindAllStringSubmatch(statements, -1) {
		touched[found[1]] = true
	}
	for table := range touched {
		w.run(db, "create table kept_"+table+" as select * from "+table)
	}
	w.run(db, statements)
	r := check(w)
	for table := range touched {
		w.run(db, "delete from "+table+"; insert into "+table+" select * from kept_"+table+"; drop table kept_"+table)
	}
	return r
}

// tamper is something done to the database by hand, and what a check must say.
type tamper struct{ name, sql, place, words string }

// everyTamper does each to an archive, in each database.
func everyTamper(t *testing.T, build func(*world), check func(*world) *archive.Result, tampers []tamper) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t)
			build(w)
			w.sign()
			db := w.direct()
			for _, c := range tampers {
				t.Run(c.name, func(t *testing.T) {
					r := w.tried(db, c.sql, check)
					for _, f := range r.Findings {
						if strings.HasPrefix(f.Place, c.place) && strings.Contains(f.Words, c.words) {
							return
						}
					}
					t.Errorf("not found; found were %q", r.Findings)
				})
			}
			if r := check(w); r.Total != 0 {
				t.Errorf("it is not as it was: %q", r.Findings)
			}
		})
	}
}
