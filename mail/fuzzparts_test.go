package mail

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzTNEF(f *testing.F) {
	f.Add([]byte(newTNEF().attribute(1, attBody, []byte("words")).attribute(2, attAttachStart, nil).attribute(2, attAttachProps, props(prop(propAttachLong, 0x001f, utf16le("a.pdf"))))))
	f.Add([]byte(newTNEF().attribute(1, attMsgProps, props(prop(propRTF, 0x0102, stored(`{\rtf1\fromhtml1{\*\htmltag <p>}x\u20320?}`))))))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, _ := parseTNEF(b, 0)
		text, _ := got.section().text()
		if !utf8.ValidString(text) {
			t.Errorf("text is not clean: %q", text)
		}
	})
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg936{\fonttbl x}\'c4\'e3\par\u-10179?\u-8704?{\*\x y}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		decompressRTF(b)
		if text, markup := readRTF(b); !utf8.ValidString(text + markup) {
			t.Errorf("text is not clean: %q %q", text, markup)
		}
	})
}

func FuzzCMS(f *testing.F) {
	f.Add([]byte("0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x800\x80\x02\x01\x011\x000\x80\x06\x01\x01\xa0\x80\x24\x80\x04\x02ab\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, content := openCMS(b); len(content) > len(b) {
			t.Errorf("%d bytes out of %d", len(content), len(b))
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add([]byte("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:a\\, b\n c\nATTENDEE;PARTSTAT=ACCEPTED;CN=\"x:y\":mailto:a@b.example\nDTSTART;TZID=x:20261126T100000\nRRULE:FREQ=DAILY\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if words, about := readCalendar(b, ""); !utf8.ValidString(words + about) {
			t.Errorf("words are not clean: %q", words)
		}
	})
}

func FuzzHeaderValues(f *testing.F) {
	for _, s := range []string{"Mon, 2 Mar 2026 10:00:00 +0800 (CST)", "2026年3月2日 下午5:30", "=?gbk?B?xOM=?= x", "a; filename*0*=utf-8''%E4; filename*1=b", "<a@b> <c @d>", "mx; spf=pass (x) smtp.mailfrom=\"a\"; dkim=fail", "[X] Re[2]: 回复：y (fwd)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Decode(s); !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\n") {
			t.Errorf("decoded %q", got)
		}
		if at, ok := parseDate(s, time.UTC); ok && (at.Year() < 1969 || at.Year() > 2200) {
			t.Errorf("date %v", at)
		}
		if base := BaseSubject(s); !utf8.ValidString(base) || BaseSubject(base) != base {
			t.Errorf("base %q of base %q", BaseSubject(base), base)
		}
		IsReply(s)
		IsForward(s)
		parseMediaType(s, nil).text("filename", "", nil)
		messageIDs([]string{s})
		if name := safeName(s); strings.ContainsAny(name, "/\\\x00\n") {
			t.Errorf("name %q", name)
		}
		AuthResults(Header{{"Received", "from a by mx; x"}, {"Authentication-Results", s}, {"Received", s}}, []string{"mx"})
		AuthServer(Header{{"Received", s}, {"Authentication-Results", s}})
	})
}
