package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Commands that start at the same time on a new installation, as serve and items
// may, all sign with one key.
func TestCommandsAgreeOnANewReplyKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reply.key")
	const commands = 20
	addresses := make(chan string, commands)
	for range commands {
		go func() {
			key, err := replyKey(path)
			if err != nil {
				t.Error(err)
			}
			addresses <- key.Address("projects@agency.example", "l1")
		}()
	}
	first := <-addresses
	for range commands - 1 {
		if address := <-addresses; address != first {
			t.Errorf("two commands sign %s and %s", first, address)
		}
	}
}

func TestABrokenReplyKeyIsNotReplaced(t *testing.T) {
	for _, text := range []string{"", "not a key", "abcd"} {
		path := filepath.Join(t.TempDir(), "reply.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := replyKey(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("a key %q gives the error %v; want one that names the file", text, err)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != text {
			t.Errorf("the key %q became %q, %v", text, left, err)
		}
	}
}
