package ingest

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// sourceKind is how mail lies in a file.
type sourceKind int

const (
	oneMail sourceKind = iota
	mboxFile
	maildirMail // one mail whose file name tells when it came
)

// source is a file with mail in it.
type source struct {
	kind sourceKind
	path string
	name string // for people: the path as they would write it
	size int64
}

// findSources lists the files to read, in a fixed order, and adds up their sizes.
func findSources(paths []string) ([]source, int64, error) {
	var all []source
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, 0, fmt.Errorf("import: %w", err)
		}
		var found []source
		switch {
		case info.IsDir():
			found, err = findInFolder(path)
		case info.Mode().IsRegular():
			found = []source{{kindOf(path, info.Name(), true), path, path, info.Size()}}
		default: // a pipe would be waited for, and can be read once only
			err = errors.New("it is neither a file nor a folder; write what it gives to a file first")
		}
		if err != nil {
			return nil, 0, fmt.Errorf("import %s: %w", path, err)
		}
		if len(found) == 0 {
			return nil, 0, fmt.Errorf("import %s: there is no mail in it; give an mbox file, a Maildir, a folder of .eml files or one mail", path)
		}
		all = append(all, found...)
	}
	var total int64
	for _, s := range all {
		total += s.size
	}
	return all, total, nil
}

// findInFolder looks through a folder and those below it. In a Maildir mail
// lies in cur and new only; tmp is what was never delivered.
func findInFolder(root string) ([]source, error) {
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "tmp" && isMaildir(filepath.Dir(path)) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		kind, ok := mailIn(path, d.Name())
		if !ok {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all = append(all, source{kind, path, path, info.Size()})
		return nil
	})
	sort.SliceStable(all, func(i, j int) bool { return all[i].path < all[j].path })
	return all, err
}

// mailIn tells whether a file in a folder holds mail: by its place in a
// Maildir, by its name, or by its first bytes.
func mailIn(path, name string) (sourceKind, bool) {
	folder := filepath.Dir(path)
	if base := filepath.Base(folder); (base == "cur" || base == "new") && isMaildir(filepath.Dir(folder)) {
		return maildirMail, !strings.HasPrefix(name, ".")
	}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case ext == ".eml":
		return oneMail, true
	case strings.Trim(name, "0123456789") == "": // MH: the mails of a folder are its files 1, 2, 3
		return kindOf(path, name, true), true
	case strings.HasPrefix(name, "."):
		return 0, false
	}
	if kindOf(path, name, false) == mboxFile {
		return mboxFile, true
	}
	return 0, false
}

// isMaildir reports whether a folder has the three folders of a Maildir.
func isMaildir(path string) bool {
	for _, name := range []string{"cur", "new", "tmp"} {
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// kindOf looks at the first line of a file: an mbox begins with a From_ line.
// A file named .eml is one mail even then.
func kindOf(path, name string, whole bool) sourceKind {
	if strings.EqualFold(filepath.Ext(name), ".eml") {
		return oneMail
	}
	f, err := os.Open(path)
	if err != nil {
		return oneMail // the reader will say what is wrong
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadSlice('\n')
	if _, ok := fromLine(line); ok || whole && strings.HasPrefix(string(line), "From ") {
		return mboxFile
	}
	return oneMail
}
