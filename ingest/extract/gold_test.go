package extract

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"rapport/mail"
	"rapport/threads"
)

var misses = flag.Bool("misses", false, "list every miss and false item of the mails that may be read (not of the part kept aside)")

type goldItem struct {
	Kind   string  `json:"kind"`
	Text   string  `json:"text"`
	Facet  string  `json:"facet"`
	Urgent bool    `json:"urgent"`
	Due    *string `json:"due"`
	About  *string `json:"about"`
}

type goldCase struct {
	Language string     `json:"language"`
	Auto     string     `json:"auto"`
	NewText  string     `json:"new_text"`
	Items    []goldItem `json:"items"`

	name string
	raw  []byte
}

// aside is the part of the set that nobody reads while rules and training
// sentences are written: every third case.
func (c *goldCase) aside() bool {
	n, _ := strconv.Atoi(c.name)
	return n%3 == 0
}

func goldCases(t testing.TB) []goldCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/gold/*.eml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no gold cases: %v", err)
	}
	var cases []goldCase
	for _, p := range paths {
		c := goldCase{name: strings.TrimSuffix(filepath.Base(p), ".eml")}
		data, err := os.ReadFile(strings.TrimSuffix(p, ".eml") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if c.raw, err = os.ReadFile(p); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

// tally counts found, false and missed things.
type tally struct{ tp, fp, fn int }

func (t tally) precision() float64 { return share(t.tp, t.tp+t.fp) }
func (t tally) recall() float64    { return share(t.tp, t.tp+t.fn) }
func (t tally) f1() float64        { return share(2*t.tp, 2*t.tp+t.fp+t.fn) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// figures are those of the annotation's scorer.
type figures struct {
	cases, exact int
	items        map[string]*tally
	fields       map[string]*tally // tp right, fn wrong
}

func newFigures() *figures {
	return &figures{items: map[string]*tally{}, fields: map[string]*tally{}}
}

func (f *figures) of(m map[string]*tally, key string) *tally {
	if m[key] == nil {
		m[key] = &tally{}
	}
	return m[key]
}

func (f *figures) add(c *goldCase, got Result, miss func(format string, args ...any)) {
	f.cases++
	if fold(got.NewText) == fold(c.NewText) {
		f.exact++
	} else {
		miss("%s text want %q\n          got  %q", c.name, fold(c.NewText), fold(got.NewText))
	}
	found, missed, false_ := matchItems(c.Items, got.Items)
	for _, p := range found {
		e, g := c.Items[p[0]], got.Items[p[1]]
		for _, key := range []string{"all", e.Kind, "lang:" + c.Language} {
			f.of(f.items, key).tp++
		}
		f.field("facet", e.Facet == string(g.Facet), miss, "%s facet want %s got %s: %s", c.name, e.Facet, g.Facet, e.Text)
		f.field("urgent", e.Urgent == g.Urgent, miss, "%s urgent want %v got %v: %s", c.name, e.Urgent, g.Urgent, e.Text)
		if e.Due != nil || g.Due != "" {
			f.field("due", deref(e.Due) == g.Due, miss, "%s due want %s got %s: %s", c.name, deref(e.Due), g.Due, e.Text)
		}
		if e.About != nil {
			f.field("about", overlap(*e.About, g.About) >= 0.5, miss, "%s about want %s got %s: %s", c.name, *e.About, g.About, e.Text)
		}
	}
	for _, i := range missed {
		for _, key := range []string{"all", c.Items[i].Kind, "lang:" + c.Language} {
			f.of(f.items, key).fn++
		}
		miss("%s missed %s: %s", c.name, c.Items[i].Kind, c.Items[i].Text)
	}
	for _, i := range false_ {
		for _, key := range []string{"all", string(got.Items[i].Kind), "lang:" + c.Language} {
			f.of(f.items, key).fp++
		}
		miss("%s false  %s: %s (%v %s)", c.name, got.Items[i].Kind, got.Items[i].Text, got.Items[i].Sure, got.Items[i].Why)
	}
}

func (f *figures) field(name string, ok bool, miss func(string, ...any), format string, args ...any) {
	if ok {
		f.of(f.fields, name).tp++
		return
	}
	f.of(f.fields, name).fn++
	miss(format, args...)
}

func (f *figures) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cases %d  new text exact %.3f\n", f.cases, share(f.exact, f.cases))
	for _, k := range sortedKeys(f.items) {
		t := f.items[k]
		fmt.Fprintf(&b, "  %-12s n=%3d precision %.3f recall %.3f f1 %.3f\n", k, t.tp+t.fn, t.precision(), t.recall(), t.f1())
	}
	for _, k := range sortedKeys(f.fields) {
		fmt.Fprintf(&b, "  %-12s n=%3d right %.3f\n", k, f.fields[k].tp+f.fields[k].fn, f.fields[k].recall())
	}
	return b.String()
}

func sortedKeys(m map[string]*tally) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// scoreTokens counts Latin words and single CJK characters.
func scoreTokens(s string) map[string]int {
	out := map[string]int{}
	word := ""
	flush := func() {
		if word != "" {
			out[strings.ToLower(word)]++
		}
		word = ""
	}
	for _, r := range s {
		switch {
		case r >= 0x3400 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0x3040 && r <= 0x30ff:
			flush()
			out[string(r)]++
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			word += string(r)
		default:
			flush()
		}
	}
	flush()
	return out
}

func overlap(a, b string) float64 {
	x, y := scoreTokens(a), scoreTokens(b)
	inter, union := 0, 0
	for k, n := range x {
		inter += min(n, y[k])
		union += max(n, y[k])
	}
	for k, n := range y {
		if x[k] == 0 {
			union += n
		}
	}
	return share(inter, union)
}

// matchItems pairs expected and found items of one kind, best overlap first.
func matchItems(want []goldItem, got []threads.Item) (found [][2]int, missed, false_ []int) {
	type pair struct {
		o    float64
		i, j int
	}
	var pairs []pair
	for i, e := range want {
		for j, g := range got {
			if string(g.Kind) == e.Kind {
				pairs = append(pairs, pair{overlap(e.Text, g.Text), i, j})
			}
		}
	}
	sort.SliceStable(pairs, func(a, b int) bool { return pairs[a].o > pairs[b].o })
	usedW, usedG := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if p.o >= 0.5 && !usedW[p.i] && !usedG[p.j] {
			usedW[p.i], usedG[p.j] = true, true
			found = append(found, [2]int{p.i, p.j})
		}
	}
	for i := range want {
		if !usedW[i] {
			missed = append(missed, i)
		}
	}
	for j := range got {
		if !usedG[j] {
			false_ = append(false_, j)
		}
	}
	return found, missed, false_
}

// readGold reads a case as the program does.
func readGold(c *goldCase) Result {
	m := mail.Parse(c.raw, mail.Limits{})
	_, offset := m.Date.Zone()
	return Read(Input{Mail: m, Class: goldClass(c, m), Zone: time.FixedZone("", offset)})
}

func goldClass(c *goldCase, m *mail.Message) threads.Class {
	return map[string]threads.Class{"none": threads.ClassPerson, "reply": threads.ClassAutoReply, "bounce": threads.ClassBounce,
		"list": threads.ClassList, "receipt": threads.ClassReceipt}[c.Auto]
}

func TestGold(t *testing.T) {
	open, aside := newFigures(), newFigures()
	for _, c := range goldCases(t) {
		got := readGold(&c)
		if c.aside() {
			aside.add(&c, got, func(string, ...any) {})
			continue
		}
		open.add(&c, got, func(format string, args ...any) {
			if *misses {
				t.Logf(format, args...)
			}
		})
	}
	t.Logf("read while writing:\n%s", open)
	t.Logf("kept aside:\n%s", aside)
}
