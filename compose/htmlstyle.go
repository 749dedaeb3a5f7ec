package compose

import "strings"

// A shade is a text colour with the ground that it is read on, by day and by
// night. The class lets the small style sheet set the dark pair where a program
// reads it; where none is read, programs darken both by themselves.
type shade struct {
	class               string
	ink, ground         string
	darkInk, darkGround string
}

// The palette of a letter. A test computes the contrast of every pair: at
// least 4.5 to 1 (WCAG 2.2, 1.4.3) in both modes.
var (
	pageShade   = shade{"pg", "#55636d", "#f1f4f4", "#a9b6be", "#12181b"}
	paperShade  = shade{"pp", "#1c2b33", "#ffffff", "#e4e9ec", "#1b2328"}
	panelShade  = shade{"pn", "#1c2b33", "#f1f6f8", "#e4e9ec", "#222d33"}
	buttonShade = shade{"bt", "#ffffff", "#0f5c73", "#0d2129", "#8ccbe0"}
	quietShade  = shade{"bq", "#0f5c73", "#d8eaf0", "#b5e2f1", "#1d4656"}
	greenShade  = shade{"gr", "#14603a", "#e3f3ea", "#9fe0bd", "#16372a"}
	yellowShade = shade{"ye", "#7a4a00", "#fdf1d8", "#f3cf8a", "#3d2e10"}
	redShade    = shade{"re", "#9c1f2b", "#fde8e8", "#f5b0b3", "#43191d"}
)

// shades are all pairs, for the test; small words and links stand on several.
var shades = []shade{
	pageShade, paperShade, panelShade, buttonShade, quietShade, greenShade, yellowShade, redShade,
	{"small", smallInk, paperShade.ground, smallDark, paperShade.darkGround},
	{"small", smallInk, panelShade.ground, smallDark, panelShade.darkGround},
	{"a", linkInk, paperShade.ground, linkDark, paperShade.darkGround},
	{"a", linkInk, panelShade.ground, linkDark, panelShade.darkGround},
}

// Colours of words that step back, of links, and of lines and bars, which
// carry no text.
const (
	smallInk, smallDark = "#55636d", "#a9b6be"
	linkInk, linkDark   = "#0f5c73", "#8ccbe0"
	lineColor           = "#dfe5e8"
	barColor            = "#2b7f98"
	restColor           = "#e3eaed"
)

// Chinese fonts stand behind the Latin ones, so that digits and Latin words
// keep their shape in a Chinese letter.
const fonts = `'Segoe UI',Helvetica,Arial,'PingFang SC','Microsoft YaHei',sans-serif`

// colors is the style of a shade, to stand inside a style attribute.
func (s shade) colors() string { return "color:" + s.ink + ";background-color:" + s.ground }

// styleRule is a piece of a style sheet, and what in a letter it is for. A letter
// carries only the pieces that it needs.
type styleRule struct{ mark, css string }

// styleSheet are the rules that a letter's body needs.
func styleSheet(rules []styleRule, body string) string {
	var b strings.Builder
	for _, r := range rules {
		if strings.Contains(body, r.mark) {
			b.WriteString(r.css)
		}
	}
	return b.String()
}

