package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// shot knows one picture of the mail.
func shot(cid string) string {
	if cid == "shot@harbour" {
		return "/file/1764/abc/m/m01/picture/2"
	}
	return ""
}

func TestSanitise(t *testing.T) {
	for _, c := range []struct {
		name, mail, want string
		blocked          int
	}{
		{"words stay", `<p>Hello <b>there</b>, a &lt; b</p>`, `<p>Hello <b>there</b>, a &lt; b</p>`, 0},
		{"a script goes with its content", `a<script>alert(1)</script>b`, `ab`, 0},
		{"an unclosed script ends nowhere", `a<script>alert(1)`, `a`, 0},
		{"event handlers go", `<p onclick="alert(1)" onmouseover=x>a</p>`, `<p>a</p>`, 0},
		{"a style sheet goes", `<style>p{background:url(//evil.example)}</style>a`, `a`, 0},
		{"a refresh goes", `<meta http-equiv=refresh content="0;url=//evil.example">a`, `a`, 0},
		{"a base goes", `<base href="//evil.example/">a`, `a`, 0},
		{"a form loses its fields", `<form action=//evil.example><input name=password>Send <button>now</button></form>`, `Send now`, 0},
		{"SVG loses all but words", `<svg onload=alert(1)><a xlink:href="javascript:alert(2)"><text>hi</text></a></svg>`, `<a>hi</a>`, 0},
		{"MathML goes", `<math><mtext><img src=x onerror=alert(1)></mtext></math>`, `<span class="left-out">not loaded</span>`, 1},
		{"frames go", `<iframe src=//evil.example>x</iframe><object data=//evil.example></object>a`, `a`, 0},
		{"ids and classes go", `<p id=main class=top>a</p>`, `<p>a</p>`, 0},
		{"a comment goes", `a<!-- [if mso]><p>b</p><![endif] -->c`, `ac`, 0},
		{"javascript: is no link", `<a href="javascript:alert(1)">a</a> <a href=" JaVaScRiPt:alert(1)">b</a>`, `<a>a</a> <a>b</a>`, 0},
		{"a link opens elsewhere", `<a href="https://harbour.example/x?a=1&amp;b=2" target=_top>a</a>`, `<a href="https://harbour.example/x?a=1&amp;b=2" rel="noreferrer noopener" target="_blank">a</a>`, 0},
		{"no link to our pages", `<a href="/items">a</a><a href="//evil.example">b</a>`, `<a>a</a><a>b</a>`, 0},
		{"mailto stays", `<a href="mailto:a@b.example">a</a>`, `<a href="mailto:a@b.example" rel="noreferrer">a</a>`, 0},
		{"its own picture", `<img src="cid:shot@harbour" alt="x" width=10 height=5>`, `<img alt="x" width="10" height="5" src="/file/1764/abc/m/m01/picture/2">`, 0},
		{"a picture it did not bring", `<img src="cid:other">`, `<span class="left-out">not loaded</span>`, 1},
		{"a picture from elsewhere", `<img src="https://evil.example/a.png" alt='our "logo" &lt;3'>`, `<span class="left-out">not loaded: our &#34;logo&#34; &lt;3</span>`, 1},
		{"a page of ours as picture", `<img src="/l/l01/raw"><img src="/file/1764/abc/m/m01/picture/2">`, `<span class="left-out">not loaded</span><span class="left-out">not loaded</span>`, 2},
		{"a picture that only counts readers", `a<img src="https://evil.example/t.gif" width="1" height="1">b`, `ab`, 1},
		{"two addresses for one picture", `<img src="cid:shot@harbour" src="https://evil.example/a.png">`, `<img src="/file/1764/abc/m/m01/picture/2">`, 0},
		{"a picture as data", `<img src="DATA:image/PNG;base64,iVBORw0K Ggo=">`, `<img src="data:image/png;base64,iVBORw0KGgo=">`, 0},
		{"SVG as data", `<img src="data:image/svg+xml;base64,PHN2Zz4=">`, `<span class="left-out">not loaded</span>`, 1},
		{"a picture behind a table", `<table background="https://evil.example/b.png"><tr><td>a</td></tr></table>`, `<table><tr><td>a</td></tr></table>`, 1},
		{"srcset goes", `<img src="cid:shot@harbour" srcset="https://evil.example/2x.png 2x">`, `<img src="/file/1764/abc/m/m01/picture/2">`, 0},
		{"safe styles stay", `<p style="color:#1F497D; Font-Family:'微软雅黑',sans-serif">a</p>`, `<p style="color: #1F497D; font-family: &#39;微软雅黑&#39;,sans-serif; ">a</p>`, 0},
		{"what leaves its place goes", `<p style="position:fixed;top:0;margin-top:-99px;color:red">a</p>`, `<p style="color: red; ">a</p>`, 0},
		{"url() goes and is counted", `<p style="background:url(https://evil.example/b.png);color:red">a</p>`, `<p style="color: red; ">a</p>`, 1},
		{"escapes go", `<p style="background:\75rl(//evil.example);width:expression(alert(1))">a</p>`, `<p style="">a</p>`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, blocked := sanitise(c.mail, shot, "not loaded")
			if got != c.want || blocked != c.blocked {
				t.Errorf("got  %s (%d blocked)\nwant %s (%d blocked)", got, blocked, c.want, c.blocked)
			}
		})
	}
}

