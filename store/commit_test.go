package store

import (
	"testing"
	"time"

	"rapport/threads"
)

// What was logged must stay provable: the forms of what the log commits to
// never change.
func TestTheFormsOfEvidenceStay(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := &prepared{dismissed: true, Filing: threads.Filing{Source: "a.mbox#1", Message: threads.Message{
		RawSHA: "ab", Size: 3, Direction: threads.In, Class: threads.ClassPerson, Date: at, Received: at, MessageID: "a@x",
		From: threads.Address{Name: "Anna", Address: "anna@acme.example"}, Subject: "Logo",
		Evidence: []threads.Evidence{{Kind: "contact", Project: "ACME", Score: 40, Detail: "Anna is a contact"}},
		Tray:     &threads.Tray{Cause: "forged", Words: "It says.", Proposal: "ACME"},
		Authentication: &threads.Authentication{Verdict: threads.Forged, Why: threads.WhyPolicy, Domain: "acme.example", Via: "evil.example", Mailbox: "projects",
			Server: "mx", Line: "mx; none", Signatures: []threads.Signature{{Domain: "evil.example", Selector: "s1", Holds: true, Key: "v=DKIM1"}},
			PolicyAt: "_dmarc.acme.example", Policy: "v=DMARC1; p=reject", At: at},
	}}}
	const first = `"sha256":"ab","size":3,"direction":"in","class":"person","sent":1795428000000,"zone":0,"received":1795428000000,"source":"a.mbox#1","fields":"`
	const fields = `285be0df5328e377f787d1a1f445aabd242acc2c351aea7015b6b77b99a68c1c"`
	const known = `"tray":{"cause":"forged","words":"It says.","proposal":"ACME"},` +
		`"authentication":{"verdict":"fail","why":"policy","domain":"acme.example","via":"evil.example","mailbox":"projects","server":"mx","line":"mx; none",` +
		`"signatures":[{"domain":"evil.example","selector":"s1","holds":true,"key":"v=DKIM1"}],"policy_at":"_dmarc.acme.example","policy":"v=DMARC1; p=reject","at":"2026-11-23T10:00:00Z"}`
	for form, want := range map[int]string{
		1: `{"v":1,` + first + fields + `}`,
		3: `{"v":3,` + first + fields + `,"why":[{"kind":"contact","project":"ACME","score":40,"detail":"Anna is a contact"}],` + known + `,"dismissed":true}`,
		2: `{"v":2,` + first + fields + `,"why":[{"kind":"contact","project":"ACME","score":40,"detail":"Anna is a contact"}],` +
			known + `}`,
	} {
		p.form = form
		if got := string(mailEvidence(p, "{}\x00new\x00all")); got != want {
			t.Errorf("form %d is\n%s\nwant\n%s", form, got, want)
		}
	}
}

func TestTheFormsOfItemsAndLettersStay(t *testing.T) {
	i := &threads.Item{Number: 3, Message: "m1", Kind: threads.Request, Facet: threads.Budget, Start: 5, End: 9, Text: "Pay", Due: "2026-12-01", Urgent: true,
		Why: "one word", State: threads.Dismissed, At: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	const item = `"number":3,"message":"m1","kind":"request","facet":"budget","start":5,"end":9,"said":1795428000000,"words":"` +
		`a71a8add2cac43de9c22dfc777ccd7e71204630c6f5e6fbf3c77fbe7b4ae8ae1"`
	const letter = `"sha256":"ab","recipient":"03b0f7a98d0536136a0b2c46791a1ef7fe0534f0a52a31f4539d9f7e2497e97d"`
	l := &letterRow{threads.Letter{SHA: "ab", Recipient: threads.Address{Name: "Anna", Address: "anna@acme.example"}, MessageID: "r@us", By: "lin"}, 2, 1}
	for what, c := range map[string]struct{ got, want string }{
		"item 1":   {string(itemValue(1, i)), `{"v":1,` + item + `}`},
		"item 2":   {string(itemValue(2, i)), `{"v":2,` + item + `,"urgent":true,"sure":false,"why":"one word","dismissed":true}`},
		"letter 1": {string(letterValue(l)), `{"v":1,` + letter + `}`},
		"letter 2": {string(letterValue(&letterRow{l.Letter, 2, 2})), `{"v":2,` + letter + `,"n":2,"message_id":"r@us","by":"lin"}`},
	} {
		if c.got != c.want {
			t.Errorf("%s is\n%s\nwant\n%s", what, c.got, c.want)
		}
	}
}
