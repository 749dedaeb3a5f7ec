package servers_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"rapport/internal/servers"
)

func TestPostgresGivesEachCallItsOwnEmptyDatabase(t *testing.T) {
	ctx := context.Background()
	for range 2 {
		conn, err := pgx.Connect(ctx, servers.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "create table note (text text)"); err != nil {
			t.Errorf("a fresh database is not empty: %v", err)
		}
	}
}

func TestPostgresOrdersTextByItsBytes(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, servers.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var encoding, order string
	err = conn.QueryRow(ctx, `select current_setting('server_encoding'), string_agg(x, '' order by x)
		from unnest(array['b', 'a', 'B', 'ä', '中']) x`).Scan(&encoding, &order)
	if err != nil {
		t.Fatal(err)
	}
	if encoding != "UTF8" || order != "Babä中" {
		t.Errorf("encoding %s and order %q, want UTF8 and Babä中", encoding, order)
	}
}

func TestACopyOfAPostgresDatabaseHasWhatWasThere(t *testing.T) {
	ctx := context.Background()
	first := servers.Postgres(t)
	run := func(url, sql string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, sql)
		return err
	}
	if err := run(first, "create table note (text text)"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := run(servers.PostgresCopy(t, first), "alter table note rename to kept"); err != nil {
			t.Error(err)
		}
	}
}
