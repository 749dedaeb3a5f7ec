package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// Print is the fingerprint of a preview: the moment that its letters bear as
// their Date, the checkpoint in their header, and one SHA-256 over all their
// bytes. Whoever has the draft and the print can build the same letters again,
// which is how an approval is held to exactly what was looked at.
type Print struct {
	At    time.Time
	Lines int64  // of the log, as the checkpoint says; 0 if there is none
	SHA   string // hex
}

const printTime = "20060102T150405Z"

// printLetters takes the print of letters written at that moment.
func printLetters(at time.Time, lines int64, letters []threads.Letter) Print {
	h := sha256.New()
	for _, l := range letters {
		fmt.Fprintf(h, "%s %s\n", l.SHA, l.Recipient.Address)
	}
	return Print{At: at.UTC().Truncate(time.Second), Lines: lines, SHA: hex.EncodeToString(h.Sum(nil))}
}

// String is the print as people copy it: "20261127T150000Z-5f3a…", or
// "20261127T150000Z.1200-5f3a…" with a checkpoint of 1,200 lines.
func (p Print) String() string {
	at := p.At.UTC().Format(printTime)
	if p.Lines > 0 {
		at += "." + strconv.FormatInt(p.Lines, 10)
	}
	return at + "-" + p.SHA
}

// shortest is the least of a print's hash that names it: 64 bits.
const shortest = 16

// ParsePrint reads a print, or one whose hash was shortened to its first 16
// digits or more.
func ParsePrint(s string) (Print, error) {
	at, sha, _ := strings.Cut(strings.TrimSpace(s), "-")
	at, count, counted := strings.Cut(at, ".")
	when, err := time.Parse(printTime, at)
	var lines int64
	if counted && err == nil {
		lines, err = strconv.ParseInt(count, 10, 64)
	}
	sha = strings.ToLower(sha)
	if err != nil || len(sha) < shortest || len(sha) > 2*sha256.Size || strings.Trim(sha, "0123456789abcdef") != "" {
		return Print{}, fmt.Errorf("%q is no fingerprint of a preview; copy it from the preview, it looks like %s-5f3a…", s, printTime)
	}
	return Print{At: when, Lines: max(lines, 0), SHA: sha}, nil
}

// fits reports whether the print is the other one, which may be shortened.
func (p Print) fits(wanted Print) bool {
	return p.At.Equal(wanted.At) && len(wanted.SHA) >= shortest && strings.HasPrefix(p.SHA, wanted.SHA)
}
