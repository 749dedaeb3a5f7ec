package imap

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"rapport/internal/servers"
	"rapport/threads"
)

// ticket is a mail whose header is in GBK, from a day that had not begun in UTC.
const ticket = "Subject: =?gb2312?B?tcfCvNKzw+Y=?=\r\nFrom: =?gb2312?B?zfXQocP3?= <xm@acme.example>\r\nTo: projects@northlight.example\r\nCc: carla@acme.example\r\n" +
	"Date: Tue, 24 Nov 2026 00:30:00 +0800\r\nX-Ticket: ISSUE-12\r\n\r\nfixed, please.\r\n"

// searched is a folder of three mails of which one can be told from the others
// by each criterion.
func searched(t *testing.T) *world {
	w := newWorld(t)
	w.file("ACME", threads.In, noon, plain)
	_, err := w.store.File(t.Context(), nil, []threads.Filing{{Raw: []byte(ticket), Source: "test", Message: threads.Message{
		Project: "ACME", MessageID: "ticket@acme", Subject: "登录页面", From: threads.Address{Name: "王小明", Address: "xm@acme.example"},
		To: []threads.Address{{Address: "projects@northlight.example"}}, Cc: []threads.Address{{Name: "Carla", Address: "carla@acme.example"}},
		Text: "请在周五之前修复登录按钮，résumé 也要。\nCalled vitamin C\nserum.", Attachments: []threads.Attachment{{Name: "报价单.pdf"}},
		Date: time.Date(2026, 11, 24, 0, 30, 0, 0, time.FixedZone("", 8*3600)), Received: noon.AddDate(0, 0, 1)}}})
	if err != nil {
		t.Fatal(err)
	}
	w.file("ACME", threads.Out, noon.AddDate(0, 0, 2), letter)
	return w
}

func literal(text string) string { return fmt.Sprintf("{%d+}\r\n%s", len(text), text) }

func TestEachSearchKey(t *testing.T) {
	w := searched(t)
	cases := []struct{ keys, want string }{
		{"ALL", "1 2 3"}, {"2:*", "2 3"}, {"*", "3"}, {"1,3", "1 3"}, {"UID 2:*", "2 3"}, {"UID 3 1", ""},
		{"FROM ann", "1 3"}, {"FROM nn", "1 3"}, {"FROM xm@ACME", "2"}, {"FROM " + literal("小明"), "2"}, {"TO projects@", "1 2"}, {"CC carla", "2"}, {"CC Carla TO projects", "2"}, {"BCC carla", ""},
		{"SUBJECT cafe", "1"}, {"SUBJECT " + literal("CAFÉ"), "1"}, {"SUBJECT " + literal("录页"), "2"}, {"CHARSET UTF-8 SUBJECT " + literal("登录"), "2"}, {`SUBJECT ""`, "1 2 3"},
		{"BODY printer", "1"}, {"BODY print", "1"}, {`BODY "the LABEL  printer is"`, "1"}, {"BODY printers", ""}, {"BODY cafe", ""}, {"BODY resume", "2"},
		{"BODY " + literal("登录"), "2"}, {"BODY " + literal("修复登"), "2"}, {"BODY " + literal("录"), "2"}, {"BODY " + literal("登录页"), ""}, {`BODY "vitamin c serum"`, "2"}, {`BODY "vitamin c"`, "2"}, {"BODY c", "2 3"}, {`BODY ""`, "1 2 3"}, {`BODY "..."`, ""}, {`BODY "."`, "1 2 3"},
		{"TEXT printer", "1"}, {"TEXT cafe", "1"}, {"TEXT " + literal("报价单"), "2"}, {"TEXT ssue-12", "2"}, {`TEXT "x-ticket: issue"`, "2"}, {"TEXT projects@northlight", "1 2"}, {"TEXT nowhere", ""},
		{"HEADER X-Ticket 12", "2"}, {`HEADER X-Ticket ""`, "2"}, {`HEADER X-Ticket 13`, ""}, {"HEADER content-type mixed", "3"}, {"HEADER Subject Weekly", "3"},
		{"ON 24-Nov-2026", "2"}, {"SINCE 24-Nov-2026", "2 3"}, {"BEFORE 24-Nov-2026", "1"}, {"SINCE 24-Nov-2026 BEFORE 25-Nov-2026", "2"},
		{"SENTON 24-Nov-2026", "2"}, {"SENTSINCE 24-Nov-2026", "2 3"}, {"SENTBEFORE 24-Nov-2026", "1"},
		{fmt.Sprintf("LARGER %d", len(letter)), "2"}, {fmt.Sprintf("SMALLER %d", len(letter)), "1"}, {fmt.Sprintf("SINCE 25-Nov-2026 SMALLER %d", len(ticket)), "3"},
		{"SEEN", "1 2 3"}, {"UNSEEN", ""}, {"DELETED", ""}, {"UNDELETED", "1 2 3"}, {"ANSWERED", ""}, {"FLAGGED", ""}, {"DRAFT", ""}, {"UNDRAFT", "1 2 3"}, {"RECENT", ""}, {"NEW", ""}, {"OLD", "1 2 3"},
		{"KEYWORD $Junk", ""}, {"UNKEYWORD $Junk", "1 2 3"},
		{"NOT BODY printer", "2 3"}, {"NOT NOT BODY printer", "1"}, {"OR BODY printer CC carla", "1 2"}, {"NOT (OR BODY printer CC carla)", "3"}, {"OR (FROM ann BODY well) (FROM xm ON 24-Nov-2026)", "2 3"}, {"NOT 2", "1 3"}, {"BODY printer BODY label", "1"}, {"BODY printer BODY well", ""},
	}
	commands := []string{"a LOGIN ruth secret", "b SELECT ACME"}
	for n, c := range cases {
		commands = append(commands, fmt.Sprintf("s%d SEARCH %s", n, c.keys))
	}
	_, said, _ := strings.Cut(w.say(commands...), "\nb ")
	for n, c := range cases {
		at := strings.Index(said, fmt.Sprintf("\ns%d OK", n))
		if at < 0 {
			t.Fatalf("SEARCH %s is not taken: %s", c.keys, said[strings.LastIndex(said[:len(said)-1], "\n"):])
		}
		line := said[strings.LastIndex(said[:at], "\n")+1 : at]
		if got := strings.TrimSpace(strings.TrimPrefix(line, "* SEARCH")); got != c.want {
			t.Errorf("SEARCH %s finds %q, want %q", c.keys, got, c.want)
		}
	}
}

