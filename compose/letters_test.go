package compose

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// update is shared by all goldens of the package.
var update = flag.Bool("update", false, "write the goldens anew")

// samples are the projects of the sample letters.
func sampleProject(key string) (*threads.Project, threads.Person, Past) {
	berlin := time.FixedZone("", 3600)
	at := func(day int) time.Time { return time.Date(2026, 11, day, 9, 30, 0, 0, time.UTC) }
	item := func(number int, kind threads.Kind, day int, text string) threads.Item {
		return threads.Item{ID: "i" + strings.Repeat("0", 14) + string(rune('a'+number%26)), Project: key, Number: number, Kind: kind, Text: text, At: at(day), State: threads.Open, Sure: true}
	}
	if key == "YUNSHAN-APP" {
		return &threads.Project{
				Key: key, Name: "云杉商城", Client: "云杉科技", Language: "zh", Zone: time.FixedZone("", 8*3600),
				Contacts: []threads.Contact{{Name: "王敏", Addresses: []string{"wang@yunshan.example"}, Report: true}},
				Domains:  []string{"yunshan.example"}, Rhythm: threads.Rhythm{Every: "week"},
			}, threads.Person{Login: "chen", Name: "陈宇"},
			Past{Open: []threads.Item{
				item(2, threads.Request, 18, "首页能不能显示八个活动，而不是五个？"),
				item(3, threads.Request, 20, "希望可以直接从通讯录邀请好友。"),
			}}
	}
	if key == "MERIDIAN-PORTAL" {
		return &threads.Project{
				Key: key, Name: "Client portal", Client: "Meridian Logistics", Language: "en", Languages: []string{"en", "zh"}, Zone: time.FixedZone("", 8*3600),
				Contacts: []threads.Contact{{Name: "Grace Wong", Addresses: []string{"grace.wong@meridian-logistics.example"}, Report: true}, {Name: "黄志强", Addresses: []string{"huang@meridian-logistics.example"}, Report: true}},
				Domains:  []string{"meridian-logistics.example"}, Rhythm: threads.Rhythm{Every: "week"},
			}, threads.Person{Login: "chen", Name: "Chen Yu"},
			Past{Open: []threads.Item{item(21, threads.Request, 19, "Can we save the lists as an Excel file?")}}
	}
	return &threads.Project{
			Key: key, Name: "Web shop", Client: "Harbour Lane Books", Language: "en", Zone: berlin,
			Contacts: []threads.Contact{{Name: "Ellen Whitcombe", Addresses: []string{"ellen@harbourlane.example"}, Report: true}, {Name: "Tom Adeyemi", Addresses: []string{"tom@harbourlane.example"}}},
			Domains:  []string{"harbourlane.example"}, Rhythm: threads.Rhythm{Every: "week"},
		}, threads.Person{Login: "mara", Name: "Mara Lindqvist"},
		Past{Open: []threads.Item{
			item(13, threads.Request, 13, "Can we show eight events instead of five?"),
			item(14, threads.Problem, 13, "Tom still sees the old error on his phone."),
			item(15, threads.Request, 16, "It would be lovely if the vouchers could be printed by our own printer, the one behind the counter in Bath."),
			item(16, threads.Request, 17, "Please add a pop-up for the newsletter."),
		}}
}

func sampleInput(t testing.TB, d *Draft) RenderInput {
	project, manager, past := sampleProject(d.Front.Project)
	return RenderInput{
		Project: project, Manager: manager, Past: past, Now: time.Date(2026, 11, 27, 15, 0, 0, 0, time.UTC),
		ReplyTo: "projects+0k3v9x2m4t7qabcd@northlight.example",
		ReadFile: func(path string) ([]byte, error) {
			if strings.Contains(path, "..") {
				return nil, errors.New("outside")
			}
			return os.ReadFile(filepath.Join("testdata", "letters", path))
		},
	}
}

// TestLetters renders every sample draft and compares both parts with what
// was looked at and found good.
func TestLetters(t *testing.T) {
	drafts, err := filepath.Glob("testdata/letters/*.md")
	if err != nil || len(drafts) == 0 {
		t.Fatalf("no sample drafts: %v", err)
	}
	for _, path := range drafts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".md"), func(t *testing.T) {
			r := render(t, path)
			golden(t, strings.TrimSuffix(path, ".md")+".html", r.HTML)
			golden(t, strings.TrimSuffix(path, ".md")+".txt", r.Text)
		})
	}
}

func render(t testing.TB, path string) *Rendered {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, findings := ReadDraft(filepath.Base(path), src)
	r, more := Render(d, sampleInput(t, d))
	for _, f := range append(findings, more...) {
		t.Errorf("%s", f)
	}
	return r
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it, and write it anew with -update if it is better:\n%s", path, got)
	}
}

func readSample(t testing.TB, name string) *Draft {
	t.Helper()
	src, err := os.ReadFile("testdata/letters/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	d, _ := ReadDraft(name+".md", src)
	return d
}
