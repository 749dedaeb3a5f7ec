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
		if err := h.noteQuotes(e.ctx, m, note); err != nil {
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
			if err := h.noteFound(e.ctx, address, note); err != nil {
				return err
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

// noteQuotes names the reports that have told a client about items of a mail, and
// mail that has the words of one.
func (h *house) noteQuotes(ctx context.Context, m *threads.Message, note func(threads.Message)) error {
	items, err := h.store.Items(ctx, threads.ItemQuery{Message: m.ID})
	if err != nil {
		return err
	}
	for _, i := range items {
		if words := opening(i.Text); words != "" {
			if err := h.noteFound(ctx, words, note); err != nil {
				return err
			}
		}
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

// opening are the first words of an item by which a quotation is found; "" if
// they are so few that everybody may have written them.
func opening(text string) string {
	words := strings.Fields(text)
	runes := []rune(strings.Join(words[:min(len(words), 8)], " "))
	if len(runes) < 12 {
		return ""
	}
	return string(runes[:min(len(runes), 60)])
}

// noteFound names mail with these words.
func (h *house) noteFound(ctx context.Context, words string, note func(threads.Message)) error {
	hits, err := h.store.Search(ctx, threads.SearchQuery{Text: `"` + strings.ReplaceAll(words, `"`, " ") + `"`, Limit: math.MaxInt32})
	for _, hit := range hits {
		note(hit.Message)
	}
	return err
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
