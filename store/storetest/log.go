package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/store"
	"rapport/threads"
)

// checkTree makes the tree anew from the lines of the log, and compares its
// root with the stored one and each stored tile with what it should be.
func checkTree(h *house) {
	h.t.Helper()
	size, root, err := h.store.LogHead(background)
	h.must(err)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	n := int64(0)
	for n < size {
		rows, err := h.store.Log(background, n, 500)
		h.must(err)
		if len(rows) == 0 {
			h.t.Fatalf("the log has %d lines, its head says %d", n, size)
		}
		for _, r := range rows {
			if r.Index != n {
				h.t.Fatalf("line %d is where %d should be", r.Index, n)
			}
			more, err := tlog.StoredHashes(n, r.Line, reader)
			h.must(err)
			hashes = append(hashes, more...)
			n++
		}
	}
	want, err := tlog.TreeHash(size, reader)
	h.must(err)
	if !bytes.Equal(root, want[:]) {
		h.t.Errorf("root of %d lines is %x, want %x", size, root, want)
	}
	stored := 0
	h.must(h.direct().QueryRow("select count(*) from log_tile").Scan(&stored))
	tiles := tlog.NewTiles(8, 0, size)
	if stored != len(tiles) {
		h.t.Errorf("%d tiles are stored, want %d", stored, len(tiles))
	}
	for _, tile := range tiles {
		want, err := tlog.ReadTileData(tile, reader)
		h.must(err)
		var data []byte
		query := fmt.Sprintf("select data from log_tile where log = 'archive' and level = %d and n = %d", tile.L, tile.N)
		h.must(h.direct().QueryRow(query).Scan(&data))
		if !bytes.Equal(data, want) {
			h.t.Errorf("tile %s has %d bytes that differ from the %d expected", tile.Path(), len(data), len(want))
		}
	}
}

func logTree(t *testing.T, h *house) {
	size, root, err := h.store.LogHead(background)
	h.must(err)
	empty, err := tlog.TreeHash(0, nil)
	h.must(err)
	if size != 0 || !bytes.Equal(root, empty[:]) {
		t.Errorf("an empty log has %d lines and root %x, want %x", size, root, empty)
	}
	total := 0
	for _, n := range []int{1, 2, 60, 192, 1, 0, 256, 3, 300} { // over and exactly at the edges of tiles
		var batch []threads.Filing
		for i := range n {
			batch = append(batch, h.mail(fmt.Sprintf("%d@x", total+i), project("")))
		}
		h.file(batch...)
		total += n
		checkTree(h)
	}
	size, _, err = h.store.LogHead(background)
	h.must(err)
	same(t, "lines", size, int64(total))
	rows, err := h.store.Log(background, 5, 2)
	h.must(err)
	same(t, "a part of the log", []int64{rows[0].Index, rows[1].Index}, []int64{5, 6})
}

