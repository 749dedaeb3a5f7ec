package extract

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"rapport/threads"
)

// mostAway is how much of an out-of-office reply is read: it says it at once.
const mostAway = 2000

// Away finds when the writer of an out-of-office reply is away, in the language
// of its text: the days named in subject and text, and what the words around
// each make it. It is nil if no day is named, or none that makes sense.
func Away(subject, text string, written time.Time) *threads.Away {
	if written.IsZero() {
		return nil
	}
	text = ownPart(subject) + ". " + text
	text = strings.Join(strings.Fields(text[:min(len(text), mostAway)]), " ")
	lang := language(text, "")
	d := dateReader{text: strings.Map(ruleForm, strings.ToValidUTF8(text, "")), language: lang, now: written, loose: true}
	var days []awayDay
	if lang == "zh" || lang == "ja" {
		days = d.easternAway()
	} else {
		days = d.westernAway()
	}
	a := &threads.Away{}
	for _, day := range days {
		text := day.day.Format(time.DateOnly)
		switch {
		case day.day.Before(written.AddDate(0, -3, 0)) || day.day.After(written.AddDate(1, 1, 0)):
		case day.role == backDay && a.Back == "":
			a.Back = text
		case day.role == lastDay && a.Until == "":
			a.Until = text
		case day.role == firstDay && a.From == "":
			a.From = text
		}
	}
	if last := a.Last(); last == "" || a.From > last || last < written.AddDate(0, 0, -1).Format(time.DateOnly) {
		a.From, a.Until, a.Back = "", "", ""
		if last == "" {
			return nil
		}
	}
	if *a == (threads.Away{}) {
		return nil
	}
	return a
}

// ownPart is what the replying program wrote of a subject, before the subject
// that it replies to.
func ownPart(subject string) string {
	low := strings.ToLower(subject)
	for _, mark := range []string{"re:", "aw:", "re：", "回复:", "回复：", "答复:", "答复："} {
		if i := strings.Index(low, mark); i >= 0 {
			subject, low = subject[:i], low[:i]
		}
	}
	return subject
}

// What a day is in an out-of-office reply.
const (
	someDay = iota
	firstDay
	lastDay
	backDay
)

// awayDay is a day named in an out-of-office reply.
type awayDay struct {
	day  time.Time
	at   int
	role int
}

