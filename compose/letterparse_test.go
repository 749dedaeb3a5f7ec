package compose

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message/mail"

	"rapport/internal/servers"
	"rapport/mail"
	"rapport/threads"
)

// parsed are letters of every make, and all sample letters.
func parsed(t testing.TB) map[string]*Rendered {
	all := map[string]*Rendered{
		"weekly": weekly(), "chinese": chinese(), "tiny": tiny(),
		"picture only": without(weekly(), "application/pdf", "text/csv"),
		"file only":    without(weekly(), "image/png"),
		"text only":    textOnly(without(weekly(), "image/png")),
		"awkward":      awkward(),
	}
	for name, r := range sampleLetters(t) {
		all["sample "+name] = r
	}
	return all
}

// awkward is a letter whose text looks like the bones of a mail.
func awkward() *Rendered {
	r := weekly()
	r.Text = "From the start:\n.\n..\n--=_x\n\nContent-Type: text/plain\n\nboundary=" + strings.Repeat("0123456789", 6) +
		"\n" + strings.Repeat("very long ", 300) + "\ntrailing blank \n=3D =\n\t\n"
	r.HTML = "<p>.\n" + strings.Repeat("long ", 400) + "</p>\n<p>=</p>\n"
	r.Files[1].Name = strings.Repeat("很长的名字", 12) + `"quoted" 100%.pdf`
	r.Files[2].Name = "a;b=c'd.csv"
	return r
}

func TestOurOwnReaderFindsWhatWasWritten(t *testing.T) {
	for name, r := range parsed(t) {
		raw := mustLetters(t, r, inSeries(t, 3))[0].Raw
		m := mail.Parse(raw, mail.Limits{})
		if len(m.Faults) > 0 {
			t.Errorf("%s: faults %v", name, m.Faults)
		}
		if m.Subject != r.Subject || m.Text != asRead(r.Text) && strings.TrimSpace(m.Text) != strings.TrimSpace(asRead(r.Text)) {
			t.Errorf("%s: subject %q, text %q", name, m.Subject, m.Text)
		}
		if got := strings.TrimSpace(strings.ReplaceAll(m.HTML, "\r\n", "\n")); got != strings.TrimSpace(r.ReplyVia(m.ReplyTo[0].Address)) {
			t.Errorf("%s: HTML %q", name, got)
		}
		if len(m.To) != len(r.To) || m.To[0].Name != r.To[0].Name || m.To[0].Address != r.To[0].Address || len(m.Cc) != len(r.Cc) {
			t.Errorf("%s: to %v", name, m.To)
		}
		if len(m.References) != 4 || len(m.InReplyTo) != 1 || !m.Date.Equal(friday) {
			t.Errorf("%s: references %v, date %v", name, m.References, m.Date)
		}
		if v := mail.Classify(m); v.Class != "person" {
			t.Errorf("%s: our letter is taken for %s mail: %s", name, v.Class, v.Reason)
		}
		want := attachments(r)
		if len(m.Parts) != len(want) {
			t.Fatalf("%s: %d parts, want %d", name, len(m.Parts), len(want))
		}
		for _, p := range m.Parts {
			at := slices.IndexFunc(want, func(a threads.Attachment) bool { return a.Part == p.Path })
			if at < 0 {
				t.Errorf("%s: part %s is not listed in the filing", name, p.Path)
				continue
			}
			if w := want[at]; p.SHA256 != w.SHA256 || p.Type != w.Type || p.ContentID != w.ContentID {
				t.Errorf("%s: part %s is %s %s, filed as %+v", name, p.Path, p.Type, p.Name, w)
			}
		}
	}
}

// asRead is text as a reader has it: one kind of line end.
func asRead(text string) string { return strings.TrimRight(text, "\n") + "\n" }

func TestGoMessageFindsWhatWasWritten(t *testing.T) {
	for name, r := range parsed(t) {
		reader, err := gomessage.CreateReader(bytes.NewReader(mustLetters(t, r, inSeries(t, 1))[0].Raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if subject, err := reader.Header.Subject(); err != nil || subject != r.Subject {
			t.Errorf("%s: subject %q, %v", name, subject, err)
		}
		to, err := reader.Header.AddressList("To")
		if err != nil || len(to) != len(r.To) || to[0].Name != r.To[0].Name {
			t.Errorf("%s: to %v, %v", name, to, err)
		}
		var texts, names []string
		for {
			p, err := reader.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			body, err := io.ReadAll(p.Body)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch h := p.Header.(type) {
			case *gomessage.InlineHeader:
				if kind, _, _ := h.ContentType(); strings.HasPrefix(kind, "text/") {
					texts = append(texts, strings.ReplaceAll(string(body), "\r\n", "\n"))
				}
			case *gomessage.AttachmentHeader:
				file, err := h.Filename()
				if err != nil {
					t.Errorf("%s: file name: %v", name, err)
				}
				names = append(names, file)
			}
		}
		if len(texts) == 0 || texts[0] != asRead(r.Text) {
			t.Errorf("%s: text %q", name, texts)
		}
		for _, f := range r.Files {
			if f.ContentID == "" && !slices.Contains(names, f.Name) {
				t.Errorf("%s: no file %q in %q", name, f.Name, names)
			}
		}
	}
}

// defects prints what Python's email package thinks is wrong with the mails
// that are named, and the names of their files.
const defects = `
import email, email.policy, sys
for path in sys.argv[1:]:
    m = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
    for part in m.walk():
        for d in part.defects: print(path, part.get_content_type(), repr(d))
        for name, value in part.items():
            for d in getattr(value, "defects", ()): print(path, name, repr(d))
        if part.get_content_maintype() != "multipart": part.get_content()
        if part.get_filename(): print("file", part.get_filename())
`

func TestPythonFindsNoDefect(t *testing.T) {
	python := servers.Program(t, "python3", "python3")
	args, want := []string{"-X", "utf8", "-c", defects}, []string{}
	dir := t.TempDir()
	for name, r := range parsed(t) {
		in := inSeries(t, 30)
		in.Sign = signers().keys
		path := filepath.Join(dir, name+".eml")
		if err := os.WriteFile(path, mustLetters(t, r, in)[0].Raw, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
		for _, f := range r.Files {
			want = append(want, "file "+f.Name)
		}
	}
	out, err := exec.Command(python, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("Python says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
