package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"rapport/internal/yamltree"
)

// Load reads the file and the project files that it includes. The error is a
// Problems if the files can be read but are wrong.
func Load(path string) (*Config, error) {
	src, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Problems{{File: path, Words: "there is no configuration", Fix: "copy config.example.yaml there, or name another file with --config"}}
	}
	if err != nil {
		return nil, Problems{unreadable(path, err)}
	}
	return Parse(path, src)
}

// Parse reads a configuration as if it stood in the file at path.
func Parse(path string, src []byte) (*Config, error) {
	c := &Config{Dir: filepath.Dir(path), lines: lines{}}
	problems := c.decode(path, src, c)
	placed(c.Projects, path)
	for _, pattern := range c.Include {
		problems = append(problems, c.include(c.path(pattern))...)
	}
	c.defaults()
	if len(problems) == 0 { // a second opinion on values that were not read would only confuse
		problems = check(c, path)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return c, nil
}

// include reads project files. A pattern that fits no file is a problem: a
// project whose mail silently went to the tray would be worse.
func (c *Config) include(pattern string) Problems {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return Problems{{File: pattern, Key: "include", Words: "fits no file", Fix: "mend the path, or remove the line"}}
	}
	var problems Problems
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, unreadable(path, err))
			continue
		}
		var file struct {
			Projects []Project `yaml:"projects"`
		}
		problems = append(problems, c.decode(path, src, &file)...)
		placed(file.Projects, path)
		c.Projects = append(c.Projects, file.Projects...)
	}
	return problems
}

// unreadable is a file that is there.
func unreadable(path string, err error) Problem {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // the problem names the file
	}
	return Problem{File: path, Words: "cannot be read: " + err.Error(), Fix: "name a file, and make it readable for Rapport"}
}

// placed notes where projects were written.
func placed(projects []Project, path string) {
	for i := range projects {
		projects[i].Place = place{path, fmt.Sprintf("projects[%d]", i)}
	}
}

// decode parses one file into the struct that v points at.
func (c *Config) decode(path string, src []byte, v any) Problems {
	d := &decoder{file: path, lines: c.lines}
	if yamltree.TooDeep(src) {
		return Problems{{File: path, Words: "is nested too deep to be read", Fix: "see whether this is the configuration; close each bracket on its line"}}
	}
	file, err := parser.ParseBytes(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), 0) // it would count such a line as two
	if err != nil {
		return Problems{syntaxProblem(path, err)}
	}
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 {
			d.problem(doc.Body, "", "is a second document", "remove the line \"---\"")
			break
		}
		d.value(doc.Body, reflect.ValueOf(v).Elem(), "")
	}
	return d.problems
}

var position = regexp.MustCompile(`^\[(\d+):\d+\] (.*)`)

// syntaxProblem is what the parser says, without the lines that it quotes: a
// neighbouring line may hold what is nobody's business.
func syntaxProblem(path string, err error) Problem {
	text := strings.TrimSpace(yaml.FormatError(err, false, false))
	p := Problem{File: path, Words: text, Fix: "mend the YAML; indent with blanks, and put texts with special characters in quotes"}
	if m := position.FindStringSubmatch(text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Words, _, _ = strings.Cut(m[2], "\n")
	}
	return p
}

// path resolves a path of the file against the file's own folder.
func (c *Config) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.Dir, p)
}
