package authentic

import (
	"rapport/mail"
	"rapport/threads"
)

// byServer takes over what a server of ours has found out. Its verdict on DMARC
// goes before all, since it alone has seen the connection. Of several servers
// the first one with a verdict counts; that DMARC failed counts from any.
func byServer(a *threads.Authentication, line mail.AuthLine) {
	verdict, why := judge(a, line.Results)
	switch {
	case a.Line == "", verdict == threads.Forged, a.Verdict == "" && verdict != "":
		a.Server, a.Line = line.Server, line.Value
	}
	if a.Verdict == "" || verdict == threads.Forged {
		a.Verdict, a.Why = verdict, why
	}
}

func judge(a *threads.Authentication, results []mail.AuthResult) (threads.Verdict, string) {
	var dmarc string
	var dkim, spf bool
	for _, r := range results {
		switch r.Method {
		case "dmarc":
			from := domainIn(r.Property("header.from"))
			if from == "" || from == a.Domain || a.Domain == "" {
				dmarc = r.Result
			}
		case "dkim":
			signer := domainIn(r.Property("header.d"))
			if signer == "" {
				signer = domainIn(r.Property("header.i"))
			}
			dkim = dkim || r.Result == "pass" && stands(a, signer)
		case "spf":
			spf = spf || r.Result == "pass" && stands(a, domainIn(r.Property("smtp.mailfrom")))
		}
	}
	switch {
	case dmarc == "fail":
		return threads.Forged, threads.WhyDMARCFailed
	case a.Domain == "":
		return "", ""
	case dmarc == "pass", dmarc == "bestguesspass": // Microsoft's word where DNS has no policy
		return threads.Authentic, threads.WhyDMARC
	case dkim:
		return threads.Authentic, threads.WhyAlignedDKIM
	case spf:
		return threads.Authentic, threads.WhyAlignedSPF
	case dmarc == "none":
		return threads.Unauthenticated, threads.WhyNoProof
	}
	return "", ""
}

// stands reports whether a domain that has proven itself is From's; another one
// is noted as who passed the mail on.
func stands(a *threads.Authentication, domain string) bool {
	if mail.SameOrganisation(domain, a.Domain) {
		return true
	}
	if a.Via == "" {
		a.Via = mail.Organisation(domain)
	}
	return false
}
