package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/threads"
)

// corpus are the mails that the searches below look through, the oldest first.
var corpus = map[string]string{
	"login": "The login page fails with ISSUE-12 since Friday. Please look at it before the 3rd.",
	"plan":  "We like the launch plan. The plan for the launch is good, café and résumé included.",
	"zh":    "请在周五之前修复登录页面的问题，版本 v2.1 不能发布。",
	"mixed": "关于 Landing Page 的设计稿：首页 banner 需要更大，谢谢。数据库备份OK",
	"wide":  "ＦＵＬＬ ｗｉｄｔｈ １２３ and ﬁne ligatures; Straße, ЁЛКА, Ελλάδα; 한국어 텍스트; สวัสดี",
	"mail":  "Write to support@acme.example or see https://acme.example/a_b?c=d today.",
}

var corpusOrder = []string{"login", "plan", "zh", "mixed", "wide", "mail"}

func fileCorpus(h *house) {
	for _, name := range corpusOrder {
		f := h.mail(name+"@x", text(corpus[name]), subject("About "+name))
		if name == "mail" {
			f.Message.Project = "OTHER"
			f.Message.From = threads.Address{Name: "王小明", Address: "xiaoming.wang@Other.Example"}
			f.Message.Attachments = []threads.Attachment{{Name: "报价单-2026.pdf"}}
			f.Message.Cc = []threads.Address{{Name: "Carla O'Neil", Address: "carla@other.example"}}
		}
		h.file(f)
	}
}

// found are the corpus's names that a search finds, in its order.
func found(h *house, q threads.SearchQuery) []string {
	h.t.Helper()
	hits, err := h.store.Search(background, q)
	h.must(err)
	out := []string{}
	for _, hit := range hits {
		out = append(out, strings.TrimSuffix(hit.Message.MessageID, "@x"))
		checkHit(h.t, q.Text, hit)
	}
	return out
}

func checkHit(t *testing.T, query string, hit threads.Hit) {
	t.Helper()
	end := 0
	for _, m := range hit.Marks {
		if m[0] < end || m[1] <= m[0] || m[1] > len(hit.Snippet) || !utf8.ValidString(hit.Snippet[m[0]:m[1]]) {
			t.Errorf("%q: mark %v in %q", query, m, hit.Snippet)
			return
		}
		end = m[1]
	}
	if !utf8.ValidString(hit.Snippet) {
		t.Errorf("%q: snippet %q cuts a character", query, hit.Snippet)
	}
}

func searchWords(t *testing.T, h *house) {
	fileCorpus(h)
	for _, c := range []struct {
		query string
		want  string
	}{
		{"login", "login"},
		{"LOGIN Friday", "login"},
		{"login banner", ""},
		{"launch plan", "plan"},
		{`"launch plan"`, "plan"},
		{`"plan launch"`, ""},
		{`“the launch” good`, "plan"},
		{"ISSUE-12", "login"},
		{"issue 12", "login"},
		{"ISSUE-13", ""},
		{"issue-1", ""},
		{"about", "mail wide mixed zh plan login"},
		{"log*", "login"},
		{"cafe resume", "plan"},
		{"café RÉSUMÉ", "plan"},
		{"登录", "zh"},
		{"登", "zh"},
		{"稿", "mixed"},
		{"题", "zh"},
		{"登录页面", "zh"},
		{"录登", ""},
		{"修复 发布", "zh"},
		{"修复发布", ""},
		{"页面 页", "zh"},
		{"页", "mixed zh"},
		{"首页 banner", "mixed"},
		{`"首页 banner"`, "mixed"},
		{`"的设计稿 首页"`, "mixed"},
		{"版本v2.1", "zh"},
		{"备份ok", "mixed"},
		{"full width 123", "wide"},
		{"fine", "wide"},
		{"елка", "wide"},
		{"ελλαδα", "wide"},
		{"한국", "wide"},
		{"국어", "wide"},
		{"สวัส", "wide"},
		{"support@acme.example", "mail"},
		{"https://acme.example/a_b", "mail"},
		{"xiaoming.wang@other.example", "mail"},
		{"王小明", "mail"},
		{"小明", "mail"},
		{"o'neil", "mail"},
		{"报价", "mail"},
		{"报价单-2026.pdf", "mail"},
		{"from:anna", "wide mixed zh plan login"},
		{`from:"Anna Weber" launch`, "plan"},
		{"FROM:anna@acme.example café", "plan"},
		{"from:ann", ""},
		{"from:ann*", "wide mixed zh plan login"},
		{"from:小明", "mail"},
		{"发件人：王小明", "mail"},
		{"from:王", "mail"},
		{"from:carla", ""},
		{"with:carla", "mail"},
		{`with:"carla o'neil"`, "mail"},
		{"with:post@us.example login", "login"},
		{"file:报价单", "mail"},
		{"file:pdf", "mail"},
		{"file:support", ""},
		{"has:attachment", "mail"},
		{"含:附件", "mail"},
		{"kind:person login", "login"},
		{"kind:client login", "login"},
		{"类型:本人撰写 login", "login"},
		{"KIND:Person login", "login"},
		{"kind:out-of-office", ""},
		{"kind:absence", ""},
		{"类型：退信", ""},
		{"kind:ours", ""},
		{"from:", ""},
		{"kind:", ""},
		{`"today about"`, ""},
		{`"about mail 王小明"`, ""},
	} {
		same(t, c.query, strings.Join(found(h, threads.SearchQuery{Text: c.query}), " "), c.want)
	}
	searchWithin(t, h)
	searchMarks(t, h)
}

