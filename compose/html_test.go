package compose

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestHTMLHolds walks each letter's elements and holds them to what mail
// programs show and screen readers say.
func TestHTMLHolds(t *testing.T) {
	for name, r := range sampleLetters(t) {
		if len(r.HTML) > maxHTML {
			t.Errorf("%s has %d bytes of HTML; Gmail would cut it", name, len(r.HTML))
		}
		open := []string{}
		z := html.NewTokenizer(strings.NewReader(r.HTML))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			token := z.Token()
			switch kind {
			case html.StartTagToken:
				element(t, name, token)
				if !map[string]bool{"meta": true, "br": true, "hr": true, "img": true}[token.Data] {
					open = append(open, token.Data)
				}
			case html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != token.Data {
					t.Fatalf("%s: </%s> closes %v", name, token.Data, open)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s leaves %v open", name, open)
		}
		for _, want := range []string{`lang="`, "<title>", `name="color-scheme"`, `prefers-color-scheme`} {
			if !strings.Contains(r.HTML, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

func element(t *testing.T, name string, n html.Token) {
	t.Helper()
	attr := map[string]string{}
	for _, a := range n.Attr {
		if _, twice := attr[a.Key]; twice {
			t.Errorf("%s: <%s> has two %s", name, n.Data, a.Key)
		}
		attr[a.Key] = a.Val
	}
	style := ";" + attr["style"]
	if ink, ground := strings.Contains(style, ";color:"), strings.Contains(style, ";background-color:"); ink != ground && !(ink && attr["bgcolor"] != "") {
		t.Errorf("%s: <%s style=%q> sets one of text and background without the other", name, n.Data, attr["style"])
	}
	for _, bad := range []string{"text-align", "flex", "grid", "var(", "rem", "position", "javascript"} {
		if strings.Contains(style, bad) {
			t.Errorf("%s: <%s> has %s, which few programs know", name, n.Data, bad)
		}
	}
	switch n.Data {
	case "script", "iframe", "form", "svg", "link", "blockquote", "base", "object":
		t.Errorf("%s has <%s>", name, n.Data)
	case "img":
		if attr["alt"] == "" || !strings.HasPrefix(attr["src"], "cid:") || attr["width"] == "" {
			t.Errorf("%s: picture %v lacks words, width or its Content-ID", name, attr)
		}
	case "th":
		if attr["scope"] == "" {
			t.Errorf("%s: a heading cell has no scope", name)
		}
	case "table":
		if attr["role"] == "" && !strings.HasPrefix(attr["class"], "tb") {
			t.Errorf("%s: a table of layout has no role", name)
		}
	case "a":
		if href := attr["href"]; !goodLink(href) || len(href) >= maxMailto && strings.HasPrefix(href, "mailto:") {
			t.Errorf("%s: link to %s", name, href)
		}
	}
}

// TestContrast computes WCAG 2.2 contrast of every pair of colours.
func TestContrast(t *testing.T) {
	for _, s := range shades {
		for _, pair := range [][2]string{{s.ink, s.ground}, {s.darkInk, s.darkGround}} {
			a, b := luminance(t, pair[0]), luminance(t, pair[1])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f", s.class, pair[0], pair[1], ratio)
			}
		}
	}
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%q is no colour", color)
		}
		c := float64(v) / 255
		if c <= 0.03928 {
			sum += weight * c / 12.92
			continue
		}
		x := (c + 0.055) / 1.055
		p := x * x
		sum += weight * p * pow04(x) // x^2.4
	}
	return sum
}

// pow04 is x^0.4 by Newton's method on y^5 = x^2, so that the test needs no more than arithmetic.
func pow04(x float64) float64 {
	y := x
	for range 60 {
		y -= (y*y*y*y*y - x*x) / (5 * y * y * y * y)
	}
	return y
}

func TestButtonsWriteOneExactLine(t *testing.T) {
	r, findings := renderText(t, "```decisions\n- decision: Go?\n```\n\n```ask\n- question: Where?\n```\n\n```rating\n```\n")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, want := range []string{
		`href="mailto:projects+0k3v9x2m4t7qabcd@northlight.example?subject=%5BHARBOUR-WEB%5D%20D-1:%20yes&amp;body=D-1:%20yes%0D%0A"`,
		`&amp;body=D-1:%20no%0D%0A"`, `&amp;body=Q-1:%20%0D%0A"`, `&amp;body=Rating:%204%0D%0A"`,
	} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("no button with %s", want)
		}
	}
	other := r.ReplyVia("projects+other@northlight.example")
	if strings.Contains(other, "0k3v9x2m4t7qabcd") || strings.Count(other, "projects+other@") != strings.Count(r.HTML, "projects+0k3v9x2m4t7qabcd@") {
		t.Error("ReplyVia leaves the address of another recipient")
	}
}

func TestWithoutAReplyAddressThereAreNoButtons(t *testing.T) {
	d, _ := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n```decisions\n- decision: Go?\n```\n\n```rating\n```\n"))
	in := sampleInput(t, d)
	in.ReplyTo = ""
	if r, _ := Render(d, in); strings.Contains(r.HTML, "mailto:") || !strings.Contains(r.Text, "D-1:") {
		t.Errorf("%s", r.Text)
	}
}

func TestNothingLeavesTheHouseByALink(t *testing.T) {
	r, _ := renderText(t, "[a](javascript:alert(1)) [b](http://a.example) [c](data:text/html,x) [d](  JaVaScRiPt:x ) [e](file:///etc/passwd) <script:x>")
	if strings.Count(r.HTML, "<a ") != 0 || strings.Contains(r.HTML, "javascript:") || strings.Contains(r.Text, "file:") {
		t.Errorf("%s", r.Text)
	}
}

// TestATableTooWideForATelephoneBecomesAList: its cells carry the names of
// their columns; a table that fits stays one, and carries nothing.
func TestATableTooWideForATelephoneBecomesAList(t *testing.T) {
	wide, _ := renderText(t, "| Page | Who wrote the \"text\" | What is still missing | Remarks |\n| --- | --: | --- | --- |\n| Bath | Ellen, from the café | | They like the photograph. |\n")
	for _, want := range []string{`class="tb st"`, `<td>Bath</td><td title="Who wrote the &quot;text&quot;" align="right">Ellen`, "<td></td>", "content:attr(title)", "max-width:480px){.st"} {
		if !strings.Contains(wide.HTML, want) {
			t.Errorf("the wide table lacks %s", want)
		}
	}
	wider, _ := renderText(t, "| Shop | Responsible person | Newsletter registrations | Internationalisation | Returns processed |\n| --- | --- | --- | --- | --- |\n| Bath | Ellen | 120 | late | 12 |\n")
	if m := regexp.MustCompile(`max-width:(\d+)px\)\{\.st`).FindStringSubmatch(wider.HTML); m == nil || m[1] < "600" || m[1] > "680" {
		t.Errorf("where the window is too narrow for the wider table it stays one: %q", m)
	}
	narrow, _ := renderText(t, "| Shop | Visits | 订单 |\n| --- | --- | --- |\n| Bath | 1,204 | 42 |\n")
	if strings.Contains(narrow.HTML, "tb st") || strings.Contains(narrow.HTML, " title=") || strings.Contains(narrow.HTML, "attr(") {
		t.Errorf("the narrow table became a list:\n%s", narrow.HTML)
	}
}
