package templates

import (
	"embed"
	"io/fs"
)

//go:embed skeletons
var skeletons embed.FS

// Skeletons are the drafts that a manager begins with, one per language:
// report.en.md, report.zh.md. They are text/template files.
func Skeletons() fs.FS {
	sub, err := fs.Sub(skeletons, "skeletons")
	if err != nil {
		panic("templates: " + err.Error()) // the folder is embedded above
	}
	return sub
}
