package web

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// The world of the tests: three clients, seen on a Wednesday in November.
var today = time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return today.Add(-d) }

const day = 24 * time.Hour

// world builds an archive mail by mail.
type world struct {
	*memory
	t       testing.TB
	dir     *threads.Directory
	numbers map[string]int
}

func zone(t testing.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("time zone: %v", err)
	}
	return z
}

var (
	anna  = threads.Address{Name: "Anna Lindqvist", Address: "anna@harbour.example"}
	ravi  = threads.Address{Name: "Ravi Menon", Address: "ravi@harbour.example"}
	zhou  = threads.Address{Name: "周敏", Address: "zhoumin@yunshan.example"}
	li    = threads.Address{Name: "李航", Address: "lihang@yunshan.example"}
	noor  = threads.Address{Name: "Noor Haddad", Address: "noor@meridian.example"}
	lena  = threads.Address{Name: "Lena Brandt", Address: "lena@northlight.example"}
	ours  = threads.Address{Name: "Northlight", Address: "projects@northlight.example"}
	alien = threads.Address{Name: "Pat Doyle", Address: "pat.doyle@elsewhere.example"}
)

func newWorld(t testing.TB) *world {
	projects := []threads.Project{
		{
			Key: "HARBOUR-WEB", Name: "Web shop", Client: "Harbour Coffee", Language: "en", Zone: zone(t, "Europe/Berlin"),
			Rhythm:   threads.Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"},
			Contacts: []threads.Contact{{Name: anna.Name, Addresses: []string{anna.Address, "anna.lindqvist@private.example"}, Report: true}, {Name: ravi.Name, Addresses: []string{ravi.Address}, Report: true}},
			Domains:  []string{"harbour.example"}, Managers: []string{"lena"},
		},
		{
			Key: "MERIDIAN-PORTAL", Name: "Supplier portal 供应商门户", Client: "Meridian 美瑞达", Language: "en", Zone: zone(t, "Asia/Singapore"),
			Rhythm:   threads.Rhythm{Every: "month", At: "17:00"},
			Contacts: []threads.Contact{{Name: noor.Name, Addresses: []string{noor.Address}, Report: true}}, Managers: []string{"lena", "tao"},
		},
		{
			Key: "YUNSHAN-APP", Name: "会员小程序", Client: "云杉科技", Language: "zh", Zone: zone(t, "Asia/Shanghai"),
			Rhythm:   threads.Rhythm{Every: "two-weeks", Weekday: time.Thursday, At: "18:00"},
			Contacts: []threads.Contact{{Name: zhou.Name, Addresses: []string{zhou.Address}, Report: true}, {Name: li.Name, Addresses: []string{li.Address}}}, Managers: []string{"tao"},
		},
	}
	people := []threads.Person{{Login: "lena", Name: lena.Name, Addresses: []string{lena.Address}, Role: "admin"}}
	w := &world{
		memory: &memory{raw: map[string][]byte{}}, t: t, numbers: map[string]int{},
		dir: threads.NewDirectory(projects, people, []string{ours.Address}),
	}
	w.harbour()
	w.yunshan()
	w.meridian()
	w.unfiled()
	w.letters()
	w.notices = []threads.Notice{
		{ID: "n2", Kind: threads.NoticeReceipt, State: threads.Held, Brake: threads.BrakePeer, To: threads.Address{Name: "Ellen <b>", Address: "ellen@harbourlane.example"}, Subject: "Re: <i>Leaflets</i>", Made: today.Add(-26 * time.Hour)},
		{ID: "n1", Kind: threads.NoticeDaily, State: threads.Taken, To: threads.Address{Address: "mara@northlight.example"}, Subject: "Arrived all right"},
	}
	w.mailboxes = []threads.Cursor{
		{Mailbox: "projects", UIDValidity: 1764000000, LastUID: 4711, ModSeq: 99},
		{Mailbox: "yunshan", UIDValidity: 1763000001, LastUID: 88},
	}
	return w
}

// said is an item whose words are found in the mail.
type said struct {
	kind   threads.Kind
	words  string
	change func(i *threads.Item)
}

// mail files a message under its thread with the items that it says.
func (w *world) mail(m threads.Message, says ...said) {
	w.t.Helper()
	if m.Direction == "" {
		m.Direction = threads.In
	}
	if m.Class == "" {
		m.Class = threads.ClassPerson
	}
	if m.Text == "" {
		m.Text = m.NewText
	}
	if m.Date.IsZero() {
		m.Date = m.Received.Add(-4 * time.Second).In(w.zone(m.Project))
	}
	m.MessageID = m.ID + "@mail.example"
	if w.raw[m.ID] == nil {
		w.raw[m.ID] = plainMail(&m)
	}
	m.RawSHA, m.Size = sha(w.raw[m.ID]), int64(len(w.raw[m.ID]))
	for i, f := range m.Folds { // the fold stands where its first line was cut; -1 is the end
		if f.At < 0 {
			m.Folds[i].At = len(m.NewText)
		}
	}
	for _, s := range says {
		at := strings.Index(m.NewText, s.words)
		if at < 0 {
			w.t.Fatalf("mail %s does not say %q", m.ID, s.words)
		}
		w.numbers[m.Project]++
		i := threads.Item{
			ID: fmt.Sprintf("i%s%03d", m.ID[1:], w.numbers[m.Project]), Project: m.Project, Number: w.numbers[m.Project],
			Message: m.ID, Thread: m.Thread, Kind: s.kind, Facet: threads.NoFacet, Text: s.words, Start: at, End: at + len(s.words),
			Sure: true, State: s.kind.FirstState(), At: m.Received,
		}
		if s.change != nil {
			s.change(&i)
		}
		w.items = append(w.items, i)
	}
	w.messages = append(w.messages, m)
	w.join(&m)
}

// join counts a message into its thread.
func (w *world) join(m *threads.Message) {
	for i := range w.threads {
		if t := &w.threads[i]; t.ID == m.Thread {
			t.Messages++
			if m.Received.After(t.Updated) {
				t.Updated = m.Received
			}
			for _, it := range w.items {
				if it.Message == m.ID && it.State == threads.Open {
					t.Open++
				}
			}
		}
	}
}

func (w *world) zone(project string) *time.Location {
	if p := w.dir.Project(project); p != nil {
		return p.Zone
	}
	return time.UTC
}

func (w *world) thread(id, project, subject string, created time.Time, people ...threads.Address) {
	w.threads = append(w.threads, threads.Thread{ID: id, Project: project, Subject: subject, Created: created, Updated: created, People: people})
}

// plainMail is a message as bytes.
func plainMail(m *threads.Message) []byte {
	return []byte("Received: from mx.example by mail.northlight.example; " + m.Received.Format(time.RFC1123Z) + "\r\n" +
		"From: =?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(m.From.Name)) + "?= <" + m.From.Address + ">\r\n" +
		"To: Northlight <projects@northlight.example>\r\n" +
		"Subject: =?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(m.Subject)) + "?=\r\n" +
		"Date: " + m.Date.Format(time.RFC1123Z) + "\r\nMessage-ID: <" + m.MessageID + ">\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(m.Text, "\n", "\r\n") + "\r\n")
}
