package archive_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/archive"
	"rapport/internal/servers"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
)

// bundle packs all of ACME.
func (w *world) bundle() []byte { return w.packed(lies{}) }

// bundleWith packs all of ACME, with other things said about its mail.
func (w *world) bundleWith(change func(*threads.Message)) []byte {
	return w.packed(lies{message: change})
}

// lies are what somebody with the key makes a bundle tell.
type lies struct {
	export  func(*archive.Export)
	message func(*threads.Message)
	record  func(*threads.Record)
}

// liar is an archive about which lies are told.
type liar struct {
	*store.Snapshot
	lies
}

func (l liar) Message(id string) (threads.Message, error) {
	m, err := l.Snapshot.Message(id)
	if l.message != nil {
		l.message(&m)
	}
	return m, err
}

func (l liar) ItemRecords(message string, do func(threads.Record) error) error {
	return l.Snapshot.ItemRecords(message, func(r threads.Record) error {
		if l.record != nil {
			l.record(&r)
		}
		return do(r)
	})
}

// packed packs all of ACME, with other things said.
func (w *world) packed(l lies) []byte {
	w.t.Helper()
	e := w.export()
	if l.export != nil {
		l.export(e)
	}
	var out bytes.Buffer
	w.must(w.store.Snapshot(background, func(s *store.Snapshot) error {
		_, err := e.Pack(liar{s, l}, &out)
		return err
	}))
	return out.Bytes()
}

// export asks for all of ACME under a new signature.
func (w *world) export() *archive.Export {
	w.t.Helper()
	e := archive.Export{Project: threads.Project{Key: "ACME", Name: "Acme <&> Sons"}, Made: w.clock.Now(), Checkpoint: w.sign(), Key: w.key, Temp: w.t.TempDir()}
	list, err := w.store.Threads(background, threads.ThreadQuery{Project: "ACME", Limit: 100})
	w.must(err)
	for _, t := range list {
		_, mails, err := w.store.Thread(background, t.ID)
		w.must(err)
		c := archive.Chapter{}
		for i := range mails {
			c.Mails = append(c.Mails, mails[i].ID)
		}
		e.Chapters = append(e.Chapters, c)
	}
	e.Changes, err = w.store.Changes(background, 100)
	w.must(err)
	e.Changes = slices.DeleteFunc(e.Changes, func(c threads.Change) bool { return c.Project != "ACME" })
	return &e
}

// list is a whole manifest.
type list struct {
	archive.Manifest
	Changes   []archive.BundledChange
	Mailboxes []archive.BundledRecord
	Messages  []archive.BundledMail
	Uncovered []archive.Uncovered
	Files     map[string]string
}

// listOf reads the manifest of a bundle as any program would.
func listOf(t testing.TB, bundle []byte) (l list) {
	t.Helper()
	for _, f := range unzip(t, bundle) {
		if f.name == "manifest.json" {
			if err := json.Unmarshal(f.content, &l); err != nil {
				t.Fatal(err)
			}
		}
	}
	return l
}

// file is one file of a bundle.
type file struct {
	name    string
	content []byte
}

func unzip(t testing.TB, bundle []byte) (out []file) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file{f.Name, content})
	}
	return out
}

func rezip(files []file) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, _ := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		w.Write(f.content)
	}
	z.Close()
	return out.Bytes()
}

func goVerify(bundle []byte, v archive.Verifier) error {
	_, err := (&archive.BundleCheck{Key: v, Attachments: attachments}).Run(bytes.NewReader(bundle), int64(len(bundle)))
	return err
}

// attachments reads a mail as far as these tests need it.
func attachments(raw []byte) (out []archive.Attached) {
	for _, p := range mail.Parse(raw, mail.Limits{}).Parts {
		out = append(out, archive.Attached{Attachment: threads.Attachment{Part: p.Path, Name: p.Name, Type: p.Type}, Body: p.Body})
	}
	return out
}

