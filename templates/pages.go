package templates

import (
	"embed"
	"io/fs"
)

//go:embed pages
var pages embed.FS

// Pages are the pages of the web room: one HTML template per page, layout.html
// and parts.html around them, the style sheet, the icon, and words.tsv with
// every word that is shown, English and Chinese side by side.
func Pages() fs.FS {
	sub, err := fs.Sub(pages, "pages")
	if err != nil {
		panic("templates: " + err.Error()) // the folder is embedded above
	}
	return sub
}
