package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is config.example.yaml with the secrets that it names.
func example(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	src, err := os.ReadFile("../../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "rapport.yaml", string(src))
	write(t, dir, "secrets/imap", "one\n")
	write(t, dir, "secrets/smtp", "two\n")
	return filepath.Join(dir, "rapport.yaml")
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// An editor on Windows writes CR LF; the line is named as the editor counts.
func TestALineIsNamedWhateverEndsIt(t *testing.T) {
	_, unix := Parse("rapport.yaml", []byte("agency:\n  name: Us\n\nbogus: 1\n"))
	_, windows := Parse("rapport.yaml", []byte("agency:\r\n  name: Us\r\n\r\nbogus: 1\r\n"))
	if unix == nil || windows == nil || unix.Error() != windows.Error() || !strings.Contains(unix.Error(), "rapport.yaml:4: bogus") {
		t.Errorf("%v\n%v", unix, windows)
	}
}

func TestTheExampleLoads(t *testing.T) {
	c, err := Load(example(t))
	if err != nil {
		t.Fatal(err)
	}
	d := c.Directory()
	p := d.Project("harbour-web")
	if p == nil || p.Zone.String() != "Europe/London" || p.Rhythm.Weekday != time.Friday || len(p.Contacts) != 2 {
		t.Errorf("project %+v", p)
	}
	if !d.IsOurs("projects+token@northlight.example") || !d.IsOurs("mara@northlight.example") || !d.IsOurs("harbour@northlight.example") {
		t.Error("an address of ours is not known as ours")
	}
	if got, err := c.Mailboxes[0].Password(); got != "one" || err != nil {
		t.Errorf("password %q, %v", got, err)
	}
	if c.ReplyAddress("HARBOUR-WEB") != "harbour@northlight.example" || c.ReplyAddress("OTHER") != "projects@northlight.example" {
		t.Error("wrong reply addresses")
	}
}

// Every key that the code knows stands in the example, so that the example
// explains everything.
func TestTheExampleExplainsEveryKey(t *testing.T) {
	src, err := os.ReadFile("../../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range allKeys() {
		if !strings.Contains(string(src), key+":") {
			t.Errorf("config.example.yaml does not explain %q", key)
		}
	}
}

func TestShowHidesSecrets(t *testing.T) {
	c, err := Load(example(t))
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Show()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"key: HARBOUR-WEB", "time_zone: Europe/London", "secrets/imap # hidden", "message: 50MB", "start: now", "day: friday"} {
		if !strings.Contains(out, want) {
			t.Errorf("the settings do not show %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "one") && strings.Contains(out, ": one") {
		t.Errorf("the settings show a secret:\n%s", out)
	}
	again := filepath.Join(t.TempDir(), "again.yaml")
	if err := os.WriteFile(again, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(again); err != nil {
		t.Errorf("what is shown does not load: %v", err)
	}
}

func TestWaysToNameADatabase(t *testing.T) {
	dir := t.TempDir()
	for url, want := range map[string]string{
		"rapport.db":               "sqlite:" + filepath.Join(dir, "rapport.db"),
		"sqlite:rapport.db":        "sqlite:" + filepath.Join(dir, "rapport.db"),
		"sqlite:///var/rapport.db": "sqlite:///var/rapport.db",
		"postgres://a@localhost/r": "postgres://a@localhost/r",
		"postgresql://localhost/r": "postgresql://localhost/r",
	} {
		c, err := Parse(filepath.Join(dir, "rapport.yaml"), []byte("store: {url: \""+url+"\"}\nagency: {name: N, addresses: [p@n.example]}\n"))
		if err != nil {
			t.Errorf("%s: %v", url, err)
		} else if c.Store.URL != want {
			t.Errorf("%s is %s, want %s", url, c.Store.URL, want)
		}
	}
}

// Each testdata/*.yaml is wrong; the problems stand beside it.
func TestProblems(t *testing.T) {
	t.Setenv("RAPPORT_TEST_PASSWORD", "hunter2")
	paths, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, err := Load(path)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			got := strings.ReplaceAll(problems.Error(), "testdata"+string(filepath.Separator), "") + "\n"
			if strings.Contains(got, "hunter2") {
				t.Error("a problem shows a secret")
			}
			golden := strings.TrimSuffix(path, ".yaml") + ".problems"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

func TestIncludedProjects(t *testing.T) {
	path := example(t)
	dir := filepath.Dir(path)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "rapport.yaml", string(src)+"\ninclude: [\"projects/*.yaml\"]\n")
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "fits no file") {
		t.Errorf("an include without files gives %v", err)
	}
	write(t, dir, "projects/tea.yaml", "projects:\n  - key: TEA\n    name: App\n    client: Tea House\n    managers: [nobody]\n    domains: [tea.example]\n")
	_, err = Load(path)
	if want := filepath.Join(dir, "projects/tea.yaml") + ":5: projects.TEA.managers: nobody has the login"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	write(t, dir, "projects/tea.yaml", "projects:\n  - key: TEA\n    name: App\n    client: Tea House\n    managers: [Mara]\n    domains: [tea.example]\n")
	c, err := Load(path)
	if err != nil || c.Directory().Project("TEA") == nil {
		t.Errorf("the included project is not there: %v", err)
	}
}

func TestNoFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "rapport.yaml"))
	if err == nil || !strings.Contains(err.Error(), "copy config.example.yaml") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	src, err := os.ReadFile("../../../config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("people: {a: [1, &x *x]}\nstore: |\n  x"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := Parse("rapport.yaml", src)
		if (c == nil) == (err == nil) {
			t.Errorf("config %v with error %v", c, err)
		}
	})
}

func TestRetentionIsASpanOfTheCalendar(t *testing.T) {
	c, err := Load(example(t))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Directory().Project("HARBOUR-WEB").Retention
	if r.AtLeast.Years != 6 || r.AtMost.Years != 10 || r.Automatic {
		t.Errorf("retention %+v", r)
	}
	for text, back := range map[string]string{"7Y": "7y", " 18m ": "18m", "90d": "90d", "": ""} {
		var s Span
		if err := s.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		} else if out, _ := s.MarshalText(); string(out) != back {
			t.Errorf("%q is shown as %q", text, out)
		}
	}
	for _, text := range []string{"7", "y", "-7y", "0y", "07y", "7y6m", "99999y", "7 y", "7years"} {
		if err := new(Span).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
