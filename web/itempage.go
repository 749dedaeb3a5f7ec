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
	if wrong != nil {
		page.Form = answerForm{*wrong, true}
	}
	return v.render(status, "item", page)
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
