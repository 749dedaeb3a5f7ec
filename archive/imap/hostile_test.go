package imap

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/threads"
)

// nested is a mail with n mails or multiparts inside of each other.
func nested(n int, level func(int) string) string {
	var b strings.Builder
	b.WriteString("Subject: deep\r\n")
	for i := range n {
		b.WriteString(level(i))
	}
	b.WriteString("\r\nThe end.\r\n")
	return b.String()
}

// What somebody has sent to the house must not part its readers from the rest:
// each of these mails is shown, and so is the next one.
func TestNoMailStopsAMailProgram(t *testing.T) {
	for name, raw := range map[string]string{
		"no part":             "Content-Type: multipart/mixed; boundary=b\r\n\r\nhello\r\n",
		"no boundary":         "Content-Type: multipart/mixed\r\n\r\nhello\r\n",
		"no kind":             "Content-Type: multipart\r\n\r\nhello\r\n",
		"no part inside":      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed\r\n\r\nhello\r\n--b--\r\n",
		"no part in a mail":   "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nhello\r\n",
		"NUL":                 "From: \"a\x00\" <x\x00@y>\r\nContent-Type: text/pl\x00ain; name=\"a\x00\"\r\nContent-ID: \x00\xff\r\n\r\nhello",
		"bytes in the header": "Subject: \xff\r\nContent-Type: text/plain; name=\"\xff\"\r\nContent-Transfer-Encoding: \xff\r\n\r\nhello",
		"nothing":             "",
		"deep parts": nested(5000, func(i int) string {
			return fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
		}),
		"deep mails":   nested(20000, func(int) string { return "Content-Type: message/rfc822\r\n\r\n" }),
		"many headers": strings.Repeat("X: y\r\n", 200000) + "\r\nhello",
		"many parts":   "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: multipart/mixed\r\n\r\n", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.file("ACME", threads.In, noon, raw)
			w.file("ACME", threads.In, noon, plain)
			said := w.say("a LOGIN ruth secret", "b SELECT ACME", "c FETCH 1:2 (UID ENVELOPE BODYSTRUCTURE)", "d FETCH 1:2 BODY.PEEK[1]",
				"e FETCH 1:2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "f FETCH 1:2 (BODY.PEEK[1.MIME] BODY.PEEK[1.1.1] BODY.PEEK[2])", "g NOOP")
			for _, tag := range "cdefg" {
				if !strings.Contains(said, "\n"+string(tag)+" OK") {
					t.Errorf("command %c was not answered: %.1000s", tag, said)
				}
			}
			for _, n := range []string{"1", "2"} {
				if !strings.Contains(said, "* "+n+" FETCH (UID") {
					t.Errorf("mail %s is not shown", n)
				}
			}
			if strings.Contains(raw, "hello") && !strings.Contains(said, "hello") {
				t.Error("its words are not shown")
			}
		})
	}
}

func TestFieldsAreTheExactBytes(t *testing.T) {
	const raw = "Subject: one\r\n  two\r\nTo:a@b.example\r\nsubject : again\r\nno field\r\nX-Last: =?x\r\n\r\nSubject: in the text\r\n"
	for want, o := range map[string]goimap.FetchItemBodySection{
		"Subject: one\r\n  two\r\nsubject : again\r\n\r\n":  {HeaderFields: []string{"SUBJECT", "From"}},
		"To:a@b.example\r\nno field\r\nX-Last: =?x\r\n\r\n": {HeaderFieldsNot: []string{"subject"}},
		"\r\n":       {HeaderFields: []string{"Date"}},
		"a@b":        {HeaderFields: []string{"To"}, Partial: &goimap.SectionPartial{Offset: 3, Size: 3}},
		"Subject: i": {Part: []int{1}, Partial: &goimap.SectionPartial{Size: 10}},
		"":           {Part: []int{2}},
	} {
		if got := cut([]byte(raw), &o); string(got) != want {
			t.Errorf("%+v is %q, want %q", o, got, want)
		}
	}
}

// A mail program's own commands cannot keep the server busy either.
func TestCommandsWithoutEnd(t *testing.T) {
	w := newWorld(t)
	w.file("ACME", threads.In, noon, plain)
	for _, command := range []string{
		`b LIST "" "` + strings.Repeat("*%", 1000) + `x"`,
		"b SEARCH" + strings.Repeat(" TEXT a", 51),
		"b SEARCH" + strings.Repeat(" OR BODY a NOT HEADER b c", 26),
	} {
		if said := w.say("a LOGIN ruth secret", "s SELECT ACME", command); !strings.Contains(said, "b NO [LIMIT]") {
			t.Errorf("%.40s: %.1000s", command, said)
		}
	}
	if said := w.say("a LOGIN ruth secret", "s SELECT ACME", "b SEARCH"+strings.Repeat(" TEXT label", 50)); !strings.Contains(said, "* SEARCH 1\n") {
		t.Errorf("fifty words: %.1000s", said)
	}
}