// searchWithin looks in one project, in some time, and behind a mail.
func searchWithin(t *testing.T, h *house) {
	same(t, "in one project", found(h, threads.SearchQuery{Text: "about", Project: "OTHER"}), []string{"mail"})
	all, err := h.store.Search(background, threads.SearchQuery{Text: "about"})
	h.must(err)
	latest, earliest := all[0].Message, all[len(all)-1].Message
	same(t, "from a moment on", found(h, threads.SearchQuery{Text: "about", From: latest.Received}), []string{strings.TrimSuffix(latest.MessageID, "@x")})
	same(t, "before a moment", len(found(h, threads.SearchQuery{Text: "about", To: latest.Received})), len(all)-1)
	same(t, "in no time", found(h, threads.SearchQuery{Text: "about", From: latest.Received, To: earliest.Received}), []string{})
	for q, want := range map[threads.SearchQuery]int{{Text: "about"}: len(all), {Text: "about", Limit: 1}: len(all),
		{Text: "about", Project: "OTHER"}: 1, {Text: "about", To: latest.Received}: len(all) - 1, {Text: "nowhere"}: 0, {Text: "*"}: 0} {
		n, more, err := h.store.Found(background, q)
		h.must(err)
		same(t, "how many", n, want)
		same(t, "more", more, false)
	}
	for _, q := range []string{"kind:bill", "about has:nothing", "类型：账单", `KIND:"my notes"`, "kind:own-copy"} {
		var unknown *threads.UnknownChoice
		if _, err := h.store.Search(background, threads.SearchQuery{Text: q}); !errors.As(err, &unknown) || !strings.Contains(strings.ReplaceAll(q, `"`, ""), unknown.Written) {
			t.Errorf("%s: %v", q, err)
		}
		if _, _, err := h.store.Found(background, threads.SearchQuery{Text: q}); !errors.As(err, &unknown) {
			t.Errorf("count of %s: %v", q, err)
		}
	}
	same(t, "in no project", found(h, threads.SearchQuery{Text: "about", Project: "NONE"}), []string{})
	same(t, "the two behind the latest", found(h, threads.SearchQuery{Text: "about", Before: latest.ID, Limit: 2}), found(h, threads.SearchQuery{Text: "about", Limit: 3})[1:])
	same(t, "behind the earliest", found(h, threads.SearchQuery{Text: "about", Before: earliest.ID}), []string{})
	same(t, "behind one, before a moment", found(h, threads.SearchQuery{Text: "about", Before: latest.ID, To: earliest.Received}), []string{})
	if _, err := h.store.Search(background, threads.SearchQuery{Text: "about", Before: "m9"}); !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("behind a mail that is not there: %v", err)
	}
	searchWithoutWords(t, h, latest)
	same(t, "limited", found(h, threads.SearchQuery{Text: "about", Limit: 2}), []string{"mail", "wide"})
}

