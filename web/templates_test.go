package web

import (
	"slices"
	"testing"

	"github.com/jba/templatecheck"

	"rapport/templates"
)

// pageData is what each page's template is given.
var pageData = map[string]any{
	"overview": overviewPage{}, "project": projectPage{}, "items": itemsPage{}, "item": itemPage{}, "thread": threadPage{},
	"message": messagePage{}, "erased": messagePage{}, "source": sourcePage{}, "report": reportPage{}, "search": &searchPage{}, "tray": trayPage{},
	"mailboxes": mailboxesPage{}, "log": logPage{}, "access": accessPage{}, "signin": signInPage{}, "link": linkPage{}, "error": errorPage{}, "frame": framePage{},
}

func TestTemplatesFitTheirData(t *testing.T) {
	languages, err := newLanguages(templates.Pages())
	if err != nil {
		t.Fatal(err)
	}
	if len(pageData) != len(pageNames) {
		t.Errorf("%d pages have data, %d have a name", len(pageData), len(pageNames))
	}
	for name, data := range pageData {
		if !slices.Contains(pageNames, name) {
			t.Errorf("no page is named %s", name)
			continue
		}
		page := languages[0].pages[name].Lookup("layout")
		if name == "frame" {
			page = languages[0].pages[name].Lookup("frame.html")
		}
		if err := templatecheck.CheckHTML(page, data); err != nil {
			t.Errorf("page %s: %v", name, err)
		}
	}
}
