package archive_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// listed is a place in a container's list with a file of 0xffffffff bytes, whose
// true numbers stand in the field for large ones.
func listed(name string, size, at uint64) []byte {
	b := le(nil, uint32(0x02014b50), uint16(20), uint16(45), uint16(8), uint16(0), uint32(0), uint32(0), ^uint32(0), ^uint32(0), uint16(len(name)), uint16(28), uint16(0), uint16(0), uint16(0), uint32(0), ^uint32(0))
	return le(append(b, name...), uint16(1), uint16(24), size, size, at)
}

// ended is a container of nothing but a list.
func ended(n uint16, list ...byte) []byte {
	return le(list, uint32(0x06054b50), uint32(0), n, n, uint32(len(list)), uint32(0), uint16(0))
}

// Numbers that lead out of the file, turn around or count what is not there.
func TestAHostileContainerIsRefused(t *testing.T) {
	w := newWorld(t)
	large := func(n, length, begin uint64) []byte {
		b := le(nil, uint32(0x06064b50), uint64(44), uint16(45), uint16(45), uint64(0), n, n, length, begin)
		b = le(b, uint32(0x07064b50), uint32(0), uint64(0), uint32(1))
		return le(b, uint32(0x06054b50), uint32(0), ^uint16(0), ^uint16(0), ^uint32(0), ^uint32(0), uint16(0))
	}
	variants := []variant{
		{"nothing in it", "bundle.note:", ended(0)},
		{"more files than there are", "the list", ended(65000)},
		{"2^63 files", "", large(1<<63, 0, 0)},
		{"2^63-1 files", "", large(1<<63-1, 0, 0)},
		{"2^64-1 of everything", "", large(1<<64-1, 1<<64-1, 1<<64-1)},
		{"a list that begins before the file", "", large(1, 1<<63, 1<<63)},
	}
	for _, at := range []uint64{0, 1, 1 << 32, 1<<63 - 31, 1<<63 - 1, 1 << 63, 1<<64 - 30, 1<<64 - 1} {
		for _, size := range []uint64{0, 1, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
			variants = append(variants, variant{fmt.Sprintf("a note of %d bytes at %d", size, at), "bundle.note:", ended(1, listed("bundle.note", size, at)...)})
		}
	}
	refused(t, w, variants)
}

// Whoever has the key can sign any list. What is no list is refused, and not
// stumbled over.
func TestAHostileListIsRefused(t *testing.T) {
	w := newWorld(t).fill()
	bundle := w.bundle()
	var variants []variant
	add := func(name string, edit func(string) string) {
		variants = append(variants, variant{name, "", w.edited(bundle, edit)})
	}
	with := func(name, old, new string) {
		add(name, func(m string) string { return strings.Replace(m, old, new, 1) })
	}
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	with("deep nesting in the beginning", `{"v":3,`, `{"v":3,"x":`+deep+`,`)
	with("deep nesting in an entry", "\"messages\":[\n{", "\"messages\":[\n{\"x\":"+deep+",")
	with("a number of 5,000 digits", `"log_lines":`, `"log_lines":`+strings.Repeat("9", 5000))
	with("a number without end", `"log_lines":`, `"log_lines":1e999,"x":`)
	with("a number below zero", `"log_lines":`, `"log_lines":-`)
	with("a version that is a list", `{"v":3,`, `{"v":[3],`)
	with("no version", `{"v":3,`, `{`)
	with("no day", `"made":"`, `"mad":"`)
	with("a day that there is not", `"made":"2`, `"made":"9`)
	with("a name that is a number", `"origin":"`, `"origin":1,"x":"`)
	with("an entry that is a number", "\"messages\":[\n{", "\"messages\":[\n1,\n{")
	with("an entry that is nothing", "\"messages\":[\n{", "\"messages\":[\nnull,\n{")
	with("an entry without anything", "\"messages\":[\n{", "\"messages\":[\n{},\n{")
	with("a change without anything", "\"changes\":[\n{", "\"changes\":[\n{},\n{")
	with("a mailbox without anything", "\"mailboxes\":[\n{", "\"mailboxes\":[\n{},\n{")
	with("an item without anything", `"items":[{`, `"items":[{},{`)
	with("items that are a text", `"items":[{`, `"items":"x","y":[{`)
	with("half a character", `"project":"`, `"project":"\ud800`)
	with("no character", `"project":"`, "\"project\":\"\xff")
	with("NUL in a name", `"project":"`, `"project":"\u0000`)
	add("one line without end", func(string) string { return `{"v":3,"x":"` + strings.Repeat("x", 4<<20) })
	add("no list", func(string) string { return "\n" })
	refused(t, w, variants)
}

// le appends numbers, the low byte in front.
func le(b []byte, numbers ...any) []byte {
	for _, n := range numbers {
		b, _ = binary.Append(b, binary.LittleEndian, n) // fails for other types only
	}
	return b
}

// The names in a bundle are of whoever made it, and reach a terminal.
func TestThePythonVerifierIsSafeForATerminal(t *testing.T) {
	const name = "\x1b]0;owned\x07\u009b31m\u202e\u2028.txt"
	path := filepath.Join(t.TempDir(), "bundle.zip")
	w := newWorld(t)
	w.must(os.WriteFile(path, rezip([]file{{name, []byte("x")}, {name, []byte("x")}}), 0o600))
	for _, encoding := range []string{"utf-8", "ascii"} {
		cmd := exec.Command(servers.Program(t, "python3", "python3"), "verify.py", path, w.key.Public())
		cmd.Env = append(os.Environ(), "PYTHONIOENCODING="+encoding, "PYTHONDONTWRITEBYTECODE=1")
		said, _ := cmd.CombinedOutput()
		if !strings.HasPrefix(string(said), "refused: ") || strings.ContainsAny(string(said), "\x1b\x07\u009b\u202e\u2028") || !strings.Contains(string(said), "it is there twice") {
			t.Errorf("in %s it says %q", encoding, said)
		}
	}
}
