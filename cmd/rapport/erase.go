package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

type eraseCmd struct {
	Mails   []string `arg:"" optional:"" name:"mail" help:"Mails to erase."`
	Address string   `placeholder:"ADDRESS" help:"All mail that this address wrote."`
	Thread  []string `placeholder:"ID" help:"All mail of a thread; may be repeated."`
	Reason  string   `placeholder:"TEXT" help:"Why; needed with --yes. It stays in the archive: name no person."`
	Yes     bool     `help:"Erase. Without it, only tell what would be erased."`
	As      string   `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`

	DespiteRetention bool `help:"Erase mail that its project has to keep for longer, since no law demands it of this mail."`
}

// Run tells what would be erased, or erases it. What it began and could not
// finish, it finishes when it is called without anything to erase.
func (c *eraseCmd) Run(e *env) error {
	h, by, err := e.openAs(c.As)
	if err != nil {
		return err
	}
	defer h.close()
	if len(c.Mails)+len(c.Thread) == 0 && c.Address == "" {
		return h.scrub(e)
	}
	mails, err := h.toErase(e.ctx, c)
	if err != nil {
		return err
	}
	if len(mails) == 0 {
		return errors.Join(h.tellOwed(e, c.Address), fmt.Errorf("mail to erase: %w", threads.ErrNotFound))
	}
	if !c.Yes {
		return errors.Join(h.tellErasure(e, mails), h.tellOwed(e, c.Address))
	}
	if strings.TrimSpace(c.Reason) == "" {
		return usagef("say why with --reason TEXT; it stays in the archive, so name no person in it")
	}
	if !c.DespiteRetention {
		if err := h.mayGo(e.ctx, mails, time.Now()); err != nil {
			return err
		}
	}
	erasure := threads.Erasure{Cause: threads.CauseRequest, Reason: c.Reason, By: by}
	if err := h.store.Erase(e.ctx, idsOf(mails), erasure); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s erased\n", count(len(mails), "mail"))
	return h.scrub(e)
}

// openAs opens the archive for an admin: only they may erase mail and hold it.
func (e *env) openAs(login string) (h *house, by string, err error) {
	if h, err = e.open(); err != nil {
		return nil, "", err
	}
	by, err = h.decider(login)
	if err == nil && h.projects().Person(by).Role != "admin" {
		err = usagef("%s is no admin: only admins erase and hold mail", by)
	}
	if err != nil {
		h.close()
	}
	return h, by, err
}

// scrub enters what was erased into its book, and takes what it has left in the
// files of the database.
func (h *house) scrub(e *env) error {
	if err := h.bookErased(e.ctx); err != nil {
		return err
	}
	since, err := h.store.Remnants(e.ctx)
	if err != nil {
		return err
	}
	if since.IsZero() {
		fmt.Fprintln(e.out, "nothing of erased mail is left in the files of the database")
		return nil
	}
	began := time.Now()
	if err := h.store.Scrub(e.ctx); err != nil {
		return fmt.Errorf("the mail is erased, but its bytes may still be in the free space of the database's files; run \"rapport erase\" again: %w", err)
	}
	fmt.Fprintf(e.out, "the files of the database were written anew in %s; backups made before still have the mail\n", time.Since(began).Round(time.Millisecond))
	return nil
}

// toErase is the mail that was named, with its copies.
func (h *house) toErase(ctx context.Context, c *eraseCmd) (mails []threads.Message, err error) {
	for _, id := range c.Mails {
		m, err := h.mail(ctx, id)
		if err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	for _, id := range c.Thread {
		_, all, err := h.thread(ctx, id)
		if err != nil {
			return nil, err
		}
		mails = append(mails, standing(all)...)
	}
	if c.Address != "" {
		all, err := h.store.Written(ctx, c.Address)
		if err != nil {
			return nil, err
		}
		mails = append(mails, all...)
	}
	copies, err := h.copies(ctx, mails)
	if err != nil {
		return nil, err
	}
	mails = append(mails, copies...)
	slices.SortFunc(mails, func(a, b threads.Message) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(mails, func(a, b threads.Message) bool { return a.ID == b.ID }), nil
}

// copies are mails that have come in another way too, and letters of ours as our
// own mailbox got them: they have the same Message-ID and the same author.
func (h *house) copies(ctx context.Context, mails []threads.Message) (out []threads.Message, err error) {
	author := map[string]string{}
	for i := range mails {
		author[mails[i].MessageID] = mails[i].From.Address
	}
	known, err := h.store.KnownIDs(ctx, slices.Sorted(maps.Keys(author)))
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		m, err := h.store.Message(ctx, k.Message)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(m.From.Address, author[k.MessageID]) {
			out = append(out, m)
		}
	}
	return out, nil
}

// tellErasure says what would be erased, and what of it others repeat.
func (h *house) tellErasure(e *env, mails []threads.Message) error {
	items, holds := 0, map[string]threads.Hold{}
	for i := range mails {
		m := &mails[i]
		fmt.Fprintf(e.out, "%s  %s  %s  %s\n", m.ID, m.Received.Format(time.DateOnly), line(m.From.String()), line(m.Subject))
		own, err := h.store.Items(e.ctx, threads.ItemQuery{Message: m.ID})
		if err != nil {
			return err
		}
		items += len(own)
		hold, held, err := h.store.Held(e.ctx, m.Project, m.Thread)
		if err != nil {
			return err
		}
		if held {
			holds[hold.ID] = hold
		}
	}
	fmt.Fprintf(e.out, "%s and %s would be erased; with --yes they are, for good\n", count(len(mails), "mail"), count(items, "item"))
	if err := h.mayGo(e.ctx, mails, time.Now()); err != nil {
		fmt.Fprintf(e.out, "but %v\n", err)
	}
	for _, id := range slices.Sorted(maps.Keys(holds)) {
		fmt.Fprintf(e.out, "but %s holds mail of them: %s\n", id, line(holds[id].Reason))
	}
	return h.tellRepeats(e, mails)
}
