package archive

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rapport/threads"
)

// Checkpoints finds the signed checkpoints in a text, whatever stands around
// them: a file may have those of several logs, and a mail its own words. Nothing
// is known yet of their signatures.
func Checkpoints(text []byte) (found [][]byte) {
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for at := 0; at < len(lines); {
		end := checkpointEnd(lines[at:])
		if end == 0 {
			at++
			continue
		}
		found = append(found, []byte(strings.Join(lines[at:at+end], "\n")+"\n"))
		at += end
	}
	return found
}

// mostLines bounds the part of a checkpoint above its signatures.
const mostLines = 16

// checkpointEnd is how many lines the checkpoint has with which lines begin, 0
// if they begin with none.
func checkpointEnd(lines []string) int {
	if len(lines) < 5 || lines[0] == "" || len(lines[2]) != 44 {
		return 0
	}
	if _, err := parseCheckpoint(strings.Join(lines[:3], "\n") + "\n"); err != nil {
		return 0
	}
	end := 3
	for end < min(len(lines), mostLines) && lines[end] != "" {
		end++
	}
	text := end
	for end++; end < len(lines) && strings.HasPrefix(lines[end], "— "); end++ {
	}
	if text == mostLines || end <= text+1 {
		return 0
	}
	return end
}

// HeaderWords are a checkpoint as the header of a mail carries it: the origin,
// the size, the root, and the signature of the log's key, which may stand in
// several words. Origins that a header cannot carry are an error.
func HeaderWords(signed []byte) ([]string, error) {
	c, err := ReadCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	if strings.ContainsFunc(c.Origin, func(r rune) bool { return r <= ' ' || r > '~' }) || len(c.Origin) > 200 {
		return nil, fmt.Errorf("the header of a mail cannot carry the origin %q", c.Origin)
	}
	for line := range strings.Lines(string(signed)) {
		if sig, ok := strings.CutPrefix(line, "— "+c.Origin+" "); ok {
			sig = strings.TrimSpace(sig)
			words := []string{c.Origin, strconv.FormatInt(c.Size, 10), base64.StdEncoding.EncodeToString(c.Root[:])}
			for len(sig) > signatureWord {
				words, sig = append(words, sig[:signatureWord]), sig[signatureWord:]
			}
			return append(words, sig), nil
		}
	}
	return nil, errUnsigned
}

// signatureWord keeps the lines of a header under 78 characters.
const signatureWord = 64

// ReadHeader is the checkpoint in the value of such a field.
func ReadHeader(value string) ([]byte, error) {
	words := strings.Fields(value)
	if len(words) < 4 {
		return nil, errors.New("the field " + threads.CheckpointHeader + " has fewer than four words")
	}
	c, err := parseCheckpoint(strings.Join(words[:3], "\n") + "\n")
	if err != nil {
		return nil, err
	}
	return []byte(c.text() + "\n— " + c.Origin + " " + strings.Join(words[3:], "") + "\n"), nil
}
