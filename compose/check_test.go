package compose

import (
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// checked checks a draft with this front matter and body, its answers aside.
func checked(t *testing.T, front, body string, change func(*CheckInput)) []Finding {
	t.Helper()
	d, findings := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n"+front+"---\n"+body))
	if len(findings) > 0 {
		t.Fatalf("the draft itself: %v", findings)
	}
	in := sampleCheck()
	if change != nil {
		change(&in)
	}
	rin := sampleInput(t, d)
	rin.Past = in.Past
	r, _ := Render(d, rin)
	return Check(d, r, in)
}

// sampleCheck is what the drafts of HARBOUR-WEB are checked against.
func sampleCheck() CheckInput {
	project, _, _ := sampleProject("HARBOUR-WEB")
	other, _, _ := sampleProject("YUNSHAN-APP")
	return CheckInput{
		Project: project, Now: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC),
		Directory: threads.NewDirectory([]threads.Project{*project, *other, {
			Key: "MERIDIAN-PORTAL", Name: "Customer portal for Meridian", Client: "Meridian Logistics", Address: "meridian@northlight.example",
			Contacts: []threads.Contact{{Name: "Anna Weiss", Addresses: []string{"anna@meridian.example", "tom@harbourlane.example"}}}, Domains: []string{"meridian.example"},
		}}, []threads.Person{{Login: "mara", Name: "Mara", Addresses: []string{"mara@northlight.example"}}}, nil),
	}
}

func found(findings []Finding) string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Code+":"+number(float64(f.Line)))
	}
	return strings.Join(out, " ")
}

