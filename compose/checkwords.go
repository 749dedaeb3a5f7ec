package compose

import (
	"fmt"
	"regexp"
	"strings"
)

// promisedFile: words that tell the client to look at an attachment.
var promisedFile = regexp.MustCompile(`(?i)\b(?:is|are|find|have|i|we)\s+(?:also\s+)?attach(?:ed|ing)?\b|\battached (?:is|are|you|file|pdf|plan|list|document)|\bsee (?:the )?attach|\bin the attachment|\benclosed\b|见附件|请见附|附件中|附件里|附上|随信附|以附件为准`)

// promisedAttachment: a letter that speaks of an attachment has one.
func promisedAttachment(c *checker) {
	if len(c.draft.Front.Attachments) > 0 {
		return
	}
	for _, p := range c.passages {
		if m := promisedFile.FindString(c.plain(p.text)); m != "" {
			c.find(Error, "attachment-promised", c.locate(p.line, m), fmt.Sprintf("the text speaks of an attachment (%q) and there is none", m), "name the file in attachments:, or say where it is")
			return
		}
	}
}

// toneWords put the blame on the reader, or talk down, each with another way.
var toneWords = []struct {
	pattern  *regexp.Regexp
	proposal string
}{
	{regexp.MustCompile(`\b[Yy]ou (?:have )?(?:failed|forgot|forgotten|neglected|refused)\b`), "say what is missing and by when it is needed"},
	{regexp.MustCompile(`\b[Yy]ou (?:(?:still )?(?:have not|haven[’']t|did not|didn[’']t)|(?:have )?(?:never|still not)) (?:\w+ly )?(?:sent|send|answer|answered|repl(?:y|ied)|respond|responded|deliver|delivered|provide|provided|give|given|confirm|confirmed|told|tell|done|do)\b`), "say what is missing and by when it is needed"},
	{regexp.MustCompile(`\b[Yy]ou(?: are|[’']re) (?:\w+ )?(?:late|wrong|to blame|responsible for (?:this|the) delay)\b`), "say what happened, and what would help now"},
	{regexp.MustCompile(`\b[Ss]till waiting for you\b|\b[Ss]till waiting for your\b`), "say what you need, by when, and what it holds up"},
	{regexp.MustCompile(`(?i)\b(?:disaster|disastrous|catastroph\w+|terrible|awful|hopeless|nightmare|complete mess)\b`), "say what happened, how bad it is for the client, and what comes next"},
	{regexp.MustCompile(`\b[Yy]our (?:fault|mistake|failure|delay)\b`), "say what happened, and what would help now"},
	{regexp.MustCompile(`\b[Yy]ou should have\b`), "say what is needed now"},
	{regexp.MustCompile(`\b[Aa]s (?:I|we) (?:have )?(?:already |previously )(?:said|told|stated|mentioned|explained|written)`), "say it again, simply"},
	{regexp.MustCompile(`\b[Oo]nce again, (?:I|we|please)\b`), "leave “once again” out"},
	{regexp.MustCompile(`\b[Oo]bviously\b|\b[Cc]learly, you\b`), "leave it out: what is obvious needs no word"},
	{regexp.MustCompile(`\b(?:[Uu]nacceptable|[Rr]idiculous|[Ss]tupid|[Ii]diotic|[Ii]ncompetent)\b`), "say calmly what is wrong"},
	{regexp.MustCompile(`\b[Nn]ot our (?:fault|problem|job|responsibility)\b`), "say who can help, and what we do"},
	{regexp.MustCompile(`\b[Bb]ecause of you\b|\b[Tt]hanks to your delay\b`), "say what happened, without a name"},
	{regexp.MustCompile(`你们(?:没有|没能|一直没|忘记|拖延)|贵方(?:未能|没有及时|拖延|失误)|您(?:没有及时|忘记|一直没)|(?:由于|因为?)(?:您|你们|贵方)(?:的)?(?:原因|没|未|迟|拖)|(?:您|你们|贵方)(?:至今|迟迟|仍然?)(?:没|未|不)|至今(?:没有|未)收到(?:您|你们|贵方)`), "说明还缺什么、什么时候需要"},
	{regexp.MustCompile(`(?:你们|贵方|您)的(?:错|失误|责任|问题导致)`), "说明发生了什么、现在怎么做"},
	{regexp.MustCompile(`早就(?:说过|告诉)|之前已经说过|再次强调|显然|众所周知`), "直接说明即可"},
	{regexp.MustCompile(`一团糟|糟透|糟糕|无法忍受|毫无希望|灾难`), "说明发生了什么、影响多大、下一步怎么做"},
	{regexp.MustCompile(`不是我们的(?:问题|责任|错)|与我们无关`), "说明谁可以解决、我们做什么"},
}