// Nothing is had between the end of somebody's time and the next look at it.
func TestNothingIsReadAfterTheEnd(t *testing.T) {
	for _, command := range []string{"FETCH 1 BODY[]", "FETCH 1 ENVELOPE", "SEARCH TEXT label"} {
		w := newWorld(t)
		w.file("ACME", threads.In, noon, plain)
		c := w.connect()
		if err := c.Login("ruth", "secret").Wait(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Select("ACME", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		w.ended.Store(true)
		var err error
		if name, _, _ := strings.Cut(command, " "); name == "SEARCH" {
			_, err = c.Search(&goimap.SearchCriteria{Text: []string{"label"}}, nil).Wait()
		} else {
			var got []*imapclient.FetchMessageBuffer
			got, err = c.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{Envelope: true, BodySection: []*goimap.FetchItemBodySection{{}}}).Collect()
			if len(got) > 0 {
				t.Errorf("%s: a mail is had", command)
			}
		}
		if err == nil || !strings.Contains(err.Error(), "ended") {
			t.Errorf("%s: %v", command, err)
		}
		c.Close()
		<-w.left
	}
}

// end is a connection from some address that takes and gives nothing.
type end struct {
	net.Conn
	from string
}

func (e end) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(e.from)) }

func TestOneAddressDoesNotTakeAllPlaces(t *testing.T) {
	g := newGuests(nil)
	open := func(from string) *guest {
		here, there := net.Pipe()
		t.Cleanup(func() { here.Close(); there.Close() })
		c := end{here, from}
		return g.take(c, address(c))
	}
	var first *guest
	for i := range perAddress {
		c := open(fmt.Sprintf("192.0.2.1:%d", 1000+i))
		if c == nil {
			t.Fatalf("connection %d is refused", i+1)
		}
		first = c
	}
	if open("192.0.2.1:5") != nil || open("[::ffff:192.0.2.1]:5") != nil {
		t.Error("one address has more connections than it may have")
	}
	if open("192.0.2.2:5") == nil {
		t.Error("another address has none")
	}
	first.Close()
	first.Close()
	if open("192.0.2.1:6") == nil || open("192.0.2.1:7") != nil {
		t.Error("a connection that was closed does not count as one")
	}
	for range 2 * perAddress {
		if open("127.0.0.1:5") == nil {
			t.Fatal("a proxy on this machine is counted as one client")
		}
	}
}

func TestAGuestSendsLittle(t *testing.T) {
	w := newWorld(t)
	long := `b LIST "" (` + strings.Repeat("{4000+}\r\n"+strings.Repeat("a", 4000)+" ", 20)
	if said := w.say(long + "x)"); strings.Contains(said, "only valid") {
		t.Errorf("80 KB before the login are read: %.200s", said)
	}
	if said := w.say("a LOGIN ruth secret", long+"x)"); !strings.Contains(said, "b OK") {
		t.Errorf("80 KB after the login are not read: %.200s", said)
	}
}

// A guest who does nothing goes by itself, and a reader stays.
func TestAGuestsTimeEnds(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	g := newGuests(nil)
	c := g.take(end{here, "192.0.2.1:1"}, netip.MustParseAddr("192.0.2.1"))
	if !c.late.Reset(time.Nanosecond) {
		t.Fatal("nothing ends a guest's time")
	}
	if _, err := there.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is open")
	}

	reader, other := net.Pipe()
	defer other.Close()
	c = g.take(end{reader, "192.0.2.1:1"}, netip.MustParseAddr("192.0.2.1"))
	welcome(c)
	if c.late.Stop() {
		t.Error("a reader's time ends")
	}
	go c.Write([]byte("x"))
	if n, err := other.Read(make([]byte, 1)); n != 1 {
		t.Error(err)
	}
}

// Attempts are counted by address, whatever port they come from.
func TestTheAddressHasNoPort(t *testing.T) {
	w := newWorld(t)
	w.say("a LOGIN ruth secret")
	if from := <-w.from; from != "127.0.0.1" {
		t.Errorf("the login came from %q", from)
	}
}