// searchMarks looks at what is marked in the snippets.
func searchMarks(t *testing.T, h *house) {
	for query, want := range map[string]string{"登": "[登]", "launch plan": "[launch][plan][plan][launch]", "ISSUE-12": "[ISSUE-12]",
		"录页面": "[录页面]", "resume": "[résumé]", "width": "[ｗｉｄｔｈ]", "o'neil": ""} {
		hits, err := h.store.Search(background, threads.SearchQuery{Text: query})
		h.must(err)
		got := ""
		for _, m := range hits[0].Marks {
			got += "[" + hits[0].Snippet[m[0]:m[1]] + "]"
		}
		same(t, "marks of "+query, got, want)
	}
}

// searchCounts counts words further than phrases.
func searchCounts(t *testing.T, h *house) {
	var filings []threads.Filing
	for n := range threads.MostPhrases + 2 {
		filings = append(filings, h.mail(fmt.Sprintf("%d@x", n), text("the launch plan")))
	}
	for batch := range slices.Chunk(filings, 100) {
		h.file(batch...)
	}
	for query, want := range map[string]string{"launch": fmt.Sprint(len(filings), false), "launch plan": fmt.Sprint(len(filings), false), `"launch plan"`: fmt.Sprint(threads.MostPhrases, true), `"plan launch"`: "0 false"} {
		n, more, err := h.store.Found(background, threads.SearchQuery{Text: query})
		h.must(err)
		same(t, query, fmt.Sprint(n, more), want)
	}
}

// searchWithoutWords asks for mail by its project and its days only.
func searchWithoutWords(t *testing.T, h *house, latest threads.Message) {
	all := found(h, threads.SearchQuery{})
	for name, q := range map[string]threads.SearchQuery{"of a project": {Project: "ACME"}, "from a moment on": {From: latest.Received}, "before a mail": {Before: latest.ID}, "of a project before a mail": {Project: "ACME", Before: latest.ID}} {
		want := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
			m := mustMessage(h, name+"@x")
			return q.Project != "" && m.Project != q.Project || m.Received.Before(q.From) || q.Before != "" && !m.Received.Before(latest.Received)
		})
		same(t, name, found(h, q), want)
		n, _, err := h.store.Found(background, threads.SearchQuery{Project: q.Project, From: q.From})
		h.must(err)
		if n < len(want) || len(want) == 0 {
			t.Errorf("%s: %d mails counted, %d found", name, n, len(want))
		}
	}
	n, _, err := h.store.Found(background, threads.SearchQuery{})
	h.must(err)
	same(t, "all mail", len(all), n)
}

// searchHaving asks which mail of a project may have some words.
func searchHaving(t *testing.T, h *house) {
	fileCorpus(h)
	copied := h.mail("copy@x", text("The launch plan, sent."))
	copied.Message.Class = threads.ClassOwnCopy
	h.file(copied)
	for words, want := range map[string]string{"Launch pl": "copy plan", "launch": "copy plan", "aunch": "copy", "登录": "copy zh", "录页": "copy zh", "页": "copy mixed zh", "the launch p": "copy plan",
		"xiaoming": "copy", "3rd.": "copy login"} {
		ids, ok, err := h.store.Having(background, "ACME", words)
		h.must(err)
		var names []string
		for _, name := range []string{"copy", "login", "plan", "mixed", "zh", "wide", "mail"} {
			if slices.Contains(ids, mustMessage(h, name+"@x").ID) {
				names = append(names, name)
			}
		}
		same(t, words, strings.Join(names, " "), want)
		same(t, words+" is looked up", ok, true)
	}
	_, ok, err := h.store.Having(background, "ACME", " ... ")
	h.must(err)
	same(t, "no words are looked up", ok, false)
	ids, _, err := h.store.Within(threads.Scope{Projects: []string{"OTHER"}}).Having(background, "ACME", "launch")
	h.must(err)
	same(t, "who may not read the project", len(ids), 0)
}

