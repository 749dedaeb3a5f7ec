package ingest

import (
	"io"
	"strings"
	"testing"
	"time"
)

const (
	stamp  = "From ann@client.example Mon Nov  2 09:12:40 2026\n"
	stamp2 = "From bob@client.example Tue Nov  3 10:00:00 2026\n"
)

func TestMbox(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       []string
	}{
		{"two mails", stamp + "Subject: a\n\none\n\n" + stamp2 + "Subject: b\n\ntwo\n\n", []string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"}},
		{"an empty line of the mail's own stays", stamp + "Subject: a\n\none\n\n\n" + stamp2 + "Subject: b\n\ntwo\n", []string{"Subject: a\n\none\n\n", "Subject: b\n\ntwo\n"}},
		{"CRLF stays", "From a@b Mon Nov  2 09:12:40 2026\r\nSubject: a\r\n\r\none\r\n\r\nFrom a@b Mon Nov  2 09:12:40 2026\r\nSubject: b\r\n\r\ntwo\r\n\r\n", []string{"Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\ntwo\r\n"}},
		{"quoted From lines", stamp + "Subject: a\n\n>From here\n>>From there\n> From nowhere\n>Fromage\n\n", []string{"Subject: a\n\nFrom here\n>From there\n> From nowhere\n>Fromage\n"}},
		{"an unquoted sentence is no mail", stamp + "Subject: a\n\nHello,\n\nFrom Monday on we are closed.\n\n", []string{"Subject: a\n\nHello,\n\nFrom Monday on we are closed.\n"}},
		{"an unquoted From line of another mail, inside of a text", stamp + "Subject: a\n\nI saw:\n" + stamp2 + "in the file.\n\n", []string{"Subject: a\n\nI saw:\n" + stamp2 + "in the file.\n"}},
		{"no empty line before the next mail", stamp + "Subject: a\n\none\n" + stamp2 + "Subject: b\n\ntwo\n", []string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"}},
		{"no line end at the end", stamp + "Subject: a\n\none", []string{"Subject: a\n\none"}},
		{"From_ lines without a date", "From ann\nSubject: a\n\none\n\nFrom bob\nSubject: b\n\ntwo\n\n", []string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"}},
		{"an archive's obscured address", "From ann at client.example  Mon Nov  2 09:12:40 2026\nSubject: a\n\none\n", []string{"Subject: a\n\none\n"}},
		{"nothing between two From_ lines", stamp + "\n" + stamp2 + "Subject: b\n\ntwo\n\n", []string{"Subject: b\n\ntwo\n"}},
		{"a line longer than any buffer", stamp + "Subject: a\n\n" + strings.Repeat("x", 200_000) + "From \n\n", []string{"Subject: a\n\n" + strings.Repeat("x", 200_000) + "From \n"}},
		{"a From_ line at a buffer's edge", stamp + "Subject: a\n\n" + strings.Repeat(strings.Repeat("y", 63)+"\n", 1022) + "\n" + stamp2 + "Subject: b\n\n" + strings.Repeat("z", 70_000) + "\n", []string{"Subject: a\n\n" + strings.Repeat(strings.Repeat("y", 63)+"\n", 1022), "Subject: b\n\n" + strings.Repeat("z", 70_000) + "\n"}},
	} {
		var got []string
		r := newMboxReader(strings.NewReader(c.file), 1<<20)
		for {
			raw, _, err := r.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			got = append(got, string(raw))
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s:\ngot  %.300q\nwant %.300q", c.name, got, c.want)
		}
		if r.read != int64(len(c.file)) {
			t.Errorf("%s: read %d of %d bytes", c.name, r.read, len(c.file))
		}
	}
}

func TestMboxLeavesOutAMailThatIsTooLarge(t *testing.T) {
	r := newMboxReader(strings.NewReader(stamp+"Subject: a\n\n"+strings.Repeat("x\n", 500)+"\n"+stamp2+"Subject: b\n\ntwo\n"), 100)
	if _, _, err := r.next(); err != errTooLarge {
		t.Errorf("the large mail gives %v", err)
	}
	raw, at, err := r.next()
	if err != nil || string(raw) != "Subject: b\n\ntwo\n" || !at.Equal(time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("after it: %q at %v, %v", raw, at, err)
	}
}

func TestFromLine(t *testing.T) {
	day := time.Date(2026, 11, 2, 9, 12, 40, 0, time.UTC)
	for line, want := range map[string]time.Time{
		"From a@b Mon Nov  2 09:12:40 2026":                    day,
		"From a@b Mon Nov  2 10:12:40 2026 +0100":              day,
		"From a@b Mon Nov  2 10:12:40 +0100 2026":              day,
		"From a@b Mon Nov  2 09:12:40 UTC 2026":                day,
		"From a@b Mon Nov 2 09:12 2026":                        day.Add(-40 * time.Second),
		"From - Mon Nov  2 09:12:40 2026":                      day,
		`From "a b"@c Mon Nov  2 09:12:40 2026`:                day,
		"From MAILER-DAEMON Mon Nov  2 09:12:40 2026":          day,
		"From mboxrd@z Thu Jan  1 00:00:00 1970":               {},
		"From a@b Mon Nov 99 09:12:40 2026":                    {},
		"From ann at client.example  Mon Nov  2 09:12:40 2026": day,
	} {
		if at, ok := fromLine([]byte(line + "\n")); !ok || !at.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", line, at, ok, want)
		}
	}
	for _, line := range []string{"From here on", "From Mon to Fri 09:00", " From a@b Mon Nov  2 09:12:40 2026", "From a@b Mon Nov  2 09:12:40 2026 we wrote"} {
		if _, ok := fromLine([]byte(line)); ok {
			t.Errorf("%q is taken for a From_ line", line)
		}
	}
}

func FuzzMbox(f *testing.F) {
	f.Add(stamp + "Subject: a\n\n>From x\n\n" + stamp2 + "\n\n")
	f.Add("From \n\nFrom \n")
	f.Fuzz(func(t *testing.T, file string) {
		r := newMboxReader(strings.NewReader(file), 1<<20)
		sum := 0
		for {
			raw, _, err := r.next()
			if err == io.EOF {
				break
			}
			if err != nil || len(raw) == 0 {
				t.Fatalf("mail %q, %v", raw, err)
			}
			sum += len(raw)
		}
		if sum > len(file) || r.read != int64(len(file)) {
			t.Fatalf("%d bytes of mail, %d read of %d", sum, r.read, len(file))
		}
	})
}
