package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/mail"
	"rapport/threads"
)

type threadCmd struct {
	List threadListCmd `cmd:"" help:"List threads, the latest first."`
	Show threadShowCmd `cmd:"" help:"Show a thread with its mails and items."`

	Split threadSplitCmd `cmd:"" help:"Give mails a thread of their own."`
	Merge threadMergeCmd `cmd:"" help:"Join two threads of a project."`
	Move  threadMoveCmd  `cmd:"" help:"Move a thread to another project."`
}

type threadListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	Limit   most   `default:"50" help:"How many at most."`
	JSON    bool   `help:"Print JSON."`
}

func (c *threadListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	all, err := ofProjects(h, c.Project, func(key string) ([]threads.Thread, error) {
		return h.store.Threads(e.ctx, threads.ThreadQuery{Project: key, Limit: int(c.Limit)})
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b threads.Thread) int { return b.Updated.Compare(a.Updated) })
	if c.JSON {
		return printJSON(e.out, all)
	}
	t := table{empty: "No threads.", head: []string{"THREAD", "PROJECT", "UPDATED (UTC)", "MAILS", "OPEN", "SUBJECT"}}
	for _, th := range all {
		t.add(th.ID, th.Project, th.Updated.UTC().Format("2006-01-02 15:04"), fmt.Sprint(th.Messages), fmt.Sprint(th.Open), topicOf(&th))
	}
	t.print(e.out)
	return nil
}

type threadShowCmd struct {
	ID   string `arg:"" help:"The thread's id, or a beginning of it that fits only one."`
	JSON bool   `help:"Print JSON."`
}

// shownThread is a thread as JSON.
type shownThread struct {
	threads.Thread
	Mails []threads.Message `json:"mails"`
	Items []threads.Item    `json:"items"`
}

func (c *threadShowCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	th, mails, err := h.thread(e.ctx, c.ID)
	if err != nil {
		return err
	}
	items, err := h.store.Items(e.ctx, threads.ItemQuery{Thread: th.ID})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.out, shownThread{th, mails, items})
	}
	fmt.Fprintf(e.out, "%s  %s\n%s\n", th.ID, th.Project, line(topicOf(&th)))
	turns := threads.Turns(mails, mail.BaseSubject)
	for _, m := range mails {
		printMail(e, m, items)
		for _, t := range turns {
			if t.Message == m.ID {
				fmt.Fprintf(e.out, "  ⤷ %s; give it a thread of its own with: rapport thread split %s\n", turnWords(t), strings.Join(t.Follow, " "))
			}
		}
	}
	return nil
}

// topicOf is the subject of a thread, or that all of it was erased.
func topicOf(t *threads.Thread) string {
	if t.Erased() {
		return "(erased)"
	}
	return t.Subject
}

// turnWords is why a mail may begin something new.
func turnWords(t threads.Turn) string {
	if t.Quiet == 0 {
		return "its subject says that it is about something else"
	}
	return fmt.Sprintf("another subject, after %s of silence: it may be about something else", count(t.Quiet, "day"))
}

// awayWords is when somebody is away, "" if that is not known.
func awayWords(a *threads.Away) string {
	switch {
	case a == nil:
		return ""
	case a.From != "" && a.Until != "":
		return "away from " + a.From + " until " + a.Until
	case a.Until != "":
		return "away until " + a.Until
	}
	return "back on " + a.Back
}

// senderMark warns of a sender who is not proven.
func senderMark(m *threads.Message) string {
	switch a := m.Authentication; {
	case a == nil || m.Direction == threads.Out:
		return ""
	case a.Verdict == threads.Forged:
		return "  [may be forged]"
	case a.Verdict == threads.Unauthenticated:
		return "  [sender not proven]"
	}
	return ""
}

// printMail writes a mail's new words and the items found in them.
func printMail(e *env, m threads.Message, items []threads.Item) {
	arrow := "←"
	if m.Direction == threads.Out {
		arrow = "→"
	}
	fmt.Fprintf(e.out, "\n%s %s  %s", arrow, m.Date.UTC().Format("2006-01-02 15:04 MST"), line(m.From.String()))
	if m.Erased != nil {
		fmt.Fprintf(e.out, "[erased by %s on %s]  %s\n    %s\n", m.Erased.By, m.Erased.At.Format(time.DateOnly), m.ID, line(m.Erased.Reason))
		return
	}
	if m.Class != threads.ClassPerson {
		fmt.Fprintf(e.out, "  [%s]", m.Class)
	}
	if away := awayWords(m.Away); away != "" {
		fmt.Fprintf(e.out, "  [%s]", away)
	}
	fmt.Fprintf(e.out, "%s  %s\n", senderMark(&m), m.ID)
	text := m.NewText
	if strings.TrimSpace(text) == "" {
		text = m.Text
	}
	fmt.Fprintln(e.out, indent(plain(text), "    "))
	for _, it := range items {
		if it.Message == m.ID {
			fmt.Fprintf(e.out, "  • %s %s, %s: %s\n", it.Label(), it.Kind, it.State, line(it.Text))
		}
	}
}
