package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// reading claims the inbox, as somebody who has read its UIDs first to last.
func (h *house) reading(first, last uint32) *threads.Cursor {
	h.t.Helper()
	c, err := h.store.Claim(background, "inbox", "test", h.clock.Now().Add(time.Hour))
	h.must(err)
	c.UIDValidity, c.First, c.LastUID = 7, first, last
	return &c
}

// read files mails with the cursor.
func (h *house) read(c *threads.Cursor, filings ...threads.Filing) []threads.Filed {
	h.t.Helper()
	filed, err := h.store.File(background, c, filings)
	h.must(err)
	return filed
}

// account is the inbox in one line.
func (h *house) account() string {
	h.t.Helper()
	c, err := h.store.Coverage(background, "inbox")
	h.must(err)
	s := fmt.Sprintf("%d..%d: %d filed, %d in the tray, %d vanished", c.First, c.Last, c.Filed, c.Tray, c.Vanished)
	for _, o := range c.Owed {
		s += fmt.Sprintf(", %d owed (%s)", o.UID, o.Why)
	}
	return s
}

func coverage(t *testing.T, h *house) {
	none, err := h.store.Coverage(background, "inbox")
	h.must(err)
	same(t, "a mailbox that was never read", none, threads.Coverage{Owed: []threads.Owed{}})
	c := h.reading(5, 4)
	h.read(c)
	same(t, "an empty mailbox", h.account(), "5..4: 0 filed, 0 in the tray, 0 vanished")

	c.LastUID = 9
	h.read(c, h.mail("a@x", at("inbox", 5)), h.mail("t@x", at("inbox", 7), project("")), h.mail("other@x", at("other", 6)))
	same(t, "with mail", h.account(), "5..9: 2 filed, 1 in the tray, 3 vanished")
	h.read(c, h.mail("early@x", at("inbox", 11)))
	same(t, "mail above the cursor is not counted yet", h.account(), "5..9: 2 filed, 1 in the tray, 3 vanished")
	c.LastUID = 11
	h.read(c)
	same(t, "then it is", h.account(), "5..11: 3 filed, 1 in the tray, 4 vanished")
	full, err := h.store.Coverage(background, "inbox")
	h.must(err)
	if full.Latest.IsZero() || !full.Signed.IsZero() {
		t.Errorf("filed last %v, signed %v", full.Latest, full.Signed)
	}
}

func owed(t *testing.T, h *house) {
	large := threads.Owed{UID: 2, Size: 60 << 20, Why: threads.WhyTooLarge, Words: "it has 60 MB", From: threads.Address{Name: "Anna", Address: "anna@x"}, Subject: "Plans\x00"}
	c := h.reading(1, 3)
	c.Owing = []threads.Owed{large, {UID: 3, Why: threads.WhyUnreadable, Words: "no bytes"}}
	h.read(c, h.mail("a@x", at("inbox", 1)))
	same(t, "the account", h.account(), "1..3: 1 filed, 0 in the tray, 0 vanished, 2 owed (too-large), 3 owed (unreadable)")
	all, err := h.store.Owed(background, "inbox", 7)
	h.must(err)
	large.Subject, large.Since = "Plans ", h.clock.Now()
	same(t, "what is known of it", all[0], large)

	c.Owing = []threads.Owed{{UID: 2, Why: threads.WhyUnreadable, Words: "cut"}}
	h.clock.pass(time.Hour)
	h.read(c)
	all, err = h.store.Owed(background, "inbox", 7)
	h.must(err)
	same(t, "another reason", all[0], threads.Owed{UID: 2, Why: threads.WhyUnreadable, Words: "cut", Since: large.Since})

	c.Owing, c.Settled = nil, []uint32{1, 2, 3} // 1 was never owed, 3 is gone
	h.read(c, h.mail("b@x", at("inbox", 2)))
	same(t, "settled", h.account(), "1..3: 2 filed, 0 in the tray, 1 vanished")

	c.Settled, c.Owing, c.LastUID = nil, []threads.Owed{{UID: 4, Why: threads.WhyUnfiled, Words: "no"}}, 4
	h.read(c)
	old := *c
	old.Fence--
	_, err = h.store.File(background, &old, nil)
	h.wants(err, threads.ErrFenced)
	c.Owing, c.UIDValidity, c.First, c.LastUID = nil, 8, 1, 0
	h.read(c)
	same(t, "under a new UIDVALIDITY", h.account(), "1..0: 0 filed, 0 in the tray, 0 vanished")
	all, err = h.store.Owed(background, "inbox", 7)
	h.must(err)
	same(t, "nothing is owed under the old one", len(all), 0)
	checkTree(h)
}

func signedCoverage(t *testing.T, h *house) {
	signed := func() (states []string) {
		t.Helper()
		rows, err := h.store.Log(background, 0, 1000)
		h.must(err)
		for _, r := range rows {
			if _, state, ok := strings.Cut(string(r.Line), `"state":"UIDs `); ok {
				states = append(states, strings.TrimSuffix(state, `"}`))
			}
		}
		return states
	}
	c := h.reading(1, 120)
	c.Owing = []threads.Owed{{UID: 51, Why: threads.WhyTooLarge, Words: "large"}}
	var mails []threads.Filing
	for uid := uint32(1); uid <= 120; uid++ {
		if uid != 51 && uid != 77 {
			mails = append(mails, h.mail(fmt.Sprint(uid, "@x"), at("inbox", uid)))
		}
	}
	project("")(&mails[0])
	h.read(c, mails...)
	c.Owing = nil
	sign := func() threads.Coverage {
		t.Helper()
		got, err := h.store.SignCoverage(background, *c)
		h.must(err)
		return got
	}
	if got := sign(); got.Filed != 118 || got.Tray != 1 || got.Vanished != 1 || len(got.Owed) != 1 || !got.Signed.Equal(h.clock.Now()) {
		t.Errorf("signed %+v", got)
	}
	h.clock.pass(time.Hour)
	sign()
	first := "1..120: 118 filed, 1 of them in the tray, 1 vanished, 1 owed"
	same(t, "an account that has not changed", signed(), []string{first})
	h.clock.pass(24 * time.Hour)
	c = h.reading(1, 120)
	sign()
	same(t, "a day later", signed(), []string{first, first})
	c.Settled = []uint32{51}
	h.read(c, h.mail("51@x", at("inbox", 51)))
	sign()
	same(t, "after a change", signed(), []string{first, first, "1..120: 119 filed, 1 of them in the tray, 1 vanished, 0 owed"})
	var filed, owed string
	h.must(h.direct().QueryRow("select filed, owed from coverage where n = 1").Scan(&filed, &owed))
	same(t, "the sets", filed+" "+owed, "1:50,52:76,78:120 51")
	full, err := h.store.Coverage(background, "inbox")
	h.must(err)
	if !full.Signed.Equal(h.clock.Now()) {
		t.Errorf("signed at %v", full.Signed)
	}

	c.Fence--
	_, err = h.store.SignCoverage(background, *c)
	h.wants(err, threads.ErrFenced)
	checkTree(h)
}