// watch lets a witness cosign what is signed from now on; it returns its public key.
func (w *world) watch() string {
	w.t.Helper()
	key, err := archive.NewWitnessKey("witness.example", rand.Reader)
	w.must(err)
	v, err := archive.ReadWitness(key.Public())
	w.must(err)
	log, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	s := httptest.NewServer(&archive.Witness{Key: key, Logs: []archive.Verifier{log}, Memory: archive.Folder(w.t.TempDir()), Now: time.Now})
	w.t.Cleanup(s.Close)
	w.witnesses = append(w.witnesses, archive.Observer{URL: s.URL, Key: v, Client: s.Client()})
	return key.Public()
}

// pythonVerify runs the second verifier over many bundles in one process.
func pythonVerify(t *testing.T, bundles [][]byte, key string) []string {
	t.Helper()
	python := servers.Program(t, "python3", "python3")
	dir := t.TempDir()
	for i, b := range bundles {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.zip", i)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const script = `
import json, os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
out = []
for name in sorted(os.listdir(sys.argv[2])):
    try:
        verify.verify(os.path.join(sys.argv[2], name), verify.Key(sys.argv[3]))
        out.append("")
    except verify.Wrong as e:
        out.append(str(e))
print(json.dumps(out))`
	cmd := exec.Command(python, "-c", script, ".", dir, key)
	cmd.Stderr = os.Stderr
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("python: %v", err)
	}
	var out []string
	if err := json.Unmarshal(printed, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Whoever holds the key can sign any manifest, but not make it fit the log.
func TestABundleSaysOfSendersWhatTheLogSays(t *testing.T) {
	w := newWorld(t)
	f := w.mail("a@x", "ACME", "Please pay")
	f.Message.Evidence = []threads.Evidence{{Kind: "contact", Project: "ACME", Score: 40, Detail: "Anna is a contact"}}
	f.Message.Authentication = &threads.Authentication{Verdict: threads.Forged, Why: threads.WhyDMARCFailed, Domain: "acme.example", Via: "evil.example", Server: "mx", Line: "mx; dmarc=fail",
		Signatures: []threads.Signature{{Domain: "evil.example", Selector: "s", Holds: true, Key: "v=DKIM1; p=AA"}}, At: w.clock.Now()}
	w.file(f, w.mail("b@x", "ACME", "Nobody has looked at this one"))
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	const refusal = "why it was filed, or what is known of its sender, is not what the log says"
	whole := w.bundle()
	for _, f := range unzip(t, whole) {
		if f.name == "index.html" && !(strings.Contains(string(f.content), "that it does not come from acme.example as it says (DMARC). It was sent by evil.example.") && strings.Contains(string(f.content), "v=DKIM1; p=AA")) {
			t.Errorf("the page does not tell who sent it: %s", f.content)
		}
	}
	authentic := *f.Message.Authentication
	authentic.Verdict = threads.Authentic
	bundles := [][]byte{whole,
		w.bundleWith(func(m *threads.Message) { m.Evidence = nil }),
		w.bundleWith(func(m *threads.Message) { m.Authentication = &authentic }),
		w.bundleWith(func(m *threads.Message) { m.Authentication = nil }),
	}
	for i, said := range pythonVerify(t, bundles, w.key.Public()) {
		err := goVerify(bundles[i], v)
		if i == 0 && (err != nil || said != "") || i > 0 && (err == nil || !strings.Contains(err.Error(), refusal) || !strings.Contains(said, refusal)) {
			t.Errorf("bundle %d: Go says %v, Python %q", i, err, said)
		}
	}
}

func TestBundlesAreWholeAndAnyOtherBitIsRefusedWithItsPlace(t *testing.T) {
	w := newWorld(t).fill()
	w.watch()
	bundle := w.bundle()
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	if err := goVerify(bundle, v); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, bundle)
	variants, places := [][]byte{bundle}, []string{""}
	add := func(place string, changed []file) {
		variants, places = append(variants, rezip(changed)), append(places, place)
	}
	for i, f := range files {
		for _, at := range []int{0, len(f.content) / 3, len(f.content) - 2, len(f.content) - 1} {
			if at < 0 || at >= len(f.content) {
				continue
			}
			changed := slices.Clone(files)
			changed[i].content = slices.Clone(f.content)
			changed[i].content[at] ^= 1
			add(f.name, changed)
		}
	}
	add(files[0].name, files[1:])
	add("extra.txt", append(slices.Clone(files), file{"extra.txt", []byte("x")}))
	for i, b := range variants {
		if err := goVerify(b, v); (err == nil) != (places[i] == "") || err != nil && !strings.HasPrefix(err.Error(), places[i]+":") {
			t.Errorf("Go: %s was changed: %v", places[i], err)
		}
	}
	for i, said := range pythonVerify(t, variants, w.key.Public()) {
		if (said == "") != (places[i] == "") || !strings.HasPrefix(said, places[i]) {
			t.Errorf("Python: %s was changed: %q", places[i], said)
		}
	}
}

func TestABundleHasTheAccountsOfItsMailboxes(t *testing.T) {
	w := newWorld(t).fill()
	var accounts []string
	for _, r := range listOf(t, w.bundle()).Mailboxes {
		accounts = append(accounts, r.Value)
	}
	if len(accounts) != 1 || !strings.Contains(accounts[0], `"mailbox":"inbox","uidvalidity":7,"n":2,"first":3,"last":6,"filed":"3,5","tray":0,"owed":"4"`) {
		t.Errorf("accounts: %q", accounts)
	}
}

func TestABundleOfAnotherKeyIsRefused(t *testing.T) {
	w := newWorld(t).fill()
	other := newWorld(t)
	v, err := archive.ReadPublic(other.key.Public())
	w.must(err)
	if err := goVerify(w.bundle(), v); err == nil {
		t.Error("it was taken")
	}
}

func TestPagesOfABundleRunNothing(t *testing.T) {
	w := newWorld(t)
	var hits atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(elsewhere.Close)
	hostile := "</pre></bdi></title></style><!--><script>document.title='ran'</script> & <img src=" + elsewhere.URL + " onerror=document.title='ran'><meta http-equiv=refresh content='0;" + elsewhere.URL + "'>"
	f := w.mail("a@x", "ACME", hostile)
	f.Message.Subject, f.Message.From.Name = hostile, "\u202e"+hostile
	f.Message.Evidence = []threads.Evidence{{Kind: "contact", Project: "ACME", Detail: hostile}}
	w.file(f)
	dir := t.TempDir()
	for _, f := range unzip(t, w.bundle()) {
		if f.name == "index.html" && !bytes.Contains(f.content, []byte("Acme &lt;&amp;&gt; Sons")) {
			t.Errorf("the page is %s", f.content)
		}
		if f.name == "index.html" && !bytes.Contains(f.content, []byte("<bdi>\u202e&lt;/pre&gt;")) {
			t.Error("a name turns the address beside it")
		}
		w.must(os.MkdirAll(filepath.Join(dir, filepath.Dir(f.name)), 0o700))
		w.must(os.WriteFile(filepath.Join(dir, f.name), f.content, 0o600))
	}
	shown := servers.Chromium(t, "file://"+filepath.Join(dir, "index.html"))
	for _, bad := range []string{"<script", "<img", "http-equiv=\"refresh", "<title>ran"} {
		if strings.Contains(shown, bad) {
			t.Errorf("the page in a browser has %s:\n%s", bad, shown)
		}
	}
	if !strings.Contains(shown, "&lt;script&gt;document.title") || hits.Load() > 0 {
		t.Errorf("the page loads %d times from elsewhere and shows\n%s", hits.Load(), shown)
	}
}