// Each body begins on line 5.
func TestChecks(t *testing.T) {
	long := strings.Repeat("the shop is open and the books are here and ", 4)
	for _, c := range []struct{ front, body, want string }{
		{"", "All is well.", ""},
		{"", "## Empty\n\n## Full\n\nText.", "section-empty:5"},
		{"", "Text.\n\n## Last\n", "section-empty:7"},
		{"", "## Over\n\n### Under\n\nText.", ""},
		{"", "We did [[what]].", "placeholder:5"},
		{"", "All is\nwell and\nTBD", "placeholder:7"},
		{"", "```risks\n- risk: one\n  level: low\n  action: \"[[what we do]]\"\n```", "placeholder:8"},
		{"subject: \"Week {{.Period}}\"\n", "Text.", "placeholder:4"},
		{"", "待补充", "placeholder:5"},
		{"", "Done.[^1]\n\n[^1]: By Mara.", ""},
		{"", "Done.\n\nMore.[^x]", "note-missing:7"},
		{"", "Done, see `[^x]`.", ""},
		{"", "```risks\n- risk: one[^1]\n  level: low\n  action: two\n```\n\n[^1]: Text.", "note-missing:6"},
		{"", "See the [shop](http://a.example).", "link-scheme:5"},
		{"", "See\n[this](javascript:x).", "link-scheme:6"},
		{"", "Look [here](https://a.example).", "link-text:5"},
		{"", "请[点击这里](https://a.example)查看。", "link-text:5"},
		{"", "[the very long page](https://a.example/" + strings.Repeat("x", 80) + ")", "link-long:5"},
		{"", "![](home.png)", "picture-only:0 picture-alt:5"},
		{"to: someone@else.example\n", "Text.", "recipient-foreign:4"},
		{"cc: mara@northlight.example\n", "Text.", ""},
		{"to: new@shop.harbourlane.example\n", "Text.", ""},
		{"", "As for Meridian Logistics, it works.", "other-client:5"},
		{"", "As for\nmeridian-portal, it works.", "other-client:6"},
		{"", "Anna Weiss likes it.", "other-client:5"},
		{"", "Annabel Weissmann likes it.", ""},
		{"", "王敏也喜欢。", "other-client:5"},
		{"", "It was shown at [the portal](https://meridian.example/x).", "other-client:5"},
		{"", "```\nssh meridian.example\n```", "other-client:0"},
		{"", "Write to tom@harbourlane.example.", ""},
		{"", "See the [plan](https://files.northlight.example/meridian_logistics/plan).", "other-client:5"},
		{"subject: News of 云杉科技\n", "Text.", "other-client:4"},
		{"", "本周完成,下周继续。", "punctuation:5"},
		{"", "版本1.2已发布（共3项）。", ""},
		{"", "One, and " + long + ".", "long-sentence:5"},
		{"", strings.Repeat("本周完成了很多工作", 10) + "。", "long-sentence:5"},
		{"", "We refactored the shop.", "jargon:5"},
		{"", "我们完成了重构。", "jargon:5"},
		{"silence:\n  jargon: they are programmers too\n", "We refactored the shop.", ""},
		{"silence:\n  picture-alt: not needed\n", "![](home.png)", "picture-only:0 silence-unknown:5 picture-alt:7"},
		{"silence:\n  block-unknown: an example of ours\n", "```milestone\na: b\n```", ""},
		{"silence:\n  html-size: they read it\n", "Text.", "silence-unknown:5"},
		{"silence:\n  jargn: typo\n", "Text.", "silence-unknown:5"},
		{"", "The CRM is ready.", "abbreviation:5"},
		{"", "The customer list (CRM) is ready, and the CRM works.", ""},
		{"", "The PDF and D-1 are here; F-13 too.", ""},
		{"", "You forgot the texts.", "tone:5"},
		{"", "早就说过要提供素材。", "tone:5"},
		{"", "You still have not sent the texts.", "tone:5"},
		{"", "You never answered. You're late again.", "tone:5 tone:5"},
		{"", "We are still waiting for your reply.", "tone:5"},
		{"", "You have not lost anything, and did not have to wait.", ""},
		{"", "The launch was a disaster.", "tone:5"},
		{"", "由于贵方原因，上线推迟。", "tone:5"},
		{"", "至今没有收到您的反馈。", "tone:5"},
		{"", "我们会在收到您的反馈后继续。", ""},
		{"", "现场一团糟。", "tone:5"},
		{"", "The plan is attached.", "attachment-promised:5"},
		{"attachments: letters/plan.csv\n", "The plan is attached.", ""},
		{"", "价格见附件。", "attachment-promised:5"},
		{"", "```milestones\n- milestone: Test\n  date: 2026-11-20\n  state: on-track\n```", "late-date:6"},
		{"", "```milestones\n- milestone: Test\n  date: 2026-11-20\n  state: done\n- milestone: Next\n  date: 2026-12-20\n  state: moved\n```", "late-date:9"},
		{"", "```risks\n- risk: No text\n  level: low\n  action: we ask\n  since: 2026-10-01\n```", "risk-stale:6"},
	} {
		if got := found(checked(t, c.front, c.body, nil)); got != c.want {
			t.Errorf("%q %q finds %q, want %q", c.front, clip(c.body, 100), got, c.want)
		}
	}
}

