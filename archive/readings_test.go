package archive_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// The verifier in Python takes mails apart by itself. Of no mail, however broken,
// may it refuse the attachments that are in it; and most it has to compare.
func TestThePythonVerifierFindsTheAttachmentsOfAllFixtures(t *testing.T) {
	python := servers.Program(t, "python3", "python3")
	type file struct {
		Part, Name, Type string
		Body             []byte
	}
	type fixture struct {
		Path  string
		Raw   []byte
		Files []file
	}
	var all []fixture
	n := 0
	for _, dir := range []string{"../ingest/testdata", "../demo"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".eml" {
				return err
			}
			raw, err := os.ReadFile(path)
			f := fixture{Path: path, Raw: raw}
			for _, a := range attachments(raw) {
				f.Files = append(f.Files, file{a.Part, a.Name, a.Type, a.Body})
			}
			n += len(f.Files)
			all = append(all, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 50 {
		t.Errorf("the fixtures have %d attachments", n)
	}
	const script = `
import base64, json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, ".")
import verify
said, compared = [], 0
for f in json.load(sys.stdin):
    b = verify.Bundle.__new__(verify.Bundle)
    b.head, b.attached, b.apart = {"attachments": True}, 0, []
    listed = [{"part": a["Part"], "name": a["Name"], "type": a["Type"], "file": "attachment/m/" + a["Part"] + "-"} for a in f["Files"] or []]
    bodies = {"attachment/m/" + a["Part"] + "-": base64.b64decode(a["Body"] or "") for a in f["Files"] or []}
    b.content = bodies.get
    try:
        b.check_attachments({"id": "m", "file": "m.eml", "attachments": listed}, base64.b64decode(f["Raw"]))
        compared += b.attached
    except verify.Wrong as e:
        said.append(f["Path"] + ": " + str(e))
print(compared, *said, sep="\n")`
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", script)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	compared, refused, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	t.Logf("of %d attachments in %d mails %s were compared", n, len(all), compared)
	if refused != "" {
		t.Error(refused)
	}
}