// tone: a letter that blames is answered in kind.
func tone(c *checker) {
	for _, w := range toneWords {
		for _, p := range c.passages {
			if m := w.pattern.FindString(c.plain(p.text)); m != "" {
				c.find(Warning, "tone", c.locate(p.line, m), fmt.Sprintf("%q sounds like blame or alarm", m), w.proposal)
				break
			}
		}
	}
}

// abbreviationWord is two to six capitals, perhaps with digits.
var abbreviationWord = regexp.MustCompile(`\b[A-Z][A-Z0-9]{1,5}s?\b`)

// plainAbbreviations are known to every reader, or found by another check.
const plainAbbreviations = " OK FAQ PDF PNG JPG JPEG GIF CSV URL ID TV PC CD DVD USB GPS SMS PIN VAT GDPR EU UK US USA UN NHS BBC CEO CFO GmbH AG AM PM UTC GMT CET BST EUR USD GBP CNY RMB ISBN DIN ISO A4 A3 A5 HTML WWW IT HR PR QR VIP WC APP AI IP TBC ASAP EOD II III IV VI VII IX XI XII "

// counted are weeks, quarters, halves and versions: W48, Q3, H1, V2.
var counted = regexp.MustCompile(`^[WQHV][0-9]{1,2}$`)

// abbreviations: what is short for us is a riddle for others, unless it is
// explained once, in brackets before or after it.
func abbreviations(c *checker) {
	explained := map[string]bool{}
	for _, p := range c.passages {
		text := c.plain(p.text)
		for _, at := range abbreviationWord.FindAllStringIndex(text, -1) {
			before, after := strings.TrimRight(text[:at[0]], " "), strings.TrimLeft(text[at[1]:], " ")
			if strings.HasSuffix(before, "(") || strings.HasSuffix(before, "（") || strings.HasPrefix(after, "(") || strings.HasPrefix(after, "（") {
				explained[text[at[0]:at[1]]] = true
			}
		}
	}
	said := map[string]bool{}
	own := c.Project.Key + " " + c.Project.Name + " " + c.Project.Client
	for _, p := range c.passages {
		text := c.plain(p.text)
		for _, at := range abbreviationWord.FindAllStringIndex(text, -1) {
			word := text[at[0]:at[1]]
			word = strings.TrimSuffix(word, "s")
			switch {
			case said[word], explained[word], counted.MatchString(word), placeholderWords.MatchString(word), strings.Contains(plainAbbreviations, " "+word+" "), strings.Contains(own, word):
				continue
			case at[1] < len(text) && text[at[1]] == '-', shouted(text): // D-4, F-13; a line in capitals
				continue
			case at[0] > 0 && (text[at[0]-1] == '-' || text[at[0]-1] == '/' || text[at[0]-1] == '.'):
				continue
			}
			said[word] = true
			c.find(Warning, "abbreviation", c.locate(p.line, word), word+" is not explained", "write it out once: the long name ("+word+")")
		}
	}
}

// shouted reports whether most of a text is in capitals: emphasis, no
// abbreviation.
func shouted(s string) bool {
	words := strings.Fields(s)
	capitals := 0
	for _, w := range words {
		if len(w) > 3 && strings.ToUpper(w) == w && strings.ToLower(w) != w {
			capitals++
		}
	}
	return len(words) > 1 && capitals*2 > len(words)
}
