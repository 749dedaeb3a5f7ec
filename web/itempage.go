package web

import (
	"errors"
	"fmt"
	"net/http"

	"rapport/threads"
)

// itemPage is one thing that a client said, with all that is known of it.
type itemPage struct {
	Page
	Item  itemView
	Mail  mailView // the mail that it is in, with only its own words marked
	Point string   // the words of ours that it answers
	Form  answerForm

	Earlier []itemView // the item with each answer that counts no longer, the first in front
	Changes []changeView
	Lines   []logLine // what the log says of it
	Bundle  string    // address of its mail with the proof of it, "" where nothing is signed
}

// answerForm is an answer on its way.
type answerForm struct {
	threads.Answer
	Wrong bool // it lacks something
}

func (v *visit) item() error {
	i, err := v.namedItem()
	if err != nil {
		return err
	}
	return v.showItem(i, nil, http.StatusOK)
}

// namedItem is the item that the address names.
func (v *visit) namedItem() (threads.Item, error) {
	project, label := v.PathValue("project"), v.PathValue("label")
	number, err := threads.ParseLabel(label)
	if err != nil {
		return threads.Item{}, fmt.Errorf("%w: %w", threads.ErrNotFound, err)
	}
	i, err := v.archive.Item(v.Context(), project, number)
	if err != nil {
		return i, fmt.Errorf("read item %s of %s: %w", label, project, err)
	}
	return i, nil
}

// showItem is the page of an item; wrong is an answer that lacks something.
func (v *visit) showItem(i threads.Item, wrong *threads.Answer, status int) error {
	m, err := v.archive.Message(v.Context(), i.Message)
	if err != nil {
		return fmt.Errorf("read the mail of item %s of %s: %w", i.Label(), i.Project, err)
	}
	title := v.lang.word("kind", i.Kind) + " " + i.Label()
	page := itemPage{Page: v.page(title, "items", v.projectCrumb(i.Project), crumb{v.lang.t("items.title"), "/p/" + i.Project + "/items"}), Item: v.itemView(i)}
	page.Zone = v.zone(i.Project).String()
	page.Mail = v.mailView(&m, []threads.Item{i}, nil, messageLimits)
	if page.Point, err = v.point(&i); err != nil {
		return err
	}
	if err := v.itemHistory(&page, i); err != nil {
		return err
	}
	if v.s.bundle != nil {
		page.Bundle = page.Mail.URL + "/bundle"
	}
	if wrong != nil {
		page.Form = answerForm{*wrong, true}
	}
	return v.render(status, "item", page)
}

// itemHistory tells on the page what became of an item.
func (v *visit) itemHistory(page *itemPage, i threads.Item) error {
	h, err := v.archive.ItemHistory(v.Context(), i.ID)
	if err != nil {
		return err
	}
	for _, a := range h.Answers {
		if i.Answer != nil && a == *i.Answer {
			continue
		}
		was := i
		was.Answer = &a
		page.Earlier = append(page.Earlier, v.itemView(was))
	}
	page.Changes = v.changeViews(h.Changes, i.Project)
	for _, l := range h.Lines {
		page.Lines = append(page.Lines, v.logLine(l))
	}
	return nil
}

// point is the text of the report point that an item answers, "" if none is known.
func (v *visit) point(i *threads.Item) (string, error) {
	if i.Report == "" || i.Point == "" {
		return "", nil
	}
	r, err := v.archive.Report(v.Context(), i.Report)
	if errors.Is(err, threads.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read report %s: %w", i.Report, err)
	}
	for _, p := range r.Points {
		if p.ID == i.Point {
			return p.Text, nil
		}
	}
	return "", nil
}
