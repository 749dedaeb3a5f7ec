package extract

import (
	"testing"

	"rapport/threads"
)

// An answer is read against the state and the numbers of the point it stands
// under.
func TestAnswersThatContradictAPoint(t *testing.T) {
	for _, c := range []struct {
		point, answer string
		want          threads.Kind
	}{
		{"The checkout accepts postcodes with a blank.", "No, not on my phone.", threads.Problem},
		{"The staff pages are ready for a first test.", "Not yet.", threads.Problem},
		{"Shop pages: 10 of 12 are done.", "I count only 8.", threads.Problem},
		{"Shop pages: 10 of 12 are done.", "I count 10.", none},
		{"支付签名的错误已经修复。", "没有，还是不行。", threads.Problem},
		{"商品页已完成12页中的10页。", "我们只看到8页。", threads.Problem},
		{"Next week we build the voucher page.", "No.", threads.Decision},
		{"Shall we build the voucher page?", "No.", threads.Decision},
		{"The staff pages are ready for a first test.", "Thanks.", none},
		{"The search is fixed.", "No complaints, works now.", none},
	} {
		m := textMail("> - " + c.point + "\n\n" + c.answer + "\n")
		got := Read(Input{Mail: m, Sent: []threads.SentLetter{{Report: "r1", Text: "- " + c.point, Points: []threads.Point{{ID: "P1", Text: c.point}}}}})
		kind, sure := none, true
		if len(got.Items) > 0 {
			kind, sure = got.Items[0].Kind, got.Items[0].Sure
		}
		if kind != c.want || kind == threads.Problem && sure {
			t.Errorf("%q under %q: %s (sure %v), want %s", c.answer, c.point, kind, sure, c.want)
		}
	}
}
