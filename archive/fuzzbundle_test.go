package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"rapport/threads"
)

// nothing is an archive without mail.
type nothing struct{ Evidence }

func (nothing) Leaves(func(int64, []byte) error) error                    { return nil }
func (nothing) AccountRecords([]string, func(threads.Record) error) error { return nil }

// A bundle is whole only as it was written; whatever else is read ends with an
// error, not otherwise.
func FuzzBundle(f *testing.F) {
	key, v := newTestKey(f)
	signed, err := key.Sign(Checkpoint{Origin: key.Origin()})
	if err != nil {
		f.Fatal(err)
	}
	var whole bytes.Buffer
	e := Export{Project: threads.Project{Key: "ACME"}, Made: time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC), Checkpoint: signed, Key: key}
	if _, err := e.Pack(nothing{}, &whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[whole.Len()-22:])
	f.Add(little(nil, uint32(largeSign), make([]byte, 52), uint32(largeEndSign), make([]byte, 16), uint32(endSign), ^uint64(0), ^uint64(0), uint16(0)))
	f.Fuzz(func(t *testing.T, bundle []byte) {
		_, err := (&BundleCheck{Key: v}).Run(bytes.NewReader(bundle), int64(len(bundle)))
		if same := bytes.Equal(bundle, whole.Bytes()); same != (err == nil) {
			t.Errorf("it is the whole one: %v; %v", same, err)
		}
	})
}

// A list is read as it is written, or not at all.
func FuzzManifest(f *testing.F) {
	list := `{"v":3,"origin":"o","project":"P","name":"N","made":"2026-11-28T10:00:00Z","log_lines":3,"attachments":false,"page":"",
"changes":[
],
"mailboxes":[
{"type":"mailbox.coverage","subject":"v1","proof":"proof/v1","line":"{}","value":"x"}
],
"messages":[
{"id":"m1","proof":"proof/m1","line":"{}"},
{"id":"m2","proof":"proof/m2","line":"{}"}
],
"uncovered":[
],
"files":{
"a":"1",
"b":"2"
}}
`
	f.Add(list)
	f.Fuzz(func(t *testing.T, text string) {
		m := &manifest{r: bufio.NewReader(bytes.NewBufferString(text))}
		first, err := m.line()
		if err != nil || len(first) == 0 || m.decode(append(first[:len(first)-1:len(first)-1], '}'), &m.head) != nil {
			return
		}
		again := string(first)
		note := func(name string, entries []string) {
			begin, end := brackets(name)
			again += fmt.Sprintf("\n%q:%s", name, begin)
			for i, e := range entries {
				if again += "\n" + e; i < len(entries)-1 {
					again += ","
				}
			}
			if again += "\n" + end; name != filesSection {
				again += ","
			}
		}
		for _, step := range []func() error{
			func() error { return read[BundledChange](m, changesSection, note) },
			func() error { return read[BundledRecord](m, mailboxesSection, note) },
			func() error { return read[BundledMail](m, messagesSection, note) },
			func() error { return read[Uncovered](m, uncoveredSection, note) },
		} {
			if step() != nil {
				return
			}
		}
		if m.open(filesSection) != nil {
			return
		}
		var files []string
		for {
			name, sum, err := m.file()
			if err != nil {
				return
			}
			if name == "" && sum == "" {
				break
			}
			files = append(files, `"`+name+`":"`+sum+`"`)
		}
		if m.end() != nil {
			return
		}
		if note(filesSection, files); again+"}\n" != text {
			t.Errorf("it was read as %q", again+"}\n")
		}
	})
}

// read reads a section and notes it as it would be written.
func read[T any](m *manifest, section string, note func(string, []string)) error {
	var lines []string
	err := entries(m, section, func(v *T) error {
		b, err := json.Marshal(v)
		lines = append(lines, string(b))
		return err
	})
	note(section, lines)
	return err
}
