package web

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/templates"
	"rapport/threads"
)

// wordSets are the values that pages name by `word` and `phrase`.
func wordSets() map[string][]string {
	return map[string][]string{
		"kind":       texts(threads.Kinds),
		"facet":      texts(facets),
		"state":      {string(threads.Dismissed)}, // the others show by themselves
		"answer":     texts(threads.Words),
		"class":      texts([]threads.Class{threads.ClassPerson, threads.ClassAutoReply, threads.ClassOutOfOffice, threads.ClassBounce, threads.ClassDelay, threads.ClassReceipt, threads.ClassList, threads.ClassOwnCopy, threads.KindOurs}),
		"report":     texts([]threads.ReportState{threads.ReportApproved, threads.ReportQueued, threads.ReportSent, threads.ReportTrouble, threads.ReportCancelled}),
		"delivery":   texts([]threads.DeliveryState{threads.Held, threads.Queued, threads.Sending, threads.Taken, threads.Refused, threads.Deferring, threads.Unknown, threads.Bounced, threads.Cancelled}),
		"advice":     texts([]threads.DeliveryState{threads.Refused, threads.Bounced, threads.Unknown}),
		"status":     {"green", "yellow", "red"},
		"cause":      {"unknown-sender", "not-of-project", "ambiguous", "no-project", "forged"},
		"verdict":    texts([]threads.Verdict{threads.Authentic, threads.Unauthenticated, threads.Forged}),
		"evidence":   {"reply-address", "reference", "our-address", "subject-tag", "contact", "domain", "import", "choice", "name", "own-copy"},
		"brake":      texts(threads.Brakes),
		"notice":     texts(threads.NoticeKinds),
		"polling":    {"connecting", "idle", "reading", "waiting", "stopped"},
		"change":     texts([]threads.ChangeKind{threads.ChangeFile, threads.ChangeContact, threads.ChangeDismiss, threads.ChangeReread, threads.ChangeSplit, threads.ChangeMerge, threads.ChangeCorrect}),
		"corrected":  texts([]threads.CorrectionStep{threads.CorrectRead, threads.CorrectDismiss, threads.CorrectReturn, threads.CorrectSplit, threads.CorrectMerge, threads.CorrectAdd}),
		"sign-in-by": texts([]threads.SignIn{threads.ByPassword, threads.ByLink, threads.ByProvider}),
		"erased":     texts([]threads.Cause{threads.CauseRequest, threads.CauseRetention}),
		"role":       {"admin", "manager", "auditor"},
		"owed":       texts(whys),
		"remedy":     texts(whys),
		"trend":      texts([]threads.Trend{threads.Rising, threads.Steady, threads.Falling}),
		"every":      {"week", "two-weeks", "month"},
		"tongue":     {"en", "zh"},
		"done":       append(texts([]threads.ChangeKind{threads.ChangeFile, threads.ChangeContact, threads.ChangeDismiss, threads.ChangeReread, threads.ChangeSplit, threads.ChangeMerge, threads.ChangeCorrect}), string(threads.Answered), sentAgain, released, withdrawn),
		"month":      {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		"weekday":    {"0", "1", "2", "3", "4", "5", "6"},
	}
}

var whys = []threads.Why{threads.WhyTooLarge, threads.WhyUnreadable, threads.WhyUnfiled}

func texts[T ~string](values []T) (out []string) {
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// The sets that other rooms write as plain text are read from their source.
var (
	authWhy   = regexp.MustCompile(`\bWhy\w+ += "([a-z-]+)"`)
	faultCode = regexp.MustCompile(`(?:\.add\(|Fault\{Code: )"([a-z0-9]+(?:-[a-z0-9]+)+|encrypted|unreadable)", `)
	reason    = regexp.MustCompile(`unsure\("([^"“]+)`)
	cutReason = regexp.MustCompile(`(?:\bcut[A-Z]\w+ +=|threads\.Fold\{(?:\{)?Reason:|\{Reason:) "([^"]+)"`)
	entryType = regexp.MustCompile(`\bEntry\w+ +EntryType = "([a-z.-]+)"`)
	usedInGo  = regexp.MustCompile(`\bl(?:ang)?\.(t|n)\("([^"]+)"`)
	usedHere  = regexp.MustCompile(`\b(t|n|word|phrase) "([^"]+)"`)
	verb      = regexp.MustCompile(`%(\[\d\])?[sd]`)
)

// found collects what a pattern finds in files.
func found(t *testing.T, pattern *regexp.Regexp, globs ...string) (out [][]string) {
	t.Helper()
	for _, glob := range globs {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files at %s: %v", glob, err)
		}
		for _, f := range files {
			content, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(f, "_test.go") {
				out = append(out, pattern.FindAllStringSubmatch(string(content), -1)...)
			}
		}
	}
	return out
}

// usedWords are all keys that pages can ask for.
func usedWords(t *testing.T) map[string]bool {
	used := map[string]bool{}
	sets := wordSets()
	sets["trouble.kind"] = texts(threads.Troubles())
	for _, m := range found(t, faultCode, "../mail/*.go", "../ingest/*.go") {
		sets["fault"] = append(sets["fault"], m[1])
	}
	for _, m := range found(t, reason, "../ingest/extract/*.go") {
		sets["why"] = append(sets["why"], strings.ReplaceAll(strings.TrimSuffix(m[1], ": "), " ", "-"))
	}
	for _, m := range found(t, cutReason, "../ingest/*.go", "../ingest/extract/*.go") {
		sets["fold"] = append(sets["fold"], strings.ReplaceAll(m[1], " ", "-"))
	}
	for _, m := range found(t, entryType, "../threads/entry.go") {
		sets["entry"] = append(sets["entry"], m[1])
	}
	for _, m := range found(t, authWhy, "../threads/authentication.go") {
		sets["auth-why"] = append(sets["auth-why"], m[1])
	}
	for set, least := range map[string]int{"auth-why": 10, "fault": 40, "why": 4, "fold": 7, "entry": 10} {
		if len(sets[set]) < least {
			t.Errorf("the source of other rooms has only %q for %s; does this test still read it?", sets[set], set)
		}
	}
	for set, values := range sets {
		for _, v := range values {
			used[set+"."+v] = true
		}
	}
	for _, f := range failures {
		used["error."+f.word+".title"], used["error."+f.word+".words"] = true, true
	}
	used["error.broken.title"], used["error.broken.words"] = true, true
	for _, m := range append(found(t, usedInGo, "*.go"), found(t, usedHere, "../templates/pages/*.html")...) {
		switch how, key := m[1], m[2]; {
		case how == "n":
			used[key+".one"], used[key+".other"] = true, true
		case how == "t" && !strings.HasSuffix(key, "."):
			used[key] = true
		case (how == "word" || how == "phrase") && len(sets[key]) == 0:
			t.Errorf("a page names values of the set %q, which this test does not know", key)
		}
	}
	return used
}

func TestEveryWordIsInTheTableAndUsed(t *testing.T) {
	languages, err := newLanguages(templates.Pages())
	if err != nil {
		t.Fatal(err)
	}
	used := usedWords(t)
	for key := range used {
		for _, l := range languages {
			if l.words[key] == "" {
				t.Errorf("words.tsv has no %s for %s", l.tag, key)
			}
		}
	}
	for key := range languages[0].words {
		set, _, _ := strings.Cut(key, ".")
		if !used[key] && set != "fault" && set != "why" && set != "entry" && set != "fold" { // an archive keeps what earlier versions said
			t.Errorf("words.tsv has %s, which no page shows", key)
		}
	}
}

func TestWordsTakeTheSameValuesInBothLanguages(t *testing.T) {
	languages, err := newLanguages(templates.Pages())
	if err != nil {
		t.Fatal(err)
	}
	en, zh := languages[0], languages[1]
	for key, text := range en.words {
		if a, b := values(text), values(zh.words[key]); !slices.Equal(a, b) && !strings.HasPrefix(key, "day.") && !strings.HasPrefix(key, "every.") {
			t.Errorf("%s takes %v in English, %v in Chinese", key, a, b)
		}
		if strings.ContainsAny(zh.words[key], ",;!?") && !strings.Contains(text, "SHA") {
			t.Errorf("%s has Western punctuation in Chinese: %s", key, zh.words[key])
		}
	}
}

// values are the verbs of a text by their place.
func values(text string) (out []string) {
	for i, v := range verb.FindAllStringSubmatch(text, -1) {
		place := v[1]
		if place == "" {
			place = fmt.Sprintf("[%d]", i+1)
		}
		out = append(out, place+v[0][len(v[0])-1:])
	}
	slices.Sort(out)
	return out
}

func TestATableWithMistakesIsRefused(t *testing.T) {
	for name, table := range map[string]string{
		"a key twice":      "key\ten\tzh\na\tA\t甲\na\tB\t乙\n",
		"a column less":    "key\ten\tzh\na\tA\n",
		"a column more":    "key\ten\tzh\na\tA\t甲\t?\n",
		"no second column": "key\ten\tzh\na b\n",
	} {
		if _, err := newLanguages(mapFS{"words.tsv": table}); err == nil {
			t.Errorf("%s: the table was taken", name)
		}
	}
}

// mapFS is a folder of texts.
type mapFS map[string]string

func (m mapFS) Open(string) (fs.File, error) { return nil, fs.ErrInvalid }

func (m mapFS) ReadFile(name string) ([]byte, error) {
	text, ok := m[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}
