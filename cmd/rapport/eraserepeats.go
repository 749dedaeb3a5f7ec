package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// repeatsTold bounds the list of mails that may repeat what is erased.
const repeatsTold = 20

// tellRepeats names mail that stays and may quote what is erased, or name who
// at a client wrote it.
func (h *house) tellRepeats(e *env, mails []threads.Message) error {
	gone, asked, told := map[string]bool{}, map[string]bool{}, map[string]threads.Message{}
	for _, m := range mails {
		gone[m.ID] = true
	}
	note := func(m threads.Message) {
		if !gone[m.ID] && m.Erased == nil {
			told[m.ID] = m
		}
	}
	for i := range mails {
		m := &mails[i]
		if err := h.noteReports(e.ctx, m, note); err != nil {
			return err
		}
		if m.Thread != "" && !asked[m.Thread] {
			asked[m.Thread] = true
			_, all, err := h.store.Thread(e.ctx, m.Thread)
			if err != nil {
				return err
			}
			for _, other := range all {
				if other.Received.After(m.Received) {
					note(other)
				}
			}
		}
		if address := m.From.Address; address != "" && !asked[address] && !h.projects().IsOurs(address) {
			asked[address] = true
			hits, err := h.store.Search(e.ctx, threads.SearchQuery{Text: `"` + address + `"`, Limit: math.MaxInt32})
			if err != nil {
				return err
			}
			for _, hit := range hits {
				note(hit.Message)
			}
		}
	}
	if len(told) == 0 {
		return nil
	}
	fmt.Fprintf(e.out, "%s would stay and may quote them, or name who wrote them:\n", count(len(told), "mail"))
	for n, id := range slices.Sorted(maps.Keys(told)) {
		if n == repeatsTold {
			fmt.Fprintf(e.out, "and %d more\n", len(told)-n)
			break
		}
		m := told[id]
		fmt.Fprintf(e.out, "  %s  %s  %s  %s\n", m.ID, m.Received.Format(time.DateOnly), line(m.From.String()), line(m.Subject))
	}
	return nil
}

// noteReports names the reports that have told a client about items of a mail.
func (h *house) noteReports(ctx context.Context, m *threads.Message, note func(threads.Message)) error {
	items, err := h.store.Items(ctx, threads.ItemQuery{Message: m.ID})
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Answer == nil || i.Answer.Report == "" {
			continue
		}
		r, err := h.store.Report(ctx, i.Answer.Report)
		if err != nil {
			return err
		}
		if r.Erased() {
			continue
		}
		report, err := h.store.Message(ctx, r.MessageID)
		if err != nil {
			return err
		}
		note(report)
	}
	return nil
}

// tellOwed names mail of an address that lies on a server and could not be filed:
// the archive knows its sender and subject until it is filed or gone.
func (h *house) tellOwed(e *env, address string) error {
	if address == "" {
		return nil
	}
	boxes, err := h.store.Mailboxes(e.ctx)
	if err != nil {
		return err
	}
	for _, box := range boxes {
		owed, err := h.store.Owed(e.ctx, box.Mailbox, box.UIDValidity)
		if err != nil {
			return err
		}
		for _, o := range owed {
			if strings.EqualFold(o.From.Address, address) {
				fmt.Fprintf(e.out, "UID %d of mailbox %s is of the same sender and could not be filed yet; delete it there\n", o.UID, box.Mailbox)
			}
		}
	}
	return nil
}
