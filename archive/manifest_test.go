package archive_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/archive"
)

// edited is a bundle that somebody with the key has written anew, as a bundle is
// written, but with another list or other files.
func (w *world) edited(bundle []byte, edit func(manifest string) string, drop ...string) []byte {
	w.t.Helper()
	return w.rewritten(bundle, nil, edit, drop...)
}

// rewritten has also another file in place of one.
func (w *world) rewritten(bundle []byte, other *file, edit func(manifest string) string, drop ...string) []byte {
	w.t.Helper()
	var out bytes.Buffer
	z, made := zip.NewWriter(&out), listOf(w.t, bundle).Made
	var signed []byte
	for _, f := range unzip(w.t, bundle) {
		if slices.Contains(drop, f.name) {
			continue
		}
		if other != nil && f.name == other.name {
			f = *other
		}
		if f.name == "manifest.json" {
			manifest := edit(string(f.content))
			if manifest == string(f.content) {
				w.t.Fatal("nothing was edited")
			}
			f.content = []byte(manifest)
			var err error
			signed, err = w.key.SignBundle(fmt.Sprintf("%x", sha256.Sum256(f.content)))
			w.must(err)
		}
		if f.name == "bundle.note" {
			f.content = signed
		}
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store, Modified: made})
		w.must(err)
		part.Write(f.content)
	}
	w.must(z.Close())
	return out.Bytes()
}

// What Pack writes is what archive/zip writes; so the tests can write bundles too.
func TestTheZipFileIsThatOfTheLibrary(t *testing.T) {
	w := newWorld(t).fill()
	bundle := w.bundle()
	note := ""
	again := w.edited(bundle, func(manifest string) string { note = manifest; return manifest + " " })
	again = w.edited(again, func(string) string { return note })
	if !bytes.Equal(again, bundle) {
		t.Error("they differ")
	}
}

// A list that its writer has signed is still refused if it is written otherwise,
// or shows what it does not prove.
func TestAListIsWrittenInOneWay(t *testing.T) {
	w := newWorld(t).fill()
	bundle := w.bundle()
	with := func(old, new string) []byte {
		return w.edited(bundle, func(m string) string { return strings.Replace(m, old, new, 1) })
	}
	pattern := func(pattern, new string) []byte {
		return w.edited(bundle, func(m string) string {
			at := regexp.MustCompile(pattern).FindStringSubmatchIndex(m)
			if at == nil {
				t.Fatalf("%s is not there", pattern)
			}
			return m[:at[2]] + new + m[at[3]:]
		})
	}
	files := unzip(t, bundle)
	other := func(name, old, new string) []byte { // a file that its writer has changed, with its hash in the list
		for _, f := range files {
			if f.name == name {
				changed := file{name, bytes.Replace(f.content, []byte(old), []byte(new), 1)}
				sum := func(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }
				return w.rewritten(bundle, &changed, func(m string) string { return strings.Replace(m, sum(f.content), sum(changed.content), 1) })
			}
		}
		t.Fatalf("no %s", name)
		return nil
	}
	// The page is made of the list, so only who can make it anew can tell.
	page := other("index.html", "logo bigger", "logo smaller")
	if err := goVerify(page, w.public()); err == nil || !strings.HasPrefix(err.Error(), "index.html: ") {
		t.Errorf("a changed page is refused with %v", err)
	}
	older := with(`"page":"`, `"page":"0`)
	later, err := (&archive.BundleCheck{Key: w.public(), Attachments: attachments}).Run(bytes.NewReader(older), int64(len(older)))
	if err != nil || later.PageCompared {
		t.Errorf("a page of another version is refused, or taken for compared: %v", err)
	}
	account := ""
	for _, f := range files {
		if strings.Contains(f.name, "mailbox.coverage") {
			account = f.name
		}
	}
	refused(t, w, []variant{
		{"a section twice", "manifest.json:", with("\"uncovered\":[\n],\n", "\"uncovered\":[\n],\n\"uncovered\":[\n],\n")},
		{"no section", "manifest.json:", with("\"uncovered\":[\n],\n", "")},
		{"a name twice", "manifest.json:", with(`{"v":3,`, `{"v":3,"v":3,`)},
		{"a comma too many", "manifest.json:", with("\"uncovered\":[\n]", "\"uncovered\":[\n,\n]")},
		{"something behind it", "manifest.json:", w.edited(bundle, func(m string) string { return m + "{}\n" })},
		{"cut off", "manifest.json:", w.edited(bundle, func(m string) string { return m[:len(m)-3] })},
		{"a proof that is not there", "", with(`"proof":"proof/m`, `"proof":"proof/n`)},
		{"a file that belongs to nothing", "", w.edited(bundle, func(m string) string {
			at := strings.Index(m, `{"type":"mailbox.coverage"`)
			end := strings.Index(m[at:], "\n")
			return m[:at-1] + m[at+end:]
		})},
		{"a removed file", account, w.edited(bundle, func(m string) string { return strings.Replace(m, "log_lines", "log_lines", 1) + "" + " " }, account)},
		{"another size of the log", "checkpoint.txt:", pattern(`"log_lines":(\d+)`, "1")},
		{"an answer that is not the one", "answer to item i", pattern(`"answer":\{"item":"i[^}]*"reason":"(It is bigger now)"`, "No")},
		{"another key", "key.txt:", other("key.txt", "test", "best")},
		{"another mailbox file", "mail.mbox:", other("mail.mbox", "logo bigger", "logo smaller")},
		{"another table", "manifest.csv:", other("manifest.csv", "anna@", "eve@")},
		{"another class", "proof/m", with(`"class":"person"`, `"class":"list"`)},
		{"another direction", "proof/m", with(`"direction":"out"`, `"direction":"in"`)},
		{"another sender", "proof/m", pattern(`"from":\{"[^}]*"address":"(anna@acme.example)"`, "eve@acme.example")},
		{"another subject", "proof/m", pattern(`"subject":"([^"]*)","message_id"`, "Never")},
		{"another text", "proof/m", pattern(`"read":"[^"]*\\u0000(Please)`, "Never")},
		{"somebody else who got it", "proof/m", pattern(`"read":"(\{)`, `{\"to\":[{\"address\":\"eve@acme.example\"}],`)},
		{"a letter to somebody else", "proof/l", with(`"address":"bert@acme.example"},"by"`, `"address":"eve@acme.example"},"by"`)},
		{"a covered line as uncovered", "manifest.json:", with("\"uncovered\":[\n]", "\"uncovered\":[\n"+`{"type":"mail.in","subject":"m0","at":"2026-11-23T09:00:00Z","line":1}`+"\n]")},
	})
}
