package extract

import (
	"fmt"
	"io/fs"
	"sort"
)

//go:generate go run ./train

// TrainFiles trains the model of the tables of labelled sentences (*.tsv) in a
// folder, in the order of their names.
func TrainFiles(folder fs.FS) (*Model, error) {
	examples, err := ReadTables(folder)
	if err != nil {
		return nil, err
	}
	return Train(examples), nil
}

// ReadTables reads the tables of labelled sentences in a folder.
func ReadTables(folder fs.FS) ([]Example, error) {
	names, err := fs.Glob(folder, "*.tsv")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("train: no tables (*.tsv) of labelled sentences in the folder")
	}
	sort.Strings(names)
	var all []Example
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("train: read %s: %w", name, err)
		}
		examples, err := ReadExamples(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, examples...)
	}
	return all, nil
}
