package mail

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// The nodes by which mail programs mark quotations and signatures, named by the
// id or class that carries them. Some enclose the quotation, some only stand
// where it begins; answers between quoted points stand inside gmail_quote too.
var htmlMarks = []string{
	"gmail_quote",       // Gmail; its container class is gmail_quote_container since 2024
	"gmail_attr",        // Gmail's attribution line, inside gmail_quote
	"gmail_signature",   // Gmail
	"yahoo_quoted",      // Yahoo
	"moz-cite-prefix",   // Thunderbird's attribution line
	"moz-signature",     // Thunderbird
	"moz-email-headers", // Thunderbird, forwarded
	"divRplyFwdMsg",     // Outlook on the web: the header block
	"appendonsend",      // Outlook on the web: an empty node before the quotation
	"mail-editor-reference-message-container", // Outlook for Mac, new Outlook
	"OLK_SRC_BODY_SECTION",                    // Outlook for Mac 2011
	"protonmail_quote",                        // Proton
	"protonmail_signature_block",              // Proton
	"isReplyContent",                          // NetEase webmail
	"ntes-mailmaster-quote",                   // NetEase MailMaster
	"includetail",                             // QQ mail
	"ms-outlook-mobile-signature",             // Outlook for iOS and Android
	"spnEditorSign_app",                       // NetEase mobile
	"composer_signature",                      // Samsung, Android
	"AppleMailSignature",                      // Apple Mail, iOS
	"zmail_extra",                             // Zoho
}

// Marks that come from elements and styles.
const (
	markCite   = "blockquote" // a blockquote, with or without type=cite
	markBorder = "border-top" // the rule above an Outlook or Foxmail header block
	markRule   = "hr"         // the line itself is a horizontal rule
	markTable  = "table"      // the line is a row of a table
	markCode   = "code"       // preformatted
	markStruck = "struck"     // all of the line is struck out
)

// markNames lists every mark once; a walker keeps a set of them as bits.
var markNames = append(append([]string{}, htmlMarks...), markCite, markBorder, markRule, markTable, markCode, markStruck)

var lowerMarks = strings.Split(strings.ToLower(strings.Join(htmlMarks, " ")), " ")

// marksOf finds the marks that an element carries, as bits of markNames.
func marksOf(tag string, attrs []html.Attribute) uint64 {
	var bits uint64
	switch tag {
	case "blockquote":
		bits = markBit(markCite)
	case "table":
		bits = markBit(markTable)
	case "pre", "code", "tt":
		bits = markBit(markCode)
	case "s", "strike", "del":
		bits = markBit(markStruck)
	}
	for _, a := range attrs {
		switch a.Key {
		case "id", "class", "name":
			value := strings.ToLower(a.Val[:min(len(a.Val), 1000)])
			for i, m := range lowerMarks {
				if strings.Contains(value, m) {
					bits |= 1 << i
				}
			}
		case "style":
			if borderAbove(a.Val) {
				bits |= markBit(markBorder)
			}
		}
	}
	return bits
}

func markBit(name string) uint64 { return 1 << slices.Index(markNames, name) }

// borderAbove recognises the grey rule that Outlook (E1E1E1) and older Outlook
// and Foxmail (B5C4DF) draw above the header block of the quoted mail.
func borderAbove(style string) bool {
	s := strings.ToLower(style)
	i := strings.Index(s, "border-top")
	if i < 0 {
		return false
	}
	rest := s[i:min(len(s), i+80)]
	return strings.Contains(rest, "e1e1e1") || strings.Contains(rest, "b5c4df")
}
