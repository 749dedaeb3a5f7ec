package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rapport/threads"
)

// words is the text of a page's main part as it is read: white space folded.
func words(t testing.TB, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && inside(n, "main") {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func inside(n *html.Node, element string) bool {
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && a.Data == element {
			return true
		}
	}
	return false
}

// says holds that a page's words have these, in this order.
func says(t *testing.T, s *Server, address string, want ...string) {
	t.Helper()
	text := words(t, body(t, s, address))
	rest := text
	for _, w := range want {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			t.Errorf("%s does not say %q there:\n%s", address, w, text)
			return
		}
		rest = after
	}
}

func TestPagesSayWhatMatters(t *testing.T) {
	s := serve(t, newWorld(t))
	for _, c := range []struct {
		name, address string
		want          []string
	}{
		{"overview: what is late first, then what is urgent, then what is due", "/?lang=en",
			[]string{"7 items are waiting for an answer", "2 late", "2 urgent", "3 mails in the tray", "opening hours", "昨晚", "WINTER25", "积分明细", "Harbour Coffee", "4 open", "云杉科技", "Meridian"}},
		{"overview in Chinese", "/?lang=zh", []string{"有 7 个事项等待答复", "2 个已逾期", "已逾期 1 天", "明天截止", "下次报告"}},
		{"a project", "/p/HARBOUR-WEB?lang=en",
			[]string{"Web shop", "1 late", "Request", "F-3", "Conversations", "Weekly report: Web shop", "Checkout and the launch date", "4 open", "Weekly, Fri 16:00", "Fri 27 Nov, 16:00", "Europe/Berlin", "Delivery trouble", "Week 47, 2026", "1 of 2 reached", "Anna Lindqvist", "gets reports", "Lena Brandt"}},
		{"a thread: the client, our answer, an automatic reply", "/t/t0000000000000001?lang=en",
			[]string{"Checkout and the launch date", "4 items here are waiting", "Anna Lindqvist", "The discount code WINTER25 is not applied", "F-2", "Signature", "Problem", "Urgent", "Waiting for an answer", "Our mail", "Lena Brandt", "Which of the two footers", "Quoted mail", "2 lines", "1 fault in this mail", "Character set guessed", "invoicefdp.exe", "1.2 MB", "Out of office", "Ravi Menon"}},
		{"a report in its thread is one line, its words folded", "/t/t0000000000000002?lang=en",
			[]string{"Our report", "On track", "Report 7", "Text of the report", "Our words, quoted", "The discount code is repaired", "Tested, works.", "Decision", "Not sure: the decision has a condition", "about point P2"}},
		{"an answered item", "/t/t0000000000000003?lang=zh", []string{"问题", "F-2", "技术", "采纳", "已定位为系统浏览器兼容问题", "下一步：", "发布修复版本", "11月27日 周五前", "答复人：tao", "已列入报告", "由 Lena Brandt 转发"}},
		{"an item alone", "/p/HARBOUR-WEB/i/F-6?lang=en", []string{"Decision F-6", "the decision has a condition", "Yes, move the blog", "Kept in mind", "What it answers", "We propose to move the blog", "In its mail", "Tested, works."}},
		{"an item by its bare number", "/p/harbour-web/i/2?lang=en", []string{"Problem F-2", "Waiting for an answer"}},
		{"a mail", "/m/m0000000000000001?lang=en", []string{"Unchanged since it arrived", "From", "Anna Lindqvist", "Copy to", "Ravi Menon", "How did this get here?", "Written to the project’s address", "weight 40", "Known contact", "SHA-256", "Received: from mx.example"}},
		{"a mail of a machine", "/m/m0000000000000004?lang=en", []string{"Out of office", "Kind of mail", "Auto-Submitted: auto-replied"}},
		{"who is away, on the project's page", "/p/HARBOUR-WEB?lang=en", []string{"Ravi Menon away until Mon 30 Nov"}},
		{"and in its thread, in Chinese", "/t/t0000000000000001?lang=zh", []string{"外出至 11月30日 周一"}},
		{"a mail that may be forged", "/m/m0000000000000033?lang=en", []string{"May be forged", "Our own mail server has found that it does not (DMARC).", "It says it is from harbour.example", "Sent by bulk.example",
			"Our server says Authentication-Results: mx.northlight.example; spf=pass", "Signature that holds bulk.example", "Signature that does not hold harbour.example body hash did not verify", "v=DMARC1; p=reject", "as it came into the mailbox projects"}},
		{"the same in Chinese", "/m/m0000000000000033?lang=zh", []string{"可能是伪造", "我方邮件服务器判断并非如此（DMARC）。", "收入邮箱 projects 时"}},
		{"an erased mail in its thread", "/t/t0000000000000004?lang=en", []string{"Erased mail", "because somebody asked for it", "Request 12 of 9 November", "Lena Brandt"}},
		{"an erased mail", "/m/m0000000000000022?lang=zh", []string{"已清除的邮件", "应要求清除", "Request 12 of 9 November", "仅保留位置", "SHA-256"}},
		{"a mail that nobody has looked at", "/m/m0000000000000031?lang=en", []string{"Nobody has looked"}},
		{"a mail in the tray", "/m/m0000000000000031?lang=en", []string{"In the tray", "Sender is not of the project", "is not one of Harbour Coffee's people", "It probably belongs to", "Harbour Coffee · Web shop"}},
		{"a mail's source", "/m/m0000000000000003/source?lang=en", []string{"Source of the mail", "1 KB", "Save the original", "<script>alert(1)</script>"}},
		{"a report", "/r/r0000000000000001?lang=en", []string{"Report 7", "On track", "approved by Lena Brandt", "Anna Lindqvist", "Delivered to the mail server", "Read receipt came back", "250 2.0.0 Ok", "Ravi Menon", "Came back", "2 attempts", "Check the address", "550 5.2.2", "P1", "Tested, works.", "P2", "Yes, move the blog", "1 point without a word", "P3"}},
		{"a report without HTML", "/r/r0000000000000002?lang=zh", []string{"有风险", "已发送", "对方服务器已接收", "本期报告中的答复", "安卓手机上点", "发出的信件", "积分明细有延期风险"}},
		{"items of one kind", "/items?kind=problem&open=1&lang=en", []string{"Items", "昨晚", "WINTER25"}},
		{"no items", "/p/MERIDIAN-PORTAL/items?open=1&lang=en", []string{"Meridian", "Nothing here"}},
		{"search", "/search?q=basket&lang=en", []string{"2 mails found", "Re: Checkout", "basket", "Checkout and the launch date"}},
		{"search by person, kind and attachment", "/search?with=anna&kind=person&attached=1&lang=en", []string{"Person", "Kind of mail", "With an attachment"}},
		{"search in Chinese, in one project", "/search?q=积分明细&project=yunshan-app&lang=zh", []string{"找到 2 封邮件", "我方邮件", "陶然"}},
		{"search in days of mail", "/search?q=basket&from=2026-01-01&to=2026-12-31&lang=en", []string{"2 mails found"}},
		{"search in days of no mail", "/search?q=basket&from=2000-01-01&to=2000-12-31&lang=en", []string{"No mail fits"}},
		{"search without luck", "/search?q=zebra&lang=en", []string{"No mail fits", "Try fewer or other words"}},
		{"the tray", "/tray?lang=en", []string{"Sender is not of the project", "[HARBOUR-WEB] Access", "Pat Doyle", "It probably belongs to", "Unknown sender", "Newsletter or list", "(no subject)", "No project comes to mind"}},
		{"mailboxes", "/mailboxes?lang=en", []string{"projects", "Not being read now", "UIDVALIDITY", "never used", "UID 9", "Photos <b>of</b>", "Anna Lindqvist", "it has 62.0 MB", "Raise limits.message", "yunshan", "Waiting to try again", "The server refused the password", "The address had enough in a day", "Receipt", "Re: <i>Leaflets</i>"}},
		{"the log, newest first", "/log?lang=en", []string{"5 lines", "Mail to the tray", `"type":"mail.tray"`, "News of a delivery", "Report approved", "Mail filed"}},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, s, c.address, c.want...) })
	}
}

