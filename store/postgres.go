package store

import (
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens two pools, one of which cannot write.
func openPostgres(url string) (writer, reader *sql.DB, err error) {
	for _, pool := range []struct {
		db       **sql.DB
		readOnly string
	}{{&writer, "off"}, {&reader, "on"}} {
		c, err := pgx.ParseConfig(url) // its error hides the password
		if err != nil {
			return nil, nil, fmt.Errorf("read the address of the database: %w", err)
		}
		c.RuntimeParams["application_name"] = "rapport"
		c.RuntimeParams["default_transaction_read_only"] = pool.readOnly
		c.RuntimeParams["jit"] = "off" // its compiling takes longer than any of our queries
		*pool.db = stdlib.OpenDB(*c)
		(*pool.db).SetMaxOpenConns(8)
		(*pool.db).SetMaxIdleConns(8)
	}
	return writer, reader, nil
}
