package mail_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"

	"rapport/mail"
)

// leaf is a part without parts, as another reader of mail sees it.
type leaf struct{ Path, Type, SHA string }

// broken are the fixtures that readers disagree on, and should: the others
// leave out what is broken. S/MIME and uuencode they do not open.
func broken(path string) bool {
	folder, name := filepath.Base(filepath.Dir(path)), strings.TrimSuffix(filepath.Base(path), ".eml")
	return folder == "broken" || slices.Contains([]string{"structure/partial-external", "structure/digest", "empty/attached-in-base64", "empty/zero-bytes-header-only"}, folder+"/"+name)
}

// TestOtherReadersSeeTheSameParts holds the structure of the fixtures that are
// not broken against go-message and Python's email package: the same leaves
// under the same numbers, with the same bytes.
func TestOtherReadersSeeTheSameParts(t *testing.T) {
	paths, err := filepath.Glob("../ingest/testdata/mails/*/*.eml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	paths = slices.DeleteFunc(paths, broken)
	python := pythonLeaves(t, paths)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := mail.Parse(raw, mail.Limits{})
		compareLeaves(t, path+" (go-message)", m, goLeaves(t, raw))
		if python != nil {
			compareLeaves(t, path+" (Python)", m, python[path])
		}
	}
}

// compareLeaves: every part of ours that is not inside of a file is a leaf of
// the other reader, with the same bytes, and its other leaves are body text.
func compareLeaves(t *testing.T, where string, m *mail.Message, leaves []leaf) {
	t.Helper()
	ours := map[string]string{}
	for _, p := range m.Parts {
		ours[p.Path] = p.SHA256
	}
	for _, l := range leaves {
		sha, ok := ours[l.Path]
		switch {
		case ok && sha != l.SHA && !strings.HasPrefix(l.Type, "message/"):
			t.Errorf("%s: part %s (%s) has other bytes", where, l.Path, l.Type)
		case !ok && !strings.HasPrefix(l.Type, "text/"):
			t.Errorf("%s: part %s (%s) is missing", where, l.Path, l.Type)
		}
		delete(ours, l.Path)
	}
	for path := range ours {
		if !slices.ContainsFunc(leaves, func(l leaf) bool { return strings.HasPrefix(path, l.Path+".") }) {
			t.Errorf("%s: part %s is no part there", where, path)
		}
	}
}

func goLeaves(t *testing.T, raw []byte) []leaf {
	t.Helper()
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil {
		t.Fatal(err)
	}
	var all []leaf
	var walk func(e *message.Entity, path string)
	walk = func(e *message.Entity, path string) {
		if parts := e.MultipartReader(); parts != nil {
			for i := 1; ; i++ {
				child, err := parts.NextPart()
				if child == nil {
					if err != io.EOF {
						t.Errorf("go-message: %v", err)
					}
					return
				}
				walk(child, strings.TrimPrefix(fmt.Sprintf("%s.%d", path, i), "."))
			}
		}
		kind, _, _ := e.Header.ContentType()
		hash := sha256.New()
		if _, err := io.Copy(hash, e.Body); err != nil {
			t.Errorf("go-message: %v", err)
		}
		all = append(all, leaf{orFirst(path), kind, hex.EncodeToString(hash.Sum(nil))})
	}
	message.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	walk(e, "")
	return all
}

func orFirst(path string) string {
	if path == "" {
		return "1"
	}
	return path
}

// reader prints the leaves of mails as JSON.
const reader = `
import email, hashlib, json, sys
out = {}
def walk(m, path, leaves):
    if m.get_content_maintype() == "multipart":
        for i, part in enumerate(m.get_payload()):
            walk(part, (path + "." if path else "") + str(i + 1), leaves)
        return
    body = b"" if m.get_content_maintype() == "message" else m.get_payload(decode=True)
    leaves.append({"Path": path or "1", "Type": m.get_content_type(), "SHA": hashlib.sha256(body).hexdigest()})
for path in sys.stdin.read().split("\n"):
    leaves = out[path] = []
    walk(email.message_from_bytes(open(path, "rb").read()), "", leaves)
json.dump(out, sys.stdout)
`

func pythonLeaves(t *testing.T, paths []string) map[string][]leaf {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is missing: apt-get install python3-minimal")
		}
		t.Log("python3 is missing (Debian: python3-minimal): go-message alone is asked")
		return nil
	}
	cmd := exec.Command(python, "-c", reader)
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	leaves := map[string][]leaf{}
	if err := json.Unmarshal(out, &leaves); err != nil {
		t.Fatal(err)
	}
	return leaves
}
