// Command train writes the embedded model anew from the labelled sentences:
//
//	go generate ./ingest/extract
package main

import (
	"fmt"
	"os"

	"rapport/ingest/extract"
)

func main() {
	if err := run("training", "model.bin"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, out string) error {
	m, err := extract.TrainFiles(os.DirFS(folder))
	if err != nil {
		return err
	}
	data, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, data, 0o644); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	fmt.Printf("%s: %d bytes\n", out, len(data))
	return nil
}
