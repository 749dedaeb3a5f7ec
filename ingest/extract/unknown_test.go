package extract

import (
	"strings"
	"testing"

	"rapport/threads"
)

// TestRepliesWithoutTheLetter reads the same replies when the letter is not
// known: where the program marks the quotation, the client's words must come
// out all the same. Without marks and without the letter nobody can tell.
func TestRepliesWithoutTheLetter(t *testing.T) {
	mails, exact := 0, 0
	for i := range testLetters {
		l := &testLetters[i]
		for _, p := range mailPrograms {
			m := l.message(p)
			switch p.name {
			case "coloured inside the quotation", "typed inside the quotation, no colour", "NetEase, HTML", "Foxmail, HTML",
				"behind an arrow on the point's own line", "wrapped behind the mark":
				continue
			}
			if !strings.Contains(m.Text, "\n>") && !strings.Contains(m.Text, "\n|") {
				continue
			}
			r := Read(Input{Mail: m, Class: threads.ClassPerson, Language: l.language})
			checkResult(t, r)
			mails++
			if folded(r.NewText) == folded(l.newText()) {
				exact++
			} else {
				t.Logf("letter %d, %s: new text\n%q\nwant\n%q", i, p.name, folded(r.NewText), folded(l.newText()))
			}
		}
	}
	t.Logf("%d of %d new texts exact", exact, mails)
	if float64(exact) < 0.95*float64(mails) {
		t.Errorf("%d of %d new texts exact", exact, mails)
	}
}

// TestTopAnswers puts one answer above the whole letter, in every program's
// way, with and without the letter known: nothing of ours may be left.
func TestTopAnswers(t *testing.T) {
	for _, known := range []bool{true, false} {
		mails, exact := 0, 0
		for i := range testLetters {
			l := testLetters[i]
			l.answers = make([]string, len(l.answers))
			l.top += "\n\n" + map[string]string{"en": "Please call me about the vouchers.\n\nBest regards,\n" + l.them[0], "zh": "请给我回个电话。\n\n谢谢！\n" + l.them[0]}[l.language]
			l.end = ""
			want := strings.TrimSuffix(l.top, "\n"+l.them[0])
			for _, p := range mailPrograms {
				in := Input{Mail: l.message(p), Class: threads.ClassPerson, Language: l.language}
				if known {
					in.Sent = []threads.SentLetter{l.sent()}
				} else if p.name == "unmarked, without a head" || p.name == "only the points answered" || p.name == "our answer cell by cell" {
					continue
				}
				r := Read(in)
				checkResult(t, r)
				mails++
				if folded(r.NewText) == folded(want) {
					exact++
				} else {
					t.Logf("known %v, letter %d, %s: new text\n%q\nwant\n%q", known, i, p.name, folded(r.NewText), folded(want))
				}
			}
		}
		t.Logf("known %v: %d of %d new texts exact", known, exact, mails)
		if float64(exact) < 0.95*float64(mails) {
			t.Errorf("known %v: %d of %d new texts exact", known, exact, mails)
		}
	}
}
