package store

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/threads"
)

// wordsOf are the words of a text, a pair with "-" behind it and a tail with ".".
func wordsOf(text string) string {
	var out []string
	split(text, func(word []byte, k kind, _, _ int) { out = append(out, string(word)+[]string{"", "-", "."}[k]) })
	return strings.Join(out, " ")
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Hello, World!", "hello world"},
		{"ISSUE-12 v2.1", "issue 12 v2 1"},
		{"登录页面", "登录- 录页- 页面- 面."},
		{"版", "版."},
		{"第3版OK吗", "第. 3 版. ok 吗."},
		{"登录，页面。", "登录- 录. 页面- 面."},
		{"Ｆｕｌｌ　ｗｉｄｔｈ１２", "full width12"},
		{"ﬁne ② ½", "fine 2 1 2"},
		{"Café RÉSUMÉ Ångström", "cafe resume angstrom"},
		{"e\u0301a", "ea"},
		{"Ёлка Йод ΆΛΦΑ", "елка иод αλφα"},
		{"カタカナ ﾊﾝｶｸ がぎ", "カタ- タカ- カナ- ナ. ハン- ンカ- カク- ク. がぎ- ぎ."},
		{"한국어", "한국- 국어- 어."},
		{"हिन्दी", "हिन्दी"},
		{"\u0301\u0302 x", "x"},
		{"a\xffb \xe4\xb8", "a b"},
		{"don't a_b a:b", "don t a b a b"},
		{strings.Repeat("x", 100) + " y", strings.Repeat("x", 64) + " y"},
		{strings.Repeat("é", 100), strings.Repeat("e", 64)},
		{strings.Repeat("ж", 100), strings.Repeat("ж", 32)},
		{"𠀀𠀁", "𠀀𠀁- 𠀁."},
	} {
		if got := wordsOf(c.text); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestParseQuery(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{"", ""},
		{"one two", `"one" AND "two"`},
		{`"one two" three`, `"one two" AND "three"`},
		{`“one two„three`, `"one two" AND "three"`},
		{`one "two three`, `"one" AND "two three"`},
		{"ISSUE-12", `"issue 12"`},
		{"deploy*", `"deploy" *`},
		{"a*", `"a"`},
		{"登", `"登"`},
		{"登录", `"登录"`},
		{"登录页", `"登录 录页"`},
		{"v2 版", `"v2" AND "版"`},
		{`"v2 版"`, `"v2 版" *`},
		{"版本v2", `"版本 本 v2"`},
		{`a" OR "b`, `"a" AND "or" AND "b"`},
		{"!!! ...", ""},
	} {
		var got []string
		for _, clause := range parsed(t, c.query) {
			got = append(got, clause.fts5())
		}
		if all := strings.Join(got, " AND "); all != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.query, all, c.want)
		}
	}
}

func parsed(t *testing.T, query string) []clause {
	t.Helper()
	clauses, err := parseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return clauses
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("lorem ipsum dolor ", 300)
	for _, c := range []struct{ name, newText, text, query, want string }{
		{"short", "Please fix the login.", "", "login", "Please fix the [login]."},
		{"new words first", "the plan", "> our plan\nthe plan", "plan", "the [plan]"},
		{"else the text", "yes", "> our plan\nyes", "plan", "> our [plan] yes"},
		{"else the beginning", "hello\nyou", "", "subject", "hello you"},
		{"no text", "", "", "x", ""},
		{"phrase", "the plan is the launch plan", "", `"launch plan"`, "the plan is the [launch plan]"},
		{"apart is no phrase", "launch the plan", "launch plan", `"launch plan"`, "[launch plan]"},
		{"a phrase that repeats itself", "no no yes, no no maybe", "", `"no no maybe"`, "no no yes, [no no maybe]"},
		{"over lines, far in", strings.Repeat("lorem\n", 100) + "here\nit is", "", `"here it is"`, "… " + strings.Repeat("lorem ", 13) + "[here it is]"},
		{"the quoted part", "yes\n", "yes\n> our plan", "plan", "> our [plan]"},
		{"pairs join", "请修复登录页面的问题", "", "登录页面", "请修复[登录页面]的问题"},
		{"one character", "登录和登出", "", "登", "[登]录和[登]出"},
		{"prefix", "deployed the deployment", "", "deploy*", "[deployed] the [deployment]"},
		{"far in", long + "here it is. " + long, "", `"here it"`,
			"… dolor " + strings.Repeat("lorem ipsum dolor ", 4) + "[here it] is. " + strings.Repeat("lorem ipsum dolor ", 11) + "lorem ipsum …"},
	} {
		m := threads.Message{NewText: c.newText, Text: c.text}
		got, marks := snippet(&m, parsed(t, c.query))
		for i := len(marks) - 1; i >= 0; i-- {
			from, to := marks[i][0], marks[i][1]
			got = got[:from] + "[" + got[from:to] + "]" + got[to:]
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// FuzzSplit looks for text that breaks what the index relies on.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"ISSUE-12 登录页面, ok", "ﬁ½ é\u0301\u0301", "版", "\xff\x00a", "がぎ ﾊﾞ 한국어", strings.Repeat("a登", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before := 0
		split(text, func(word []byte, _ kind, from, to int) {
			if len(word) == 0 || len(word) > maxWord+utf8.UTFMax || !utf8.Valid(word) || strings.ContainsAny(string(word), " '\"\\:*()") {
				t.Fatalf("word %q", word)
			}
			if from < before || to <= from || to > len(text) {
				t.Fatalf("word %q lies at %d:%d after %d in %d bytes", word, from, to, before, len(text))
			}
			before = from
		})
		c := parseClause(text)
		if len(c.words) > 0 && len(fits(text, []clause{c})) == 0 {
			t.Fatalf("%q does not fit itself as %+v", text, c)
		}
		m := threads.Message{NewText: cleanText(text)}
		clauses, err := parseQuery(text)
		if unknown := (*threads.UnknownChoice)(nil); err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		got, marks := snippet(&m, clauses)
		for _, r := range marks {
			if r[0] >= r[1] || r[1] > len(got) || !utf8.ValidString(got[r[0]:r[1]]) {
				t.Fatalf("mark %v in %q", r, got)
			}
		}
	})
}
