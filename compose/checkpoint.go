package compose

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// CheckpointMail brings auditors the signed heads of the logs, for keeping.
type CheckpointMail struct {
	Language string
	At       time.Time // in the zone in which it is to be shown
	Lines    int64     // of the log
	Accesses int64     // lines of the log of accesses
	Before   int64     // lines of the log in the mail before; 0 if there was none
	Quiet    bool      // nothing has happened since then
	Pages    string    // where the pages are, "" if nobody can open them from elsewhere
	Signed   []byte    // the checkpoints, as they were signed
}

// Notice is the mail, in plain words; the checkpoints are attached, since the
// lines of a mail's text do not stay as they are.
func (c *CheckpointMail) Notice() threads.Notice {
	w := wordsOf(c.Language, c.At.Year())
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	var b strings.Builder
	put := func(format, key string, with ...string) { fmt.Fprintf(&b, format, Escaped(w.say(key, with...))) }
	put("# %s\n\n", "checkpoint.title", w.day(c.At.Format(time.DateOnly)))
	switch {
	case c.Quiet:
		put("%s\n\n", "checkpoint.quiet", number(c.Lines), number(c.Accesses))
	case c.Before > 0:
		put("%s\n\n", "checkpoint.grown", number(c.Lines), number(c.Lines-c.Before), number(c.Accesses))
	default:
		put("%s\n\n", "checkpoint.lines", number(c.Lines), number(c.Accesses))
	}
	put("%s\n\n", "checkpoint.keep")
	put("%s\n\n", "checkpoint.check")
	b.WriteString("- `rapport verify --key PUBLIC.txt --checkpoint MAIL.eml`\n")
	if c.Pages != "" {
		put("\n%s\n\n", "checkpoint.watch")
		fmt.Fprintf(&b, "- `rapport witness pull %s/log --key-file WITNESS.key --log PUBLIC.txt --state SEEN`\n", strings.TrimSuffix(c.Pages, "/"))
	}
	put("\n%s\n", "checkpoint.absent")
	return threads.Notice{Kind: threads.NoticeCheckpoint, Language: c.Language, Body: b.String(), Signed: c.Signed,
		Subject: w.say("checkpoint.subject", w.day(c.At.Format(time.DateOnly)), number(c.Lines))}
}