func TestAnItemStandsBesideItsMail(t *testing.T) {
	page := body(t, serve(t, newWorld(t)), "/t/t0000000000000001?lang=en")
	for _, want := range []string{
		`<mark class="said problem" id="f2">The discount code WINTER25`, `<a class="ref" href="#n2"`, `<article class="note problem" id="n2">`,
		`<a class="label" href="#f2"`, `<article class="mail ours"`, `<article class="mail machine"`, `<div class="words" dir="auto" lang="en">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestAnItemWhoseWordsAreNotFoundIsStillBesideItsMail(t *testing.T) {
	w := newWorld(t)
	w.items[1].Start++
	page := body(t, serve(t, w), "/t/t0000000000000001?lang=en")
	if strings.Contains(page, `id="f2"`) || !strings.Contains(page, `id="n2"`) || strings.Contains(page, `href="#f2"`) {
		t.Error("the note points at words that are not marked")
	}
}

func TestAChangedMailIsTold(t *testing.T) {
	w := newWorld(t)
	w.raw["m0000000000000001"] = append([]byte("X: y\r\n"), w.raw["m0000000000000001"]...)
	says(t, serve(t, w), "/m/m0000000000000001?lang=en", "The stored bytes are not those that were filed")
}

func TestHostileTextIsOnlyText(t *testing.T) {
	w := newWorld(t)
	const bad = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	from := threads.Address{Name: bad, Address: bad + "@evil.example"}
	w.mail(threads.Message{
		ID: "m0000000000000091", Project: "HARBOUR-WEB", Thread: "t0000000000000001", From: from, To: []threads.Address{from}, Subject: bad, Received: ago(time.Minute), NewText: bad + " " + bad,
		Folds: []threads.Fold{{Reason: bad, Text: bad}}, Faults: []threads.Fault{{Code: bad, Detail: bad}}, Language: bad,
		Attachments: []threads.Attachment{{Part: bad, Name: bad, Type: bad}}, Evidence: []threads.Evidence{{Kind: bad, Project: bad, Detail: bad}},
	}, said{threads.Problem, bad, func(i *threads.Item) {
		i.Why, i.Sure, i.Due, i.About, i.Facet, i.Point, i.Report = bad, false, bad, bad, threads.Facet(bad), bad, "r0000000000000001"
	}})
	w.mail(threads.Message{ID: "m0000000000000092", From: from, Subject: bad, Received: ago(time.Minute), Text: bad, Tray: &threads.Tray{Cause: bad, Words: bad, Proposal: bad}})
	s := serve(t, w)
	for _, address := range []string{"/", "/p/HARBOUR-WEB", "/items", "/t/t0000000000000001", "/m/m0000000000000091", "/m/m0000000000000091/source", "/tray", "/search?q=" + "alert", "/r/r0000000000000001"} {
		root, err := html.Parse(strings.NewReader(body(t, s, address)))
		if err != nil {
			t.Fatal(err)
		}
		check(t, address, root)
	}
}

func TestALongThreadIsCutIntoPages(t *testing.T) {
	w := newWorld(t)
	w.thread("t0000000000000077", "HARBOUR-WEB", "Long", ago(400*day), anna)
	for i := range 120 {
		w.mail(threads.Message{ID: fmt.Sprintf("m77%014d", i), Project: "HARBOUR-WEB", Thread: "t0000000000000077", From: anna, Received: ago(time.Duration(400-i) * day), NewText: fmt.Sprintf("mail %d.", i)})
	}
	s := serve(t, w)
	says(t, s, "/t/t0000000000000077?lang=en", "120 mails", "Show 70 earlier mails", "mail 70.", "mail 119.")
	says(t, s, "/t/t0000000000000077?lang=en&at=m7700000000000030", "Show 20 earlier mails", "mail 20.", "mail 30.", "mail 69.", "Show 50 later mails")
	says(t, s, "/t/t0000000000000077?lang=en&from=m7700000000000000", "mail 0.", "mail 49.", "Show 70 later mails")
	says(t, s, "/t/t0000000000000077?lang=en&at=unknown", "mail 119.")
}

func TestALongListOfItemsIsCutIntoPages(t *testing.T) {
	w := newWorld(t)
	for i := range 230 {
		w.items = append(w.items, threads.Item{ID: fmt.Sprintf("i%03d", i), Project: "MERIDIAN-PORTAL", Number: 100 + i, Message: "m0000000000000021", Thread: "t0000000000000004", Kind: threads.Request, Text: fmt.Sprintf("wish %d.", i), State: threads.Open, Sure: true, At: ago(time.Duration(230-i) * time.Hour)})
	}
	s := serve(t, w)
	says(t, s, "/p/MERIDIAN-PORTAL/items?open=1&lang=en", "wish 0.", "wish 99.", "More items")
	says(t, s, "/p/MERIDIAN-PORTAL/items?open=1&after=i199&lang=en", "wish 200.", "wish 229.")
	if text := words(t, body(t, s, "/p/MERIDIAN-PORTAL/items?open=1&after=i199&lang=en")); strings.Contains(text, "More items") {
		t.Error("the last page leads on")
	}
	says(t, s, "/p/MERIDIAN-PORTAL?lang=en", "230 open", "wish 29.", "All open items")
}

func TestTheLogIsCutIntoPages(t *testing.T) {
	w := newWorld(t)
	for len(w.log) < 250 {
		w.log = append(w.log, []byte(`not JSON`))
	}
	s := serve(t, w)
	says(t, s, "/log?lang=en", "250 lines", "249 Unreadable line", "not JSON", "150 Unreadable line", "Older lines")
	says(t, s, "/log?lang=en&before=150", "Newer lines", "149 Unreadable line", "50 Unreadable line", "Older lines")
	says(t, s, "/log?lang=en&before=1", "Newer lines", "0 Mail filed")
	says(t, s, "/log?lang=en&before=9999", "249 Unreadable line")
}

func TestAllReportsAreShown(t *testing.T) {
	w := newWorld(t)
	for i := range 3 * reportsShown {
		w.reports = append(w.reports, threads.Report{ID: fmt.Sprintf("r99%014d", i), Project: "MERIDIAN-PORTAL", Number: i + 1, Subject: fmt.Sprintf("Report of month %d.", i), State: threads.ReportSent, ApprovedAt: ago(time.Duration(i) * day)})
	}
	s := serve(t, w)
	says(t, s, "/p/MERIDIAN-PORTAL?lang=en", "Report of month 0.", fmt.Sprintf("Report of month %d.", reportsShown-1), "All reports")
	says(t, s, "/p/MERIDIAN-PORTAL?lang=en&reports=all", "Report of month 0.", fmt.Sprintf("Report of month %d.", 3*reportsShown-1))
	for address, not := range map[string]string{"/p/MERIDIAN-PORTAL?lang=en": fmt.Sprintf("Report of month %d.", reportsShown), "/p/MERIDIAN-PORTAL?lang=en&reports=all": "All reports"} {
		if strings.Contains(words(t, body(t, s, address)), not) {
			t.Errorf("%s says %q", address, not)
		}
	}
}
