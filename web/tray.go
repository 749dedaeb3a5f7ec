package web

import (
	"fmt"
	"net/http"

	"rapport/threads"
)

// trayShown bounds the page of the tray.
const trayShown = 100

type trayPage struct {
	Page
	Mails []trayLine
	More  bool
}

// trayLine is a mail that is not filed.
type trayLine struct {
	threads.Message
	URL      string
	When     moment
	Preview  string
	Proposal *threads.Project
	Sorting  sorting
}

func (v *visit) tray() error {
	mails, err := v.archive.Tray(v.Context(), trayShown+1)
	if err != nil {
		return fmt.Errorf("read the tray: %w", err)
	}
	page := trayPage{Page: v.page(v.lang.t("tray.title"), "tray"), More: len(mails) > trayShown}
	page.Zone = "UTC"
	for _, m := range mails[:min(len(mails), trayShown)] {
		line := trayLine{Message: m, URL: "/m/" + m.ID, When: v.at(m.Received, v.zone(""))}
		line.Sorting = v.sorting(&m)
		text := m.NewText
		if text == "" {
			text = m.Text
		}
		line.Preview, _ = clip(text, 280)
		if m.Tray != nil && m.Tray.Proposal != "" {
			line.Proposal = v.dir.Project(m.Tray.Proposal)
		}
		page.Mails = append(page.Mails, line)
	}
	return v.render(http.StatusOK, "tray", page)
}