func logSilent(t *testing.T, h *house) {
	h.file(h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"})), h.mail("t@x", project("")))
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	a := h.approval("2026-W48")
	a.Answers = []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "secret reason", By: "lin"}}
	r := h.approve(a)
	_, err = h.store.Release(background, r.ID, threads.Release{})
	h.must(err)
	d, _ := h.lease()
	h.settle(d, threads.Taken, "250 secret words", time.Time{})
	d, _ = h.lease()
	h.settle(d, threads.Refused, "550 secret words", time.Time{})
	_, err = h.store.Cancel(background, h.approve(h.approval("2026-W49")).ID, "lin")
	h.must(err)
	h.file(h.mail("x@x", refers("a@x", r.MessageID)))
	cursor := h.reading(1, 2)
	cursor.Owing = []threads.Owed{{UID: 2, Why: threads.WhyTooLarge, Words: "secret words", From: threads.Address{Name: "Anna"}, Subject: "Website"}}
	h.read(cursor)
	_, err = h.store.SignCoverage(background, *cursor)
	h.must(err)
	cursor.Owing, cursor.Settled = nil, []uint32{2}
	h.read(cursor)

	rows, err := h.store.Log(background, 0, 100)
	h.must(err)
	var types []string
	for _, row := range rows {
		var line struct{ Type, Subject, Commit string }
		h.must(json.Unmarshal(row.Line, &line))
		types = append(types, line.Type)
		for _, personal := range []string{"anna", "Anna", "bert", "acme.example", "Website", "Hello", "secret", "lin\"", "a@x"} {
			if strings.Contains(string(row.Line), personal) {
				t.Errorf("line %d has %q: %s", row.Index, personal, row.Line)
			}
		}
		if len(row.Line) > 1000 {
			t.Errorf("line %d has %d bytes", row.Index, len(row.Line))
		}
		if line.Commit == "" && line.Type != string(threads.EntryReportReleased) && line.Type != string(threads.EntryThreadMerged) && line.Type != string(threads.EntrySettled) {
			t.Errorf("line %d commits to nothing: %s", row.Index, row.Line)
		}
	}
	same(t, "what happened", strings.Join(types, " "), "item.found mail.in mail.tray "+
		"mail.out report.approved letter.approved letter.approved item.answered report.released letter.delivery letter.delivery "+
		"mail.out report.approved letter.approved letter.approved letter.delivery letter.delivery report.cancelled "+
		"thread.merged mail.in mail.owed mailbox.coverage mail.settled")
}

func appendOnly(t *testing.T, h *house) {
	h.file(h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"})))
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	a := h.approval("2026-W48")
	a.Answers = []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "done"}}
	_, err = h.store.Cancel(background, h.approve(a).ID, "lin")
	h.must(err)
	cursor := h.reading(1, 1)
	h.read(cursor)
	_, err = h.store.SignCoverage(background, *cursor)
	h.must(err)
	h.notice("a", "anna@acme.example")
	h.settleNotice(threads.Taken, "250 ok")
	db := h.direct()
	for _, statement := range []string{
		"update raw set body = body", "delete from raw",
		"update log_leaf set line = line", "delete from log_leaf",
		"update log_tile set n = n + 1", "delete from log_tile", "update log_tile set data = substr(data, 1, 32)",
		"update log_head set size = size - 1", "delete from log_head",
		"update letter set address = ''", "delete from letter",
		"update answer set reason = ''", "delete from answer",
		"update delivery_event set words = ''", "delete from delivery_event",
		"update coverage set filed = ''", "delete from coverage",
		"update notice set address = ''", "delete from notice",
		"update notice_event set words = ''", "delete from notice_event",
	} {
		if _, err := db.Exec(statement); err == nil {
			t.Errorf("%q was done", statement)
		}
	}
	if strings.HasPrefix(h.url, "postgres") {
		for _, table := range []string{"raw", "log_leaf", "log_tile", "log_head", "letter", "answer", "delivery_event", "coverage", "notice", "notice_event"} {
			if _, err := db.Exec("truncate " + table + " cascade"); err == nil {
				t.Errorf("table %s was emptied", table)
			}
		}
	}
	checkTree(h)
}

func openedAgain(t *testing.T, h *house) {
	filed := h.file(h.mail("a@x"))[0]
	h.must(h.store.Close())
	h.store = h.open()
	same(t, "message", mustMessage(h, "a@x").ID, filed.Message)
	next := h.file(h.mail("b@x", refers("a@x")))[0]
	same(t, "thread", next.Thread, filed.Thread)
	checkTree(h)

	_, err := h.direct().Exec("insert into goose_db_version (version_id, is_applied) values (99999, true)")
	h.must(err)
	_, err = store.Open(background, store.Config{URL: h.url})
	if err == nil || !strings.Contains(err.Error(), "use a newer rapport") {
		t.Errorf("a database of a newer program: %v", err)
	}
}