func searchHostile(t *testing.T, h *house) {
	fileCorpus(h)
	for _, q := range []string{"", " ", `"`, `""`, `"""`, "*", "-", "AND", "OR NOT", "NEAR(a b)", "words:login", "login:*", "^login", "(", ")", "'", "''",
		"\\", "\x00", "\xff\xfe", "a\x00b", "%", "_", "{login}", "login + plan", "!", "&", "|", "<->", ":*", "'a':1", "\u202e", "́", "‘", "project:41434d45", ": :",
		strings.Repeat("登录", 5000), strings.Repeat("a ", 5000), strings.Repeat(`"`, 999), strings.Repeat("x", 100000), strings.Repeat("\u0301", 3000)} {
		if _, err := h.store.Search(background, threads.SearchQuery{Text: q, Project: q}); err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
		if _, err := h.store.Search(background, threads.SearchQuery{Text: q}); err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
	}
	for query, want := range map[string][]string{`"login page`: {"login"}, "login)": {"login"}, `login" AND`: {}, "project:41434d45": {}, "l*": {}} {
		same(t, query, found(h, threads.SearchQuery{Text: query}), want)
	}
}

func searchLong(t *testing.T, h *house) {
	var b strings.Builder
	b.WriteString("alpha begins. ")
	for i := range 60000 {
		fmt.Fprintf(&b, "word%d the 很长的信 ", i)
	}
	b.WriteString("omega ends 结束了。" + strings.Repeat("y", 5000))
	h.file(h.mail("long@x", text(b.String())), h.mail("short@x", text("alpha only")))
	for query, want := range map[string][]string{"alpha omega": {"long"}, `"omega ends"`: {"long"}, "结束了": {"long"}, "alpha": {"short", "long"},
		`"word3999 the 很长的信 word4000"`: {"long"}, `"word59998 the"`: {"long"}, `"word1 word2"`: {}, "anna word777 word59999": {"long"}} {
		same(t, query, found(h, threads.SearchQuery{Text: query}), want)
	}
	same(t, "in its project", found(h, threads.SearchQuery{Text: "alpha omega", Project: "ACME"}), []string{"long"})
	same(t, "in another project", found(h, threads.SearchQuery{Text: "alpha omega", Project: "OTHER"}), []string{})
}

func searchRepair(t *testing.T, h *house) {
	db := h.direct()
	_, err := db.Exec("alter table search rename to gone")
	h.must(err)
	filed := h.file(h.mail("a@x", text("findme")), h.mail("b@x", text("findme too")))
	if len(filed) != 2 {
		t.Fatalf("filed %+v", filed)
	}
	mustMessage(h, "a@x")
	if n, err := h.store.Repair(background); n != 0 || err != nil {
		t.Errorf("repaired %d without an index: %v", n, err)
	}
	_, err = db.Exec("alter table gone rename to search")
	h.must(err)
	h.clock.pass(time.Minute)
	h.store = h.open()
	same(t, "found after the repair", found(h, threads.SearchQuery{Text: "findme"}), []string{"b", "a"})
	if n, err := h.store.Repair(background); n != 0 || err != nil {
		t.Errorf("repaired %d again: %v", n, err)
	}
}

// searchOwnCopy: a report is found once, as the letter, and not again as the
// copy of it that lies in our mailbox.
func searchOwnCopy(t *testing.T, h *house) {
	letter, copied := mailOf("ACME", "letter@x", "The calendar is ready."), mailOf("ACME", "letter@x", "The calendar is ready.")
	letter.Message.Direction, letter.Items = threads.Out, nil
	copied.Raw, copied.Items = append([]byte("Received: here\r\n"), copied.Raw...), nil
	copied.Message.Class = threads.ClassOwnCopy
	filed := h.file(letter, copied)
	hits, err := h.store.Search(background, threads.SearchQuery{Text: "calendar"})
	h.must(err)
	if len(hits) != 1 || hits[0].Message.ID != filed[0].Message {
		t.Errorf("%d mails found, want only the letter", len(hits))
	}
}
