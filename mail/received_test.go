package mail

import (
	"strings"
	"testing"
)

// Each header is as its server writes it, cut to what matters. The forged lines
// say "dmarc=pass"; what the server itself says is dmarc=fail, or nothing.
func TestOnlyOurOwnServersAreBelieved(t *testing.T) {
	const forged = "Authentication-Results: mx.n.example; dmarc=pass header.from=h.example\n"
	const border = "Received: from evil.example (mail.evil.example [203.0.113.9])\n\t(using TLSv1.3) by mx.n.example (Postfix) with ESMTPS id 4; Fri, 20 Nov 2026 08:00:00 +0000\n"
	const local = "Received: from mx.n.example ([127.0.0.1])\n\tby mx.n.example (Dovecot) with LMTP id 1 for <projects@n.example>; Fri, 20 Nov 2026 08:00:01 +0000\n"
	const real = "Authentication-Results: mx.n.example;\n\tdmarc=fail (p=reject) header.from=h.example\n"
	for _, c := range []struct {
		name, header string
		ids          string
		want         string // the results of DMARC that count
	}{
		{"Postfix writes them below its own trace", local + border + real, "mx.n.example", "fail"},
		{"Exim writes them above it", real + border, "mx.n.example", "fail"},
		{"a forged one below the real one", local + border + real + forged, "mx.n.example", "fail"},
		{"a forged one below the sender's own trace", local + border + "Received: from a by b; Fri, 20 Nov 2026 08:00:00 +0000\n" + forged, "mx.n.example", "none"},
		{"a forged one below a forged trace of ours", local + border + local + forged, "mx.n.example", "none"},
		{"a forged one below a trace that says localhost", local + border + "Received: from localhost (localhost [127.0.0.1]) by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"a forged one among the writer's fields", local + border + "From: ellen@h.example\n" + forged, "mx.n.example", "none"},
		{"a sender that calls itself by our name", "Received: from mx.n.example (mail.evil.example [203.0.113.9]) by mx.n.example; x\n" +
			"Received: from localhost by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"a sender that calls itself by our name, and is not looked up", "Received: from mx.n.example ([203.0.113.9]) by mx.n.example; x\n" +
			"Received: from localhost by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"a sender that says it is a private address", "Received: from [10.0.0.1] (unknown [203.0.113.9]) by mx.n.example; x\nReceived: by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"a proxy hides where the sender was", "Received: from evil.example (gateway [172.18.0.1]) by mx.n.example; x\nReceived: by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"no server has stamped it", forged, "mx.n.example", "none"},
		{"the border and the store are two machines", "Received: from mx1.n.example (mx1.n.example [198.51.100.1]) by imap.n.example; x\n" +
			"Received: from evil.example (mail.evil.example [203.0.113.9]) by mx1.n.example; x\n" + strings.ReplaceAll(real, "mx.n", "mx1.n"), "mx1.n.example", "fail"},
		{"a filter between, on the same machine", "Received: from localhost (localhost [127.0.0.1]) by mx.n.example; x\nReceived: from filter (filter [10.0.0.3]) by mx.n.example; x\n" + border + real, "mx.n.example", "fail"},
		{"iCloud has a server for each method", "Received: by p00-icloudmta.icloud.example; x\nAuthentication-Results: dkim.icloud.example; dkim=none\n" +
			"Authentication-Results: dmarc.icloud.example; dmarc=fail header.from=h.example\nReceived: from evil (evil [203.0.113.9]) by p00.icloud.example; x\n", "dkim.icloud.example dmarc.icloud.example", "fail"},
		{"Google writes them below its border", "Delivered-To: a@gmail.example\nReceived: by 2002:a05:6a10:1234:b0:5c1:abcd with SMTP id x; x\nX-Received: by 2002:a05::1 with SMTP id y; x\n" +
			"ARC-Authentication-Results: i=1; mx.google.com; dmarc=pass\nReturn-Path: <a@h.example>\n" +
			"Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41]) by mx.google.com with SMTPS id z; x\n" +
			"Authentication-Results: mx.google.com;\n       dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=h.example\n" +
			"Received: by mail-sor-f41.google.com with SMTP id f; x\nAuthentication-Results: mx.google.com; dmarc=pass\n", "mx.google.com", "fail"},
		{"Microsoft writes them above its border, without a name", "Received: from AS8PR01MB1.eurprd01.prod.exchangelabs.com (2603:10a6:20b:1::1)\n by VI1PR01MB2.eurprd01.prod.exchangelabs.com with HTTPS; x\n" +
			"Received: from DB5EUR01FT1.eop-EUR01.prod.protection.outlook.com (2603:10a6:10:1:cafe::1) by DU2PR04CA1.outlook.office365.com\n (2603:10a6:10:3b::1) with Microsoft SMTP Server; x\n" +
			"Authentication-Results: spf=none (sender IP is 203.0.113.9) smtp.mailfrom=evil.example; dkim=none (message not signed)\n header.d=none;dmarc=fail action=none header.from=h.example;compauth=fail reason=001\n" +
			"Received: from evil.example (203.0.113.9) by DB5EUR01FT1.mail.protection.outlook.com (10.152.4.1) with Microsoft SMTP Server; x\n" +
			"Authentication-Results: spf=pass; dmarc=pass header.from=h.example\n", "protection.outlook.com", "fail"},
		{"a name is missing, but not at Microsoft", "Received: from evil.example ([203.0.113.9]) by mx.n.example; x\nAuthentication-Results: dmarc=pass\n", "protection.outlook.com", "none"},
		{"qmail tells of a step twice", "Received: (qmail 1 invoked by alias); x\nReceived: (qmail 2 invoked from network); x\nReceived: from unknown (HELO mx.n.example) (203.0.113.9)\n  by mx.n.example with SMTP; x\n" +
			"Received: by mx.n.example; x\n" + forged, "mx.n.example", "none"},
		{"another server's", local + border + strings.ReplaceAll(forged, "mx.n", "mx.evil"), "mx.n.example", "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := readHeader([]byte(c.header+"From: Ellen <ellen@h.example>\n\n"), 1<<20, nil)
			got := "none"
			for _, line := range AuthResults(h, strings.Fields(c.ids)) {
				for _, r := range line.Results {
					if r.Method == "dmarc" {
						got = r.Result
					}
				}
			}
			if got != c.want {
				t.Errorf("DMARC is %q, want %q", got, c.want)
			}
			id, _, _ := strings.Cut(c.ids, " ")
			if c.want == "fail" && AuthServer(h) != id {
				t.Errorf("the server seems to be %q, not %q", AuthServer(h), id)
			}
		})
	}
}
