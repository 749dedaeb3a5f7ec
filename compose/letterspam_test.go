package compose

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// spamless are rules of SpamAssassin that fit any mail that has not travelled:
// no server has put its Received above it, and it has an HTML part.
var spamless = []string{"NO_RECEIVED", "NO_RELAYS", "HTML_MESSAGE"}

// excused are findings that say nothing about real letters.
var excused = map[string]string{
	"mixed": "HTML_OBFUSCATE_05_10", // a test of emphasis: in each line it begins within a Chinese sentence, which to the rule is one word
}

// TestSpamAssassinFindsNothing runs its local rules, without the network, over
// every sample letter as it would be sent.
func TestSpamAssassinFindsNothing(t *testing.T) {
	program := servers.Program(t, "spamassassin", "spamassassin")
	dir := t.TempDir()
	args := []string{"--local", "--test-mode", "--nocreate-prefs"}
	var names []string
	for name, r := range sampleLetters(t) {
		path := filepath.Join(dir, name+".eml")
		if err := os.WriteFile(path, mustLetters(t, r, inSeries(t, 3))[0].Raw, 0o600); err != nil {
			t.Fatal(err)
		}
		names, args = append(names, name), append(args, path)
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	status := regexp.MustCompile(`tests=([A-Z0-9_,\s]+)\s(?:shortcircuit|autolearn)=`).FindAllStringSubmatch(string(out), -1)
	if len(status) != len(names) {
		t.Fatalf("%d verdicts on %d letters:\n%s", len(status), len(names), out)
	}
	for i, s := range status {
		for test := range strings.SplitSeq(strings.Join(strings.Fields(s[1]), ""), ",") {
			if !slices.Contains(spamless, test) && test != excused[names[i]] {
				t.Errorf("%s: %s", names[i], test)
			}
		}
	}
}
