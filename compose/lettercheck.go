package compose

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is the longest line of a mail without its line end, RFC 5322 section 2.1.1.
const maxLine = 998

var (
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
	mediaType   = regexp.MustCompile(`^[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}$`)
	contentID   = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]+@[A-Za-z0-9.-]+$`)
	headerWord  = regexp.MustCompile(`^[!-~]{1,200}$`)
	messageID   = regexp.MustCompile(`^[!-;=?-~]+@[!-;=?-~]+$`) // printable ASCII without < and >
)

// headerWords cleans text for a header. Line ends and NUL are refused, because
// whoever can write one writes headers of his own; the same goes for every
// other control character. Runs of white space become one blank: go-mail folds
// at blanks and would fold a run into an empty line, which ends the header.
func headerWords(what, s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("the %s is not valid UTF-8", what)
	}
	for _, r := range s {
		if r == '\t' || !unicode.IsControl(r) && r != '\u2028' && r != '\u2029' {
			continue
		}
		return "", fmt.Errorf("the %s %q has the control character %U; take it out", what, s, r)
	}
	return strings.Join(strings.Fields(s), " "), nil
}

// checkWords refuses a report that cannot be written as a mail.
func checkWords(r *Rendered, in LetterInput) error {
	subject, err := headerWords("subject", r.Subject)
	switch {
	case err != nil:
		return err
	case subject == "":
		return errors.New("it has no subject")
	case strings.TrimSpace(r.Text) == "":
		return errors.New("it has no text")
	case !utf8.ValidString(r.Text) || !utf8.ValidString(r.HTML):
		return errors.New("its text is not valid UTF-8")
	case strings.IndexByte(r.Text, 0) >= 0 || strings.IndexByte(r.HTML, 0) >= 0:
		return errors.New("its text has a NUL character")
	}
	for _, tag := range tagsOf(r) {
		if tag != "" && !languageTag.MatchString(tag) {
			return fmt.Errorf("%q is no language tag; write it as en or zh", tag)
		}
	}
	for _, p := range in.Series {
		if !messageID.MatchString(p.MessageID) {
			return fmt.Errorf("%q is no Message-ID of an earlier report", p.MessageID)
		}
	}
	for _, word := range in.Checkpoint {
		if !headerWord.MatchString(word) {
			return fmt.Errorf("%q is no word of a checkpoint", word)
		}
	}
	return checkFiles(r, in.Limit)
}

// checkFiles refuses attachments that would be lost or do harm on the way. It
// adds up their sizes before anything is encoded, since a file in the making
// takes several times its size in memory.
func checkFiles(r *Rendered, limit int) error {
	total, ids := 0, map[string]bool{}
	for _, f := range r.Files {
		name, err := headerWords("name of the attachment", f.Name)
		switch {
		case err != nil:
			return err
		case name == "":
			return errors.New("an attachment has no name")
		case strings.ContainsAny(name, `/\`) || name == "." || name == "..":
			return fmt.Errorf("attachment %q: its name must have no path", name)
		case !mediaType.MatchString(f.Type):
			return fmt.Errorf("attachment %s: %q is no media type", name, f.Type)
		case len(f.Body) == 0:
			return fmt.Errorf("attachment %s is empty or missing", name)
		case f.ContentID != "" && (!contentID.MatchString(f.ContentID) || ids[f.ContentID]):
			return fmt.Errorf("picture %s: %q is no Content-ID or is used twice", name, f.ContentID)
		case f.ContentID != "" && r.HTML == "":
			return fmt.Errorf("picture %s has no HTML that shows it", name)
		}
		ids[f.ContentID] = f.ContentID != ""
		total += encodedSize(len(f.Body))
		if total > limit {
			return fmt.Errorf("with attachment %s it would be larger than %d MB, and servers refuse that; send a link instead", name, limit>>20)
		}
	}
	return nil
}

// encodedSize is the size of n bytes in base64 with lines of 76 characters.
func encodedSize(n int) int {
	chars := (n + 2) / 3 * 4
	return chars + (chars+75)/76*2
}

// checkBytes is the last look at a finished letter: its size, its lines, and
// that nothing but CRLF ends them (a bare CR or LF is how mail is smuggled).
func checkBytes(raw []byte, limit int) error {
	if len(raw) > limit {
		return fmt.Errorf("it has %d bytes, and the limit is %d", len(raw), limit)
	}
	for n, rest := 1, raw; len(rest) > 0; n++ {
		line, after, found := bytes.Cut(rest, []byte("\r\n"))
		switch {
		case !found:
			return errors.New("its last line has no end")
		case len(line) > maxLine:
			return fmt.Errorf("line %d of the mail has %d characters, and mail allows %d: %.40q…", n, len(line), maxLine, line)
		case bytes.ContainsAny(line, "\r\n\x00"):
			return fmt.Errorf("line %d of the mail has a bare CR, LF or NUL", n)
		}
		rest = after
	}
	return nil
}
