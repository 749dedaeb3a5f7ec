package demo

import "rapport/threads"

// Expectation is what a careful reader makes of a sample mail: the project it
// belongs to, or why it must wait in the tray, and who or what wrote it.
type Expectation struct {
	Mail    string // name of the sample mail
	Project string // "" if it belongs in the tray
	Tray    string // the tray's cause
	Class   threads.Class
}

// The keys of the three projects.
const (
	Harbour  = "HARBOUR-WEB"     // English
	Yunshan  = "YUNSHAN-APP"     // Chinese
	Meridian = "MERIDIAN-PORTAL" // mixed
)

// Expectations tell for each sample mail, in order, what should become of it.
func Expectations() []Expectation {
	const person = threads.ClassPerson
	return []Expectation{
		{"01-kickoff-plain", Harbour, "", person},
		{"02-yunshan-utf8", Yunshan, "", person},
		{"03-checkout-html-only", Harbour, "", person},
		{"04-yunshan-gb18030", Yunshan, "", person},
		{"05-meridian-mixed-qp", Meridian, "", person},
		{"06-meridian-big5", Meridian, "", person},
		{"07-meridian-iso2022jp", Meridian, "", person},
		{"08-vacation-reply", Harbour, "", threads.ClassOutOfOffice},
		{"09-out-of-office-microsoft365", Meridian, "", threads.ClassOutOfOffice},
		{"10-bounce-dsn", Harbour, "", threads.ClassBounce},
		{"11-read-receipt", Harbour, "", threads.ClassReceipt},
		{"12-newsletter", "", "unknown-sender", threads.ClassList},
		{"13-forwarded-by-manager", Harbour, "", person},
		{"14-forwarded-as-attachment", Yunshan, "", person},
		{"15-unknown-sender", "", "unknown-sender", person},
		// It names the project and answers its thread, but is not of the client.
		{"16-stranger-with-stolen-tag", "", "not-of-project", person},
		{"17-consultant-of-two-projects", "", "ambiguous", person},
		{"18-attachments", Harbour, "", person},
		{"19-malformed", Harbour, "", person},
		{"20-inline-answers", Harbour, "", person},
		{"21-top-posted-outlook", Harbour, "", person},
		{"22-yunshan-qq-quote", Yunshan, "", person},
		{"23-yunshan-netease-quote", Yunshan, "", person},
		{"24-yunshan-inline-answers", Yunshan, "", person},
		{"25-meridian-format-flowed", Meridian, "", person},
		{"26-windows-1252-qp", Harbour, "", person},
		{"27-finance-by-domain", Harbour, "", person},
		{"28-meridian-gmail-quote", Meridian, "", person},
		{"29-yunshan-iphone", Yunshan, "", person},
		{"30-private-address", Harbour, "", person},
		{"31-late-reply-joins-thread", Harbour, "", person},
		{"32-yunshan-auto-reply", Yunshan, "", threads.ClassAutoReply},
		{"33-meridian-changed-subject", Meridian, "", person},
	}
}