func TestFindingsTellWhatToDo(t *testing.T) {
	for _, f := range checked(t, "to: someone@else.example\n", "## Empty\n\n## TBD\n\nLook [here](http://a.example), we refactored it, 完成,下周。", nil) {
		if f.Words == "" || f.Proposal == "" || f.Path != "week.md" || f.Code == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestNobodyToSendTo(t *testing.T) {
	got := found(checked(t, "", "Text.", func(in *CheckInput) {}))
	if got != "" {
		t.Fatal(got)
	}
	d, _ := ReadDraft("week.md", []byte("---\nproject: X\nperiod: 2026-W48\n---\nText."))
	p := &threads.Project{Key: "X", Name: "x"}
	r, _ := Render(d, RenderInput{Project: p})
	if got := found(Check(d, r, CheckInput{Project: p})); got != "recipient-none:2" {
		t.Error(got)
	}
}

func TestWhatIsOwedToTheClient(t *testing.T) {
	_, _, past := sampleProject("HARBOUR-WEB")
	past.Open = append(past.Open[:2], threads.Item{Number: 20, Kind: threads.Praise, State: threads.Noted, Text: "Lovely."}, threads.Item{Number: 21, Kind: threads.Request, State: threads.Open, Text: "x", Answer: &threads.Answer{}})
	with := func(in *CheckInput) { in.Past = past }
	if got := codes(checked(t, "", "Text.", with)); got != "answer-missing answer-missing" {
		t.Error(got)
	}
	if got := codes(checked(t, "", "```answers\n- item: F-13\n  answer: done\n  reason: It is there.\n- item: 14\n  answer: done\n  reason: It is there.\n```", with)); got != "" {
		t.Error(got)
	}
	if got := codes(checked(t, "silence:\n  answer-missing: told by telephone\n", "Text.", with)); got != "" {
		t.Error(got)
	}
}

func TestAgainstTheReportsBefore(t *testing.T) {
	last := threads.Report{Period: "2026-W47", Status: "green", State: threads.ReportSent, Subject: "Weekly",
		Draft:  "---\nproject: HARBOUR-WEB\nperiod: 2026-W47\n---\n\n## Next week\n\n- The vouchers get their printed design\n\n```progress\n- work: Checkout\n  done: 60\n```\n",
		Points: []threads.Point{{ID: "P1", Text: "x"}}}
	older := threads.Report{Period: "2026-W46", State: threads.ReportSent, Points: []threads.Point{{ID: "P1", Text: "x"}}}
	for _, c := range []struct{ front, body, want string }{
		{"", "The voucher design is printed.\n\n```rating\n```", ""},
		{"", "Nothing of that.\n\n```rating\n```", "promise-forgotten:0"},
		{"", "The voucher design is printed.", "nothing-asked:0"},
		{"", "The voucher design is printed. Do you like it?", ""},
		{"status: red\n", "The voucher design is printed.\n\n```rating\n```", "status-reason:4"},
		{"", "The voucher design is printed.\n\n```status\noverall: red\nsummary: A fire.\n```\n\n```rating\n```", ""},
		{"", "The voucher design is printed.\n\n```progress\n- work: checkout\n  done: 50\n```\n\n```rating\n```", "progress-back:8"},
		{"", "The voucher design is printed.\n\n```progress\n- work: checkout\n  done: 70\n  was: 50\n```\n\n```rating\n```", "figure-differs:8"},
		{"", "The voucher design is printed.\n\n```progress\n- work: checkout\n  done: 50\n  was: 60\n  note: A fault came back.\n```\n\n```rating\n```", ""},
	} {
		got := found(checked(t, c.front, c.body, func(in *CheckInput) { in.Past.Reports = []threads.Report{last, older} }))
		if got != c.want {
			t.Errorf("%q finds %q, want %q", c.body, got, c.want)
		}
	}
	plan := last
	plan.Draft = "---\nproject: HARBOUR-WEB\nperiod: 2026-W47\n---\n\n```milestones\n- milestone: Test\n  date: 2026-11-27\n  state: done\n- milestone: Opening\n  date: 2026-12-07\n  was: 2026-12-01\n  state: moved\n```\n\n```chart\ntitle: Orders\nvalues:\n- label: Bath\n  value: 31\n```\n"
	for body, want := range map[string]string{
		"```milestones\n- milestone: opening\n  date: 2026-12-07\n  was: 2026-12-01\n  state: moved\n```":                          "",
		"```milestones\n- milestone: opening\n  date: 2026-12-14\n  was: 2026-12-07\n  state: moved\n```":                          "",
		"```milestones\n- milestone: opening\n  date: 2026-12-09\n  state: done\n```":                                              "",
		"```milestones\n- milestone: opening\n  date: 2026-12-14\n  state: on-track\n```":                                          "figure-differs:6",
		"```milestones\n- milestone: opening\n  date: 2026-12-14\n  was: 2026-12-10\n  state: moved\n```":                          "figure-differs:6",
		"```milestones\n- milestone: Test\n  date: 2026-11-27\n  state: on-track\n```":                                             "progress-back:6",
		"```milestones\n- milestone: Test\n  date: 2026-11-27\n  state: on-track\n  note: Two pages must be looked at again.\n```": "",
		"```chart\ntitle: Orders\nvalues:\n- label: Bath\n  value: 40\n  was: 31\n```":                                             "",
		"```chart\ntitle: Orders\nvalues:\n- label: Bath\n  value: 40\n  was: 13\n```":                                             "figure-differs:8",
		"```chart\ntitle: Visits\nvalues:\n- label: Bath\n  value: 40\n  was: 13\n```":                                             "",
	} {
		if got := found(checked(t, "", body+"\n\n```rating\n```", func(in *CheckInput) { in.Past.Reports = []threads.Report{plan} })); got != want {
			t.Errorf("%q finds %q, want %q", body, got, want)
		}
	}
	same := last
	same.Period = "2026-W48"
	if got := codes(checked(t, "", "```rating\n```", func(in *CheckInput) { in.Past.Reports = []threads.Report{same} })); got != "period-sent" {
		t.Error(got)
	}
	same.State = threads.ReportCancelled
	if got := codes(checked(t, "", "```rating\n```", func(in *CheckInput) { in.Past.Reports = []threads.Report{same} })); got != "" {
		t.Error(got)
	}
}

// The sample letters are what we hold up as good: the check agrees.
func TestSampleLettersPassTheCheck(t *testing.T) {
	for name, r := range sampleLetters(t) {
		if name == "markup" || name == "wide" || name == "mixed" || name == "long" { // these show what can be written, not what should
			continue
		}
		project, _, past := sampleProject(r.Project)
		past.Open = nil
		d := readSample(t, name)
		for _, f := range Check(d, r, CheckInput{Project: project, Past: past, Now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}) {
			t.Errorf("%s: %s", name, f)
		}
	}
}

func TestLinksThatLeadNowhere(t *testing.T) {
	body := "See the [preview](https://a.example/x), the [list](https://b.example) and the [preview again](https://a.example/x).\n\nOr write to [us](mailto:a@b.example)."
	var asked []string
	got := checked(t, "", body, func(in *CheckInput) {
		in.Dead = func(links []string) map[string]string {
			asked = links
			return map[string]string{"https://a.example/x": "the server answers 404 Not Found"}
		}
	})
	if found(got) != "link-dead:5" || strings.Join(asked, " ") != "https://a.example/x https://b.example" {
		t.Errorf("found %v, asked %v", got, asked)
	}
}

func TestOutsideTheClientsHours(t *testing.T) {
	hours := threads.Hours{Zone: time.FixedZone("", 8*3600), From: "09:00", Until: "18:00", Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}}
	for _, c := range []struct {
		at, want string
	}{
		{"2026-11-27T07:00:00Z", ""},
		{"2026-11-27T12:00:00Z", "it is Friday 20:00 for the client, outside of their working hours; send it from Monday 09:00 on"},
		{"2026-11-28T03:00:00Z", "it is Saturday 11:00 for the client, outside of their working hours; send it from Monday 09:00 on"},
	} {
		got := ""
		for _, f := range checked(t, "", "All is well.", func(in *CheckInput) {
			in.Hours, in.Now = hours, day(t, c.at)
		}) {
			got += f.Words + "; " + f.Proposal
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.at, got, c.want)
		}
	}
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAProjectHasItsOwnJargon(t *testing.T) {
	body := "The fulfilment of SKU 12 is late."
	if got := found(checked(t, "", body, func(in *CheckInput) { in.Jargon = []string{"fulfilment"} })); !strings.Contains(got, "jargon:5") {
		t.Errorf("found %q", got)
	}
}

// A file's name has no blanks between its words, and names a client all the same.
func TestAnotherClientInTheNameOfAFile(t *testing.T) {
	for name, want := range map[string]bool{
		"Meridian_Logistics-plan.csv": true, "MeridianLogistics.pdf": true, "meridian-logistics.example.txt": true, "anna.weiss.txt": true,
		"云杉科技报价.pdf": true, "MERIDIAN-PORTAL_v2.pdf": true, "logistics.pdf": false, "annabel.weissmann.txt": false, "plan.csv": false,
	} {
		d, _ := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\nattachments: ["+name+"]\n---\n\nText."))
		in := sampleInput(t, d)
		in.ReadFile = func(string) ([]byte, error) { return []byte("x"), nil }
		r, _ := Render(d, in)
		found := codes(Check(d, r, sampleCheck()))
		if (found == "other-client") != want {
			t.Errorf("%s: found %q", name, found)
		}
	}
}