func TestSearchResults(t *testing.T) {
	w := searched(t)
	said := w.say("a LOGIN ruth secret", "b SELECT ACME", "c UID SEARCH RETURN (MIN MAX COUNT) FROM ann", "d SEARCH RETURN (ALL) NOT 2", "e SEARCH CHARSET KOI8-R BODY x",
		"f SEARCH"+strings.Repeat(" NOT BODY x", maxWords+1), "g SEARCH"+strings.Repeat(" BODY x", maxWords+1), "h SEARCH ALL")
	for _, want := range []string{`* ESEARCH (TAG "c") UID MIN 1 MAX 3 COUNT 2`, `* ESEARCH (TAG "d") ALL 1,3`, "e NO [BADCHARSET]", "f NO [LIMIT]", "g NO [LIMIT]", "* SEARCH 1 2 3\nh OK"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q:\n%s", want, said)
		}
	}
}

// A mail that was erased is in the folder until the client hears of it, and
// found by no word.
func TestSearchPassesByWhatWasErased(t *testing.T) {
	w := searched(t)
	id, _, err := w.store.HasRaw(t.Context(), sum(ticket))
	if err != nil {
		t.Fatal(err)
	}
	c := w.login()
	if _, err := c.Select("ACME", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Erase(t.Context(), []string{id}, threads.Erasure{Cause: threads.CauseRequest, Reason: "asked", By: "olga"}); err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]goimap.SearchCriteria{
		"2 3": {Not: []goimap.SearchCriteria{{Body: []string{"printer"}}}},
		"":    {Header: []goimap.SearchCriteriaHeaderField{{Key: "X-Ticket"}}},
		"1 ":  {Or: [][2]goimap.SearchCriteria{{{Text: []string{"issue"}}, {Body: []string{"printer"}}}}},
	} {
		got, err := c.Search(&q, nil).Wait()
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Trim(fmt.Sprint(got.AllSeqNums()), "[]"); said != strings.TrimSpace(name) {
			t.Errorf("%+v finds %q, want %q", q, said, name)
		}
	}
}

func TestPythonSearches(t *testing.T) {
	python := servers.Program(t, "python3", "python3")
	w := searched(t)
	host, port, _ := net.SplitHostPort(w.address)
	const script = `
import imaplib, sys
c = imaplib.IMAP4(sys.argv[1], int(sys.argv[2]), timeout=60)
c.login("ruth", "secret")
c.select("ACME", readonly=True)
print("body", c.search(None, "BODY", '"label printer"')[1][0].decode())
print("or", c.search(None, "OR", "FROM", "ann", "CC", "carla", "SINCE", "24-Nov-2026")[1][0].decode())
for key in ["SUBJECT", "BODY", "TEXT"]:
    c.literal = "登录".encode()
    print(key, c.uid("SEARCH", "CHARSET", "UTF-8", key)[1][0].decode())
c.logout()
`
	out, err := exec.Command(python, "-c", script, host, port).CombinedOutput()
	if err != nil {
		t.Fatalf("python: %v\n%s", err, out)
	}
	if want := "body 1\nor 2 3\nSUBJECT 2\nBODY 2\nTEXT 2\n"; string(out) != want {
		t.Errorf("imaplib finds\n%s\nwant\n%s", out, want)
	}
}
