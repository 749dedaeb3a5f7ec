package compose

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// feature is a line of testdata/caniemail.tsv.
type feature struct {
	where, name, pattern string
	match                *regexp.Regexp // nil for tags and attributes
	partly, no           float64        // per cent of mail programs
}

func readFeatures(t *testing.T) []feature {
	t.Helper()
	table, err := os.ReadFile("testdata/caniemail.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []feature
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if line[0] == '#' {
			continue
		}
		f := feature{where: cells[0], name: cells[1], pattern: cells[2]}
		if f.where != "tag" && f.where != "attribute" {
			f.match = regexp.MustCompile(f.pattern)
		}
		var n [3]float64
		for i, c := range cells[3:] {
			if n[i], err = strconv.ParseFloat(c, 64); err != nil {
				t.Fatal(err)
			}
		}
		all := n[0] + n[1] + n[2]
		f.partly, f.no = 100*n[1]/all, 100*n[2]/all
		out = append(out, f)
	}
	return out
}

// support is the score of Mailpit's HTML check: of the features that a letter
// uses the worst, weighed by how much of it uses them. Rules inside @media are
// left out there too; they are what a letter can do without.
func support(t *testing.T, page string, features []feature) float64 {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	p := &supportPage{tags: map[string]int{}, attributes: map[string]bool{}}
	p.sheets(root)
	p.walk(root)
	var partly, no float64
	for _, f := range features {
		found := 0
		switch f.where {
		case "tag":
			for tag := range strings.FieldsSeq(f.pattern) {
				found += p.tags[tag]
			}
		case "attribute":
			if p.attributes[f.pattern] {
				found = 1
			}
		case "sheet":
			found = len(f.match.FindAllString(p.css, -1))
		default:
			for _, s := range p.styles {
				n := len(f.match.FindAllString(s, -1))
				if f.where == "style" {
					n = min(n, 1)
				}
				found += n
			}
			for _, g := range features { // an attribute that stands for a property is counted with it
				if f.where == "style" && g.where == "attribute" && g.name == f.name && p.attributes[g.pattern] {
					found++
				}
			}
		}
		share := float64(found) / float64(p.nodes)
		partly, no = max(partly, f.partly*share), max(no, f.no*share)
	}
	return 100 - partly - no
}

// supportPage is a page as the check sees it.
type supportPage struct {
	nodes      int
	tags       map[string]int
	attributes map[string]bool
	styles     []string // of each element that has one, plain rules put in
	css        string
	rules      [][2]string // selector, style
	above      []*html.Node
}

var mediaRule = regexp.MustCompile(`@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}`)

func (p *supportPage) sheets(n *html.Node) {
	if n.Type == html.ElementNode && n.Data == "style" && n.FirstChild != nil {
		p.css += n.FirstChild.Data
		for rule := range strings.SplitSeq(mediaRule.ReplaceAllString(n.FirstChild.Data, ""), "}") {
			selectors, style, ok := strings.Cut(rule, "{")
			for s := range strings.SplitSeq(selectors, ",") {
				if ok {
					p.rules = append(p.rules, [2]string{strings.TrimSpace(s), style})
				}
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.sheets(c)
	}
}

func (p *supportPage) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		p.above = append(p.above, n)
		defer func() { p.above = p.above[:len(p.above)-1] }()
		if n.Data != "html" && n.Data != "head" && n.Data != "meta" {
			p.nodes++
		}
		p.tags[n.Data]++
		style := ""
		for _, r := range p.rules {
			if p.selects(r[0]) {
				style += r[1] + ";"
			}
		}
		for _, a := range n.Attr {
			p.attributes[a.Key] = true
			if a.Key == "style" {
				style += a.Val
			}
		}
		if style != "" {
			p.styles = append(p.styles, style)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c)
	}
}

// selects reports whether a selector of tags and classes fits the element that
// is being visited.
func (p *supportPage) selects(selector string) bool {
	parts := strings.Fields(selector)
	if len(parts) == 0 || !fits(p.above[len(p.above)-1], parts[len(parts)-1]) {
		return false
	}
	rest := parts[:len(parts)-1]
	for i := len(p.above) - 2; i >= 0 && len(rest) > 0; i-- {
		if fits(p.above[i], rest[len(rest)-1]) {
			rest = rest[:len(rest)-1]
		}
	}
	return len(rest) == 0
}

func fits(n *html.Node, simple string) bool {
	tag, class, hasClass := strings.Cut(simple, ".")
	if tag != "" && tag != n.Data {
		return false
	}
	if !hasClass {
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "class" {
			return slices.Contains(strings.Fields(a.Val), class)
		}
	}
	return false
}

// TestMailProgramsSupportTheLetters holds the letters to the score of Mailpit's
// HTML check. The least is measured; short letters have little to weigh the
// frame against.
func TestMailProgramsSupportTheLetters(t *testing.T) {
	features := readFeatures(t)
	least := map[string]float64{"weekly": 99, "chinese": 98.9, "monthly-chinese": 98.3, "long": 99.5, "tiny": 96.5, "tiny-chinese": 96.5, "line": 97.5, "choices": 97.5}
	for name, r := range sampleLetters(t) {
		want := least[name]
		if want == 0 {
			want = 98.5
		}
		if got := support(t, r.HTML, features); got < want {
			t.Errorf("%s: %.2f of 100, want at least %.1f", name, got, want)
		} else {
			t.Logf("%s: %.2f", name, got)
		}
	}
}

// TestTheCheckSeesWhatIsBadlySupported: a score that cannot fall says nothing.
func TestTheCheckSeesWhatIsBadlySupported(t *testing.T) {
	features := readFeatures(t)
	good := "<html><body><p>a</p><p>b</p></body></html>"
	for _, bad := range []string{
		strings.ReplaceAll(good, "<p>", `<p style="position:absolute">`),
		strings.ReplaceAll(good, "<body>", "<style>p{position:absolute}</style><body>"),
		strings.ReplaceAll(good, "<p>", `<p style="width:3rem">`),
		strings.ReplaceAll(good, "<p>", "<svg></svg><p>"),
	} {
		if a, b := support(t, good, features), support(t, bad, features); b >= a-5 {
			t.Errorf("%.1f, and %.1f for %s", a, b, bad)
		}
	}
}

// TestHTMLIsLight: beside the frame and the answer links, whose addresses are
// long, HTML takes at most three times the bytes of its Markdown.
func TestHTMLIsLight(t *testing.T) {
	const frame, link = 3300, 175
	for name, r := range sampleLetters(t) {
		d := readSample(t, name)
		most := frame + strings.Count(r.HTML, `href="mailto:projects+`)*link + 3*len(d.Source)
		if len(r.HTML) > most {
			t.Errorf("%s: %d bytes of HTML for %d of Markdown; at most %d", name, len(r.HTML), len(d.Source), most)
		}
		if name == "long" && len(r.HTML) > 2*len(d.Source) || name == "weekly" && len(r.HTML) > 4*len(d.Source) {
			t.Errorf("%s: %d bytes of HTML for %d of Markdown", name, len(r.HTML), len(d.Source))
		}
	}
}
