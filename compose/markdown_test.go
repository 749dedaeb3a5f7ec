package compose

import (
	"strings"
	"testing"
)

// paragraphHTML is the HTML of the only paragraph of s.
func paragraphHTML(t *testing.T, s string) string {
	t.Helper()
	d := &Draft{Body: []byte(s), Line: 1}
	doc, findings := readBody(d)
	if len(findings) > 0 || len(doc.blocks) != 1 {
		t.Fatalf("%q: %v, %d blocks", s, findings, len(doc.blocks))
	}
	h := &htmlWriter{words: wordsOf("zh", 2026)}
	h.inlines(doc.blocks[0].(*paragraph).text)
	return h.b.String()
}

// CommonMark's rules print the marks of most of these; see goldmark issue 529.
func TestEmphasisInChinese(t *testing.T) {
	for src, want := range map[string]string{
		"**重要：**请确认":          "<strong>重要：</strong>请确认",
		"这是**“重点”**内容":        "这是<strong>“重点”</strong>内容",
		"~~旧价格：~~新价格":         "<s>旧价格：</s>新价格",
		"**《合同》**已签":          "<strong>《合同》</strong>已签",
		"请看**（附件）**。":         "请看<strong>（附件）</strong>。",
		"中文**bold**中文":        "中文<strong>bold</strong>中文",
		"中文**加粗**English":     "中文<strong>加粗</strong>English",
		"**a**，*b*。":          "<strong>a</strong>，<em>b</em>。",
		"***重要：***请":          "<em><strong>重要：</strong></em>请",
		"**“引号”**":            "<strong>“引号”</strong>",
		"**完成率80%。**下周":       "<strong>完成率80%。</strong>下周",
		"価格は**無料！**です":        "価格は<strong>無料！</strong>です",
		"이것은**\"중요\"**합니다":    "이것은<strong>&quot;중요&quot;</strong>합니다",
		"2 * 3 * 4":           "2 * 3 * 4",
		"a * b":               "a * b",
		"**not closed":        "**not closed",
		"foo**bar**baz":       "foo<strong>bar</strong>baz",
		"snake_case_word":     "snake_case_word",
		"a**\"b\"**c":         "a**&quot;b&quot;**c",
		"*(important)* text":  "<em>(important)</em> text",
		"~~gone~~ and ~kept~": "<s>gone</s> and <s>kept</s>",
	} {
		if got := paragraphHTML(t, src); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

func TestLineEndsBetweenChineseLinesVanish(t *testing.T) {
	for src, want := range map[string]string{
		"第一行\n第二行":                "第一行第二行",
		"第一行，\n第二行":               "第一行，第二行",
		"English line\n中文":        "English line 中文",
		"中文\nEnglish":             "中文 English",
		"中文。\nEnglish":            "中文。English",
		"one\ntwo":                "one two",
		"**粗**\n体":                "<strong>粗</strong>体",
		"한국어\n문장":                 "한국어 문장",
		"本周完成 \\ 了":               "本周完成 了",
		"a\\\nb":                  "a<br>\nb",
		"5 &lt; 7 &amp; &#20013;": "5 &lt; 7 &amp; 中",
		"\\*stars\\*":             "*stars*",
	} {
		if got := paragraphHTML(t, src); got != want {
			t.Errorf("%q is %q, want %q", src, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	for src, want := range map[string]string{
		"[a](https://a.example/?x=1&y=2 \"title\")": `<a href="https://a.example/?x=1&amp;y=2">a</a>`,
		"<https://a.example>":                       `<a class="ur" href="https://a.example">https://a.example</a>`,
		"see www.a.example now":                     `see <a href="https://www.a.example">www.a.example</a> now`,
		"ask ellen@a.example.":                      `ask <a href="mailto:ellen@a.example">ellen@a.example</a>.`,
		"[中文](https://a.example/文)":                 `<a href="https://a.example/%E6%96%87">中文</a>`,
		"[x](https://a.example/\"onclick=)":         `<a href="https://a.example/%22onclick=">x</a>`,
		"[x](http://a.example)":                     "x",
	} {
		if got := paragraphHTML(t, src); got != want {
			t.Errorf("%q is %s, want %s", src, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"one two three", 9, "one two|three"},
		{"one two three", 7, "one two|three"},
		{"中文换行测试", 8, "中文换行|测试"},
		{"中文换行，测试", 8, "中文换|行，测试"},
		{"他说（这里）没有", 9, "他说（这|里）没有"},
		{"他说了（这里）没有", 8, "他说了|（这里）|没有"},
		{"中文 English 中文", 10, "中文|English 中|文"},
		{"abcdefghijklmnop", 10, "abcdefghij|klmnop"},
		{"a https://a.example/very/long/path b", 12, "a|https://a.example/very/long/path|b"},
		{"a\nb", 10, "a|b"},
		{"", 10, ""},
		{"10 is > 3 says the proof", 10, "10 is > 3|says the|proof"},
		{"写一行\u201cD-1:\u00a0yes\u201d即可", 10, "写一行|\u201cD-1:\u00a0yes\u201d|即可"},
	} {
		if got := strings.Join(wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestTablesInText(t *testing.T) {
	table := func(src string) string {
		doc, _ := readBody(&Draft{Body: []byte(src), Line: 1})
		tw := &textWriter{words: wordsOf("en", 2026)}
		tw.blocks(doc.blocks)
		return tw.b.String()
	}
	got := table("| 名称 | Value |\n| --- | ---: |\n| 订单 | 1 |\n| Search | 1,204 |\n")
	want := "名称    Value\n------  -----\n订单        1\nSearch  1,204\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	long := strings.Repeat("word ", 30)
	for _, line := range strings.Split(table("| a | b | c |\n|---|---|---|\n| "+long+" | "+long+" | "+long+" |\n"), "\n") {
		if displayWidth(line) > textColumns {
			t.Errorf("too wide: %s", line)
		}
	}
}

// TestAddressesInChineseTextAreLinks: no blank stands before them, and the
// full-width mark behind them is none of theirs.
func TestAddressesInChineseTextAreLinks(t *testing.T) {
	for src, want := range map[string]string{
		"测试版地址：https://test.yunshan.example/m，随时可以打开。":                   `<a class="ur" href="https://test.yunshan.example/m">https://test.yunshan.example/m</a>，随时`,
		"见https://a.example/x_y_z?a=1&b=(2)。":                            `见<a class="ur" href="https://a.example/x_y_z?a=1&amp;b=(2)">https://a.example/x_y_z?a=1&amp;b=(2)</a>。`,
		"（https://a.example/x）":                                          `（<a class="ur" href="https://a.example/x">https://a.example/x</a>）`,
		"请看www.yunshan.example/a、b":                                      `请看<a href="https://www.yunshan.example/a">www.yunshan.example/a</a>、b`,
		"请写信到wang@yunshan.example；谢谢":                                    `请写信到<a href="mailto:wang@yunshan.example">wang@yunshan.example</a>；谢谢`,
		"**重要：https://a.example/x！**请看":                                  `<strong>重要：<a class="ur" href="https://a.example/x">https://a.example/x</a>！</strong>请看`,
		"[见https://a.example/x](https://b.example/)":                     `<a class="ur" href="https://b.example/">见https://a.example/x</a>`,
		"不是`见https://a.example/x`，也不是 a见b@c":                             `不是<code>见https://a.example/x</code>，也不是 a见b@c`,
		"```status\noverall: green\nsummary: 见https://a.example/x。\n```": `<br>见<a class="ur" href="https://a.example/x">https://a.example/x</a>。</td>`,
	} {
		if r, _ := renderText(t, src); !strings.Contains(r.HTML, want) {
			t.Errorf("%s: no %s in\n%s", src, want, r.HTML[strings.Index(r.HTML, "</h1>"):])
		}
	}
}

// In the text part a blank keeps an address and the Chinese behind it apart.
func TestAddressesInTheTextPartEndWhereTheyEnd(t *testing.T) {
	r, _ := renderText(t, "见https://a.example/x，谢谢。[说明](https://b.example/y)，完。")
	if !strings.Contains(r.Text, "见https://a.example/x ，谢谢。说明，完。") {
		t.Error(r.Text)
	}
}