// The words before a day, where they end right before it, and behind it.
var (
	smallWords  = `(?:(?:on|the|and|including|inclusive|einschließlich|am|den|dem|zum|le|el|il|until|` + weekdayPattern() + `)[ ,.]*)*$`
	backBefore  = regexp.MustCompile(`(?:\bback\b|\breturn(?:ing)?\b|\bavailable again\b|\breachable again\b|\bwieder\b|\bzurück\b|\brückkehr\b|\bde retour\b|\bretour\b|\breviens\b|\brentr\w+\b|\bvuelvo\b|\bregres\w+\b|\bde vuelta\b|\breincorpor\w+\b|\btorn\w+\b|\brientr\w+\b)(?: [\p{L}' ]{0,30}?)?[ ,:]*(?:from |by |as of |ab |à partir du |a partir del |dal |dopo il )?` + smallWords)
	untilBefore = regexp.MustCompile(`(?:\buntil|\btill|\bthrough|\bup to|\bbis|\bjusqu'(?:au|à)|\bhasta|\bfino al?|\bau|\bto|\bal)[ ,]+` + smallWords)
	fromBefore  = regexp.MustCompile(`(?:\bfrom|\bstarting|\bsince|\bas of|\bbetween|\bvom|\bvon|\bab|\bseit|\bdu|\bdal|\bdesde|\bdel)[ ,]+` + smallWords)
	backAfter   = regexp.MustCompile(`^\d*\.?[^.!?]{0,40}?\b(?:wieder|zurück|back in|back at)\b`)
	// "1 to 5 December", "1.-5. Dezember", "du 1er au 5 décembre"; "December 1-5"
	daysOfMonth = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?: ?[-–—] ?| (?:to|until|till|through|and|bis|bis zum|au|al|fino al|hasta el) )(\d{1,2})(?:st|nd|rd|th|\.|º)? (?:of |de )?([\p{L}]{3,10})\b\.?(?:,? (?:de )?(20\d\d))?`)
	monthDays   = regexp.MustCompile(`\b([\p{L}]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?: ?[-–—] ?| (?:to|until|through) )(\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?`)
	dotDays     = regexp.MustCompile(`\b(\d{1,2})\. ?(?:[-–—]|bis) ?(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d\b)?`)
	joined      = regexp.MustCompile(`^[\d./ \p{L},-]{0,24}?(?:[-–—]|\b(?:to|until|till|through|bis|au|al|hasta)\b)[ ,]*` + smallWords)
)

func weekdayPattern() string {
	var names []string
	for n := range weekdayNames {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		return len(names[i]) > len(names[j]) || len(names[i]) == len(names[j]) && names[i] < names[j]
	})
	return strings.Join(names, "|")
}

// westernAway reads spans first, then single days by the words before them.
func (d *dateReader) westernAway() []awayDay {
	span := d.span()
	out := slices.Clone(span)
	found := append(d.western(), d.numeric()...)
	sort.SliceStable(found, func(i, j int) bool { return found[i].at < found[j].at })
	for i, f := range found {
		inSpan := span != nil && f.at >= span[0].at-12 && f.at < span[1].at
		if inSpan || f.weekday && i+1 < len(found) && !found[i+1].weekday && found[i+1].at-f.at < 16 { // "Friday, 4 December"
			continue
		}
		before, after := d.text[max(0, f.at-80):f.at], d.text[f.at:min(len(d.text), f.at+80)]
		role := someDay
		switch {
		case backBefore.MatchString(before), fromBefore.MatchString(before) && backAfter.MatchString(after):
			role = backDay
		case untilBefore.MatchString(before):
			role = lastDay
		case fromBefore.MatchString(before):
			role = firstDay
		case i > 0 && f.at-found[i-1].at < 40 && joined.MatchString(d.text[found[i-1].at:f.at]):
			role = lastDay
		}
		if role == lastDay && i > 0 && len(out) > 0 && out[len(out)-1].role == someDay && f.at-out[len(out)-1].at < 40 {
			out[len(out)-1].role = firstDay // "1/12 to 5/12"
		}
		out = append(out, awayDay{f.day, f.at, role})
	}
	return out
}

// span reads two days of one month; the second is marked by its end.
func (d *dateReader) span() (out []awayDay) {
	add := func(m []int, year, month, first, last int) {
		one, ok1 := d.date(year, month, first)
		two, ok2 := d.date(year, month, last)
		if ok1 && ok2 && first < last && len(out) == 0 {
			out = append(out, awayDay{one, m[0], firstDay}, awayDay{two, m[1], lastDay})
		}
	}
	for _, m := range daysOfMonth.FindAllStringSubmatchIndex(d.text, 3) {
		add(m, d.number(m[8], m[9]), monthNames[d.text[m[6]:m[7]]], d.number(m[2], m[3]), d.number(m[4], m[5]))
	}
	for _, m := range monthDays.FindAllStringSubmatchIndex(d.text, 3) {
		add(m, d.number(m[8], m[9]), monthNames[d.text[m[2]:m[3]]], d.number(m[4], m[5]), d.number(m[6], m[7]))
	}
	for _, m := range dotDays.FindAllStringSubmatchIndex(d.text, 3) {
		add(m, d.number(m[8], m[9]), d.number(m[6], m[7]), d.number(m[2], m[3]), d.number(m[4], m[5]))
	}
	return out
}

var (
	// 12月1日至5日, 12/1~12/5, 2026年12月1日到2027年1月3日
	hanSpan  = regexp.MustCompile(`(?:(20\d\d)[年/.-])?(\d{1,2})[月/.-](\d{1,2})[日号號]?[^\d。]{0,12}?(?:至|到|-|–|—|~|～|〜|から)[^\d。]{0,6}?(?:(20\d\d)[年/.-])?(?:(\d{1,2})[月/.-])?(\d{1,2})[日号號]?`)
	hanBack  = regexp.MustCompile(`^[^。，,；;]{0,14}?(?:回来|回來|返回|上班|返岗|回公司|回到|恢复|恢復|より出社|から出社|出社|復帰)`)
	hanUntil = regexp.MustCompile(`^[日号號]?[^。，,；;\d]{0,4}?(?:之前|以前|前|为止|為止|まで|止)`)
)

// easternAway reads Chinese and Japanese replies.
func (d *dateReader) easternAway() (out []awayDay) {
	spanEnd := -1
	if m := hanSpan.FindStringSubmatchIndex(d.text); m != nil {
		year, month := d.number(m[2], m[3]), d.number(m[4], m[5])
		lastYear, lastMonth := d.number(m[8], m[9]), d.number(m[10], m[11])
		if lastMonth == 0 {
			lastMonth, lastYear = month, max(year, lastYear)
		}
		first, ok1 := d.date(year, month, d.number(m[6], m[7]))
		last, ok2 := d.date(lastYear, lastMonth, d.number(m[12], m[13]))
		if ok1 && ok2 {
			out = append(out, awayDay{first, m[0], firstDay}, awayDay{last, m[12], lastDay})
			spanEnd = m[1]
		}
	}
	for _, f := range d.eastern() {
		if f.at < spanEnd {
			continue
		}
		before, after := d.text[max(0, f.at-12):f.at], d.text[f.at:]
		if i := strings.IndexAny(after, "日号號一二三四五六天末底"); i >= 0 && i < 24 {
			_, size := firstRune(after[i:])
			after = after[i+size:]
		}
		role := someDay
		switch {
		case hanBack.MatchString(after):
			role = backDay
		case strings.HasSuffix(before, "至") || strings.HasSuffix(before, "到") || hanUntil.MatchString(after):
			role = lastDay
		case strings.HasSuffix(before, "从") || strings.HasSuffix(before, "自") || strings.HasSuffix(before, "於") || strings.HasSuffix(before, "于"):
			role = firstDay
		}
		out = append(out, awayDay{f.day, f.at, role})
	}
	return out
}

func firstRune(s string) (r rune, size int) {
	for i, c := range s {
		if i > 0 {
			return r, i
		}
		r = c
	}
	return r, len(s)
}