// screenRules are progressive: sizes, lines, rounded corners, quiet colours. A
// letter is complete and legible without them. First come those that Outlook's
// Word engine reads too, in long form, which all that read style sheets know;
// the others stand inside a media rule of their own, so that a program that
// knows none drops just these.
var screenRules = []styleRule{
	{"", "h1{font-size:24px;margin-top:4px}small{color:" + smallInk + ";font-size:14px}"},
	{"<h2", "h2{font-size:20px;margin-top:36px}"},
	{"<h3", "h3{font-size:16px;margin-top:24px}"},
	{"<a ", "a{color:" + linkInk + "}"},
	{`class="b `, ".b{border-style:solid;border-width:10px 18px}.bt{border-color:" + buttonShade.ground + "}.bq{border-color:" + quietShade.ground + "}"},
	{"<code", "code{font-family:Consolas,Menlo,monospace}"},
	{"<pre", "pre{font-family:Consolas,Menlo,monospace;font-size:13px}"},
	{`class="rw"`, ".rw{border-collapse:collapse;margin-bottom:20px}.rw td{border-bottom:1px solid " + lineColor + ";vertical-align:top}"},
	{`class="rs"`, ".rs td{border:0}"},
	{`class="k"`, ".k{width:140px}"},
	{`class="tb`, ".tb{border-collapse:collapse;margin-bottom:20px;font-size:15px}.tb th,.tb td{border-bottom:1px solid " + lineColor + ";vertical-align:top}"},
	{`class="q"`, ".q{border-left:3px solid " + lineColor + "}"},
	{` bq"`, ".bq{" + quietShade.colors() + "}"},
	{"", "@media screen{body{margin:0}h1{line-height:1.3;margin-bottom:20px}.pp{overflow-wrap:break-word}"},
	{"<h2", "h2{margin-bottom:14px}"},
	{"<li>", "ul,ol{padding-left:28px}li{margin-bottom:6px}"},
	{"<hr>", "hr{border:0;border-top:1px solid " + lineColor + ";margin:28px 0 16px}"},
	{"<pre", "pre{white-space:pre-wrap;margin:0}"},
	{`class="q"`, ".q p{margin:4px 0}p.q{margin:6px 0 8px;padding-left:14px}"},
	{`class="rw"`, ".rw td{padding:10px 0}"},
	{`class="rs"`, ".rs{border-collapse:separate;border-radius:4px;margin:4px 0}.rw .rs td{padding:0;border-radius:4px}"},
	{`class="c `, ".c{border-radius:4px;font-size:14px;white-space:nowrap;padding:2px 0}"},
	{`gr"`, ".gr{" + greenShade.colors() + "}"},
	{`c pn"`, ".pn{" + panelShade.colors() + "}"},
	{`"ye" bg`, ".ye{" + yellowShade.colors() + "}"},
	{`"re" bg`, ".re{" + redShade.colors() + "}"},
	{"", "table[bgcolor]{border-radius:6px}"},
	{`class="ur"`, ".ur{word-break:break-word}"},
	{`class="b `, ".b{font-weight:bold;border-radius:6px;display:inline-block;text-decoration:none;white-space:nowrap;margin:8px 4px 8px 0}"},
	{"", "}@media screen and (max-width:480px){.o{padding:0}h1{font-size:22px}.pp{padding:28px 20px!important}"},
	{`class="b `, ".b{border-width:10px 17px;min-width:10px;margin-right:0}"},
	{`class="k"`, ".rw .k{border:0;padding-bottom:0}.k,.k+td{display:block;width:auto}"},
	{`class="tb`, ".tb{display:block;overflow-x:auto;max-width:calc(100vw - 40px);hyphens:auto}"},
	{"", "}"},
}

// darkRules stand in a style element of their own: Gmail drops a whole element
// for one rule that it does not know. What a style attribute sets needs to be
// overruled, what stands in an attribute such as bgcolor does not.
var darkRules = func() []styleRule {
	rules := []styleRule{{"", "@media screen and (prefers-color-scheme:dark){small{color:" + smallDark + "}"}, {"<a ", "a{color:" + linkDark + "}"}}
	for _, s := range []shade{pageShade, paperShade, panelShade, buttonShade, quietShade, greenShade, yellowShade, redShade} {
		over := ""
		switch s.class {
		case paperShade.class, buttonShade.class, yellowShade.class, redShade.class:
			over = "!important"
		}
		rules = append(rules, styleRule{s.class + `"`, "." + s.class + "{color:" + s.darkInk + over + ";background:" + s.darkGround + over + "}"})
	}
	return append(rules,
		styleRule{`class="b `, ".bt{border-color:" + buttonShade.darkGround + "}.bq{border-color:" + quietShade.darkGround + "}"},
		styleRule{`class="ba"`, ".ba{background:#5fb3cc}"},
		styleRule{`class="rs"`, ".rs{background:#34414a}"},
		styleRule{"", "hr,.rw td,.tb th,.tb td,.q{border-color:#34414a}}"})
}()

// outlookSheet is for Outlook's Word engine, which does not hand fonts down
// into tables.
const outlookSheet = "<!--[if mso]><style>table,td,th{font-family:'Segoe UI','Microsoft YaHei',Arial,sans-serif}</style><![endif]-->"
