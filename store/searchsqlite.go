package store

import "strings"

// indexSQLite adds a message to the FTS5 table, whose rowid is the message's ord.
func indexSQLite(t *tx, ord int64, rows []indexRow) error {
	_, err := t.exec(`insert into search (rowid, words) values ($1, $2)`, ord, rows[0].words)
	return err
}

// unindexSQLite takes a message out of the index.
func unindexSQLite(t *tx, ord int64) error {
	_, err := t.exec(`delete from search where rowid = $1`, ord)
	return err
}

// fittingSQLite asks FTS5, which walks its lists from the end, so that the
// latest are found without reading the others.
func fittingSQLite(_ *tx, clauses []clause, r reach, limit int) (fitting, error) {
	var all, projects []string
	for _, p := range r.projects {
		projects = append(projects, `"`+scope(p)+`"`)
	}
	if projects != nil {
		all = append(all, "("+strings.Join(projects, " OR ")+")")
	}
	for _, c := range clauses {
		all = append(all, c.fts5())
	}
	return fitting{`select rowid from search where search match $1 and rowid >= $2 and rowid < $3 order by rowid desc limit $4`,
		[]any{strings.Join(all, " AND "), r.from, r.past, limit}}, nil
}

// fts5 is the clause in FTS5's language. Words have letters and digits only,
// so nothing in them can end the string.
func (c clause) fts5() string {
	s := `"` + strings.Join(c.words, " ") + `"`
	if c.prefix && !c.single {
		s += " *"
	}
	return s
}
