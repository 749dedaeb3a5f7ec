package templates

import (
	"embed"
	"io/fs"
)

//go:embed letters
var letters embed.FS

// Letters are the words that a letter adds to the manager's own: words.tsv with
// one line per word, its key first, then one column per language.
func Letters() fs.FS {
	sub, err := fs.Sub(letters, "letters")
	if err != nil {
		panic("templates: " + err.Error()) // the folder is embedded above
	}
	return sub
}
