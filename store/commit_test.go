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
	p := &prepared{Filing: threads.Filing{Source: "a.mbox#1", Message: threads.Message{
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
	for form, want := range map[int]string{
		1: `{"v":1,` + first + fields + `}`,
		2: `{"v":2,` + first + fields + `,"why":[{"kind":"contact","project":"ACME","score":40,"detail":"Anna is a contact"}],` +
			`"tray":{"cause":"forged","words":"It says.","proposal":"ACME"},` +
			`"authentication":{"verdict":"fail","why":"policy","domain":"acme.example","via":"evil.example","mailbox":"projects","server":"mx","line":"mx; none",` +
			`"signatures":[{"domain":"evil.example","selector":"s1","holds":true,"key":"v=DKIM1"}],"policy_at":"_dmarc.acme.example","policy":"v=DMARC1; p=reject","at":"2026-11-23T10:00:00Z"}}`,
	} {
		p.form = form
		if got := string(mailEvidence(p, "{}\x00new\x00all")); got != want {
			t.Errorf("form %d is\n%s\nwant\n%s", form, got, want)
		}
	}
}
