package compose

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The mail of checkpoints, as it is read.
func TestCheckpointMails(t *testing.T) {
	at := time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC)
	for name, c := range map[string]CheckpointMail{
		"checkpoint.first.en": {Language: "en", At: at, Lines: 1234, Accesses: 88},
		"checkpoint.grown.zh": {Language: "zh", At: at, Lines: 1234, Accesses: 88, Before: 1200, Pages: "https://rapport.northlight.example/"},
		"checkpoint.grown.en": {Language: "en", At: at, Lines: 1234, Accesses: 88, Before: 1200, Pages: "https://rapport.northlight.example"},
		"checkpoint.quiet.en": {Language: "en", At: at, Lines: 1234, Accesses: 88, Before: 1234, Quiet: true},
	} {
		c.Signed = []byte("northlight.example/log\n1234\n")
		n := c.Notice()
		r := renderNotice(&n, "Northlight Studio", nil, 2026)
		golden(t, filepath.Join("testdata", "notices", name+".txt"), n.Subject+"\n\n"+r.Text)
		for line := range strings.Lines(r.Text) {
			if displayWidth(strings.TrimRight(line, "\n")) > textColumns {
				t.Errorf("%s has a line of more than %d columns: %q", name, textColumns, line)
			}
		}
		if len(r.Files) != 1 || string(r.Files[0].Body) != string(c.Signed) {
			t.Errorf("%s: the checkpoints are not attached as they were signed", name)
		}
	}
}
