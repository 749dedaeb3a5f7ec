package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// manifest is a list that is read line by line. It is written in one way, and
// other ways are refused: nobody can read anything else in it than this program.
type manifest struct {
	r    *bufio.Reader
	head Manifest
	at   int  // the next section
	last byte // the sign before the next line: a bracket, a comma, or 0 where none follows
}

// readManifest begins to read the list.
func (u *unpacker) readManifest() (*manifest, error) {
	e, err := u.named(manifestFile)
	if err != nil {
		return nil, err
	}
	r, err := u.zip.open(e)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	m := &manifest{r: bufio.NewReaderSize(r, 1<<16)}
	first, err := m.line()
	if err != nil {
		return nil, err
	}
	first, ok := bytes.CutSuffix(first, []byte(","))
	if !ok {
		return nil, m.wrong()
	}
	return m, m.decode(append(first, '}'), &m.head)
}

func (m *manifest) wrong() error {
	return fmt.Errorf("%s: it is not written as a bundle's list is", manifestFile)
}

// line reads a line without its end.
func (m *manifest) line() ([]byte, error) {
	line, err := m.r.ReadBytes('\n')
	if err != nil {
		return nil, m.wrong()
	}
	return line[:len(line)-1], nil
}

// decode reads JSON that is written as it is written here.
func (m *manifest) decode(line []byte, v any) error {
	err := json.Unmarshal(line, v)
	if err == nil {
		var again []byte
		if again, err = json.Marshal(v); err == nil && bytes.Equal(again, line) {
			return nil
		}
	}
	return m.wrong()
}

// open begins the next section.
func (m *manifest) open(section string) error {
	line, err := m.line()
	if err != nil {
		return err
	}
	begin, _ := brackets(section)
	if m.at == len(sections) || sections[m.at] != section || string(line) != `"`+section+`":`+begin {
		return m.wrong()
	}
	m.at++
	m.last = begin[0]
	return nil
}

// entry gives the next line of a section, nil at its end.
func (m *manifest) entry() ([]byte, error) {
	line, err := m.line()
	if err != nil {
		return nil, err
	}
	_, end := brackets(sections[m.at-1])
	after := ","
	if m.at == len(sections) {
		after = "}"
	}
	if string(line) == end+after && m.last != ',' {
		return nil, nil
	}
	if m.last == 0 {
		return nil, m.wrong()
	}
	line, more := bytes.CutSuffix(line, []byte(","))
	if m.last = 0; more {
		m.last = ','
	}
	return line, nil
}

// end demands that nothing follows the last section.
func (m *manifest) end() error {
	if _, err := m.r.ReadByte(); err != io.EOF {
		return m.wrong()
	}
	return nil
}

// seek goes to a section.
func (m *manifest) seek(section string) error {
	for m.at < len(sections) {
		name := sections[m.at]
		if err := m.open(name); err != nil || name == section {
			return err
		}
		for {
			line, err := m.entry()
			if err != nil {
				return err
			}
			if line == nil {
				break
			}
		}
	}
	return m.wrong()
}

// entries gives every entry of the next section.
func entries[T any](m *manifest, section string, do func(*T) error) error {
	if err := m.open(section); err != nil {
		return err
	}
	return decoded(m, do)
}

// listed gives every entry of one section.
func listed[T any](u *unpacker, section string, do func(*T) error) error {
	m, err := u.readManifest()
	if err == nil {
		err = m.seek(section)
	}
	if err != nil {
		return err
	}
	return decoded(m, do)
}

// decoded gives every entry of the section that was opened.
func decoded[T any](m *manifest, do func(*T) error) error {
	for {
		line, err := m.entry()
		if err != nil || line == nil {
			return err
		}
		var v T
		if err := m.decode(line, &v); err != nil {
			return err
		}
		if err := do(&v); err != nil {
			return err
		}
	}
}

// file gives the next file and its SHA-256, "" at the end.
func (m *manifest) file() (name, sum string, err error) {
	line, err := m.entry()
	if err != nil || line == nil {
		return "", "", err
	}
	parts := strings.Split(string(line), `"`)
	if len(parts) != 5 || parts[0]+parts[2]+parts[4] != ":" || strings.ContainsRune(string(line), '\\') {
		return "", "", m.wrong()
	}
	return parts[1], parts[3], nil
}