// harmless holds what sanitise let through against what may never be there.
func harmless(t *testing.T, safe string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(safe))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "style", "link", "meta", "base", "iframe", "frame", "object", "embed", "applet", "form", "input", "button",
			"select", "textarea", "svg", "math", "template", "noscript", "audio", "video", "source", "track", "portal", "title":
			t.Errorf("<%s> passed: %s", n.Data, safe)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "srcset", a.Key == "background", a.Key == "id", a.Key == "action", a.Key == "formaction":
				t.Errorf("%s=%q passed", a.Key, a.Val)
			case a.Key == "src" && value != "/file/1764/abc/m/m01/picture/2" && !strings.HasPrefix(value, "data:image/"):
				t.Errorf("src=%q passed", a.Val)
			case a.Key == "href" && !strings.HasPrefix(value, "http:") && !strings.HasPrefix(value, "https:") && !strings.HasPrefix(value, "mailto:") && !strings.HasPrefix(value, "tel:"):
				t.Errorf("href=%q passed", a.Val)
			case a.Key == "style" && (strings.Contains(value, "url") && strings.Contains(value, "(") && !strings.Contains(value, "rgb") || strings.ContainsAny(value, `\@<>`) || strings.Contains(value, "position")):
				t.Errorf("style=%q passed", a.Val)
			}
		}
	}
}

func FuzzSanitise(f *testing.F) {
	for _, seed := range []string{
		hostileMail,
		`<a href="https://a.example">x</a><img src=cid:shot@harbour>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
		`<svg><style><img src=x onerror=alert(1)></style></svg>`,
		`<table><td><math><annotation-xml encoding="text/html"><script>alert(1)</script>`,
		`<p style="color:red;background:u\rl(x)">`, `<img src="data:text/html,<script>alert(1)</script>">`,
		`<select><option><title><plaintext><xmp>`, "<a href=\"java\x00script:alert(1)\">", `<!--><script>alert(1)</script>-->`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, mail string) {
		safe, _ := sanitise(mail, shot, "not loaded")
		harmless(t, safe)
		if again, _ := sanitise(safe, shot, "not loaded"); len(again) > 2*len(safe)+100 {
			t.Errorf("it grows when read again: %d to %d bytes", len(safe), len(again))
		}
	})
}

func TestSanitiseIsBounded(t *testing.T) {
	for name, mail := range map[string]string{
		"deep nesting":        strings.Repeat("<div>", 100_000),
		"escapes in a style":  `<p style="color:` + strings.Repeat(`\41 `, 300_000) + `">`,
		"many declarations":   `<p style="` + strings.Repeat(`color:red;`, 100_000) + `">`,
		"many attributes":     `<p ` + strings.Repeat(`a=b `, 200_000) + `>`,
		"open angle brackets": strings.Repeat("<", 1_000_000),
		"a data picture":      `<img src="data:image/png;base64,` + strings.Repeat("AAAA", 250_000) + `">`,
	} {
		if safe, _ := sanitise(mail, shot, "not loaded"); len(safe) > 10*len(mail) {
			t.Errorf("%s: %d bytes became %d", name, len(mail), len(safe))
		}
	}
}
