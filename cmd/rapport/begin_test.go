package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rapport/internal/servers"
)

// A new installation may be begun by several processes at the same moment: a
// service, a timer, and a person who looks how it goes. Each makes what is not
// there yet (tables, the key of reply addresses, the first lines of both logs,
// the book of what was signed), none comes to grief, and what they leave behind
// is one archive that proves itself.
func TestAnInstallationIsBegunByManyAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		for round := range 3 {
			t.Run(fmt.Sprintf("%s %d", database, round), func(t *testing.T) {
				url := "sqlite:new.db"
				if database == "PostgreSQL" {
					url = servers.Postgres(t)
				}
				beginAtOnce(t, o, url)
			})
		}
	}
}

func beginAtOnce(t *testing.T, o *office, url string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(storyData, "agency"))); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "rapport.yaml", "log: {key_file: log.key}\nstore: {url: \""+url+"\"}\n"+read(t, o.dir, "rapport.yaml"))
	put(t, dir, "mail.eml", firstMail)
	key := strings.TrimSpace(rapport(t, dir, "key", "new", "log.key"))
	all := sync.WaitGroup{}
	for _, command := range []string{"import mail.eml", "checkpoint", "items", "import mail.eml", "user add olga", "checkpoint", "tray"} {
		all.Go(func() {
			cmd := program(t.Context(), dir, strings.Fields(command)...)
			cmd.Stdin = strings.NewReader(officePassword + "\n")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("rapport %s: %v\n%s", command, err, out)
			}
		})
	}
	all.Wait()
	if out := rapport(t, dir, "import", "mail.eml"); !strings.Contains(out, "0 new") {
		t.Errorf("the mail was not filed: %s", out)
	}
	rapport(t, dir, "checkpoint")
	rapport(t, dir, "verify", "--key", key)
}
