package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// errForm says that a form lacks something.
var errForm = errors.New("the form is not complete")

// made leads back with word of a change.
func (v *visit) made(c threads.Change, err error) error {
	if err != nil {
		return err
	}
	v.s.log.Info("web.changed", "kind", string(c.Kind), "change", c.ID, "by", v.act.Login)
	return v.back(c.ID)
}

func (v *visit) undo() error {
	c, err := v.archive.ChangeOf(v.Context(), v.PathValue("change"))
	if err != nil {
		return err
	}
	return v.made(v.s.writer.Undo(v.Context(), c.ID, v.act.Login))
}

// decideItem corrects an item, or answers it.
func (v *visit) decideItem() error {
	i, err := v.namedItem()
	if err != nil {
		return err
	}
	c := threads.Correction{Step: threads.CorrectRead, Item: i.ID, By: v.act.Login}
	switch step := v.PostFormValue("step"); step {
	case "answer":
		return v.answer(i)
	case string(threads.CorrectDismiss), string(threads.CorrectReturn):
		c.Step = threads.CorrectionStep(step)
	case "", string(threads.CorrectRead):
		if err := v.reading(&c); err != nil {
			return err
		}
	default:
		return errForm
	}
	return v.made(v.s.writer.Correct(v.Context(), c))
}

// reading takes what the form says of an item into a correction.
func (v *visit) reading(c *threads.Correction) error {
	c.Kind, c.Facet = threads.Kind(v.PostFormValue("kind")), threads.Facet(v.PostFormValue("facet"))
	if c.Kind != "" && !slices.Contains(threads.Kinds, c.Kind) || c.Facet != "" && !slices.Contains(facets, c.Facet) {
		return errForm
	}
	if v.PostForm.Has("due") { // the whole form
		day, urgent := v.PostFormValue("due"), v.PostFormValue("urgent") != ""
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return errForm
		}
		c.Due, c.Urgent = &day, &urgent
	}
	return nil
}

// facets in the order in which they are shown.
var facets = []threads.Facet{threads.Business, threads.Technical, threads.Schedule, threads.Budget, threads.NoFacet}

// answer keeps our word on an item. What a client could not read is shown
// again, with what it lacks.
func (v *visit) answer(i threads.Item) error {
	a := threads.Answer{
		Item: i.ID, Word: threads.Word(v.PostFormValue("word")), Reason: strings.TrimSpace(v.PostFormValue("reason")),
		Next: strings.TrimSpace(v.PostFormValue("next")), Date: v.PostFormValue("date"), By: v.act.Login,
	}
	if a.Check() != nil {
		return v.showItem(i, &a, http.StatusUnprocessableEntity)
	}
	if _, err := v.s.writer.AnswerItem(v.Context(), a); err != nil {
		return err
	}
	return v.back(string(threads.Answered))
}

// decideMail sorts a mail of the tray, or makes words of a mail an item.
func (v *visit) decideMail() error {
	m, err := v.archive.Message(v.Context(), v.PathValue("message"))
	if err != nil {
		return fmt.Errorf("read message %s: %w", v.PathValue("message"), err)
	}
	by, project := v.act.Login, v.PostFormValue("project")
	step := v.PostFormValue("step")
	if (step == "file" || step == "contact") && v.dir.Project(project) == nil {
		return errForm
	}
	switch step {
	case "file":
		return v.made(v.s.writer.FileMail(v.Context(), by, m.ID, project, v.PostFormValue("pass-on") != ""))
	case "contact":
		return v.made(v.s.writer.AddContact(v.Context(), by, m.ID, project))
	case "dismiss":
		return v.made(v.s.writer.NotOurs(v.Context(), by, m.ID))
	case "reread":
		return v.made(v.s.writer.ReadAgain(v.Context(), by, m.ID))
	case "split":
		return v.made(v.s.writer.Split(v.Context(), by, m.ID))
	case "add":
		return v.add(m)
	}
	return errForm
}

// add makes a sentence of a mail an item.
func (v *visit) add(m threads.Message) error {
	from, to, ok := strings.Cut(v.PostFormValue("sentence"), "-")
	start, err := strconv.Atoi(from)
	end, err2 := strconv.Atoi(to)
	c := threads.Correction{Step: threads.CorrectAdd, Message: m.ID, Start: start, End: end, By: v.act.Login}
	if !ok || err != nil || err2 != nil || start < 0 || end <= start || end > len(m.NewText) {
		return errForm
	}
	if err := v.reading(&c); err != nil {
		return err
	}
	if c.Kind == "" {
		return errForm
	}
	return v.made(v.s.writer.Correct(v.Context(), c))
}
