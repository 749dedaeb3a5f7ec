package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// cluster is the PostgreSQL of this test binary: initdb takes a second, a
// database in a running cluster some milliseconds. It runs until the test
// binary ends; its keeper then ends it.
var cluster struct {
	sync.Mutex
	url    string // of the database "postgres"; "" before the first use
	keeper *keeper
	made   int // databases so far
}

// Postgres returns the URL of a fresh, empty database, which is dropped after
// the test. The cluster has UTF-8 and C collation, which orders text as SQLite
// does, and is without fsync: it is for tests only.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	return newDatabase(t, "template1")
}

// PostgresCopy returns the URL of a database that begins as a copy of another
// one from Postgres, to which nobody may be connected meanwhile: many tests then
// make their tables once.
func PostgresCopy(t testing.TB, of string) (url string) {
	t.Helper()
	cfg, err := pgx.ParseConfig(of)
	if err != nil {
		t.Fatalf("copy a PostgreSQL database: %v", err)
	}
	return newDatabase(t, cfg.Database)
}

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	cluster.Lock()
	defer cluster.Unlock()
	if cluster.url == "" {
		cluster.url, cluster.keeper = startCluster(t)
	}
	cluster.made++
	name := fmt.Sprintf("rapport_%d", cluster.made)
	admin := cluster.url
	if err := execute(admin, "create database "+name+" template "+template); err != nil {
		t.Fatalf("new PostgreSQL database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(admin, "drop database "+name+" with (force)"); err != nil {
			t.Logf("drop PostgreSQL database %s: %v", name, err)
		}
	})
	return databaseURL(admin, name)
}

// startCluster makes and starts a cluster, as user postgres if we are root,
// since PostgreSQL refuses to be root.
func startCluster(t testing.TB) (string, *keeper) {
	const places = "/usr/lib/postgresql/*/bin"
	server := Program(t, "postgres", "postgresql", places)
	initdb := filepath.Join(filepath.Dir(resolve(server)), "initdb")
	dir := tempDir(t, inMemory(t), "pg")
	data := filepath.Join(dir, "data")

	var cred *syscall.Credential
	if os.Getuid() == 0 {
		cred = credential(t, "postgres", "postgresql")
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			t.Fatalf("give %s to user postgres: %v", dir, err)
		}
	}
	cmd := exec.Command(initdb, "-D", data, "-U", "rapport", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: cred}
	if out, err := cmd.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		t.Fatalf("initdb: %v\n%s", err, out)
	}

	port := freePort(t)
	k, err := start(job{
		args: []string{server, "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", "",
			"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
			"-c", "max_connections=200", "-c", "autovacuum=off",
			"-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"}, // benchmarks fill it; what is not used costs nothing
		dir: dir, cred: cred, signal: "QUIT",
	})
	if err != nil {
		os.RemoveAll(dir)
		t.Fatalf("start PostgreSQL: %v", err)
	}
	url := fmt.Sprintf("postgres://rapport@127.0.0.1:%d/postgres?sslmode=disable", port)
	ready(t, "PostgreSQL", filepath.Join(dir, "output"), func() error { return execute(url, "select 1") })
	return url, k
}

// inMemory is a directory in memory, "" where there is none with room enough: a
// database is three hundred files, and making them costs a disk ten times as
// much. Benchmarks stay on the disk.
func inMemory(t testing.TB) string {
	const shared, enough = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if _, bench := t.(*testing.B); bench || syscall.Statfs(shared, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < enough {
		return ""
	}
	return shared
}

// execute runs one statement on a connection of its own.
func execute(url, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// databaseURL is the URL of another database of the same cluster.
func databaseURL(url, name string) string {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return "" // cannot happen: the URL was made above
	}
	return fmt.Sprintf("postgres://%s@%s:%d/%s?sslmode=disable", cfg.User, cfg.Host, cfg.Port, name)
}

// resolve follows symbolic links, since initdb lies beside the real program.
func resolve(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
