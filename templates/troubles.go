package templates

import _ "embed"

//go:embed troubles.tsv
var troubles []byte

// Troubles are the words for what keeps mail from coming or going, in the form of
// words.tsv, without its first line: letters and pages tell it alike.
func Troubles() []byte { return troubles }
