package archive

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"time"
)

// create begins a file of a bundle. Nothing is compressed: so there is one way
// to write a bundle, no bit of it can be changed without a trace, and none grows
// when it is unpacked.
func create(z *zip.Writer, name string, made time.Time) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: made.UTC()})
}

// checkContainer writes the zip file anew from what is in it, and compares:
// headers, names, times, the list at the end, and nothing before, between or
// after them.
func checkContainer(r io.ReaderAt, size int64, files []*zip.File, made time.Time) error {
	same := &comparer{r: r}
	z := zip.NewWriter(same)
	for _, f := range files {
		if err := copyInto(z, f, made); err != nil {
			return fmt.Errorf("%s: the zip file at or before it: %w", f.Name, err)
		}
	}
	err := z.Close()
	if err == nil && same.at != size {
		err = fmt.Errorf("there is something after its end")
	}
	if err != nil {
		return fmt.Errorf("the list at the end of the zip file: %w", err)
	}
	return nil
}

func copyInto(z *zip.Writer, f *zip.File, made time.Time) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := create(z, f.Name, made)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err != nil {
		return err
	}
	return z.Flush()
}

// comparer takes only what is in r already.
type comparer struct {
	r  io.ReaderAt
	at int64
}

func (c *comparer) Write(want []byte) (int, error) {
	got := make([]byte, len(want))
	n, _ := c.r.ReadAt(got, c.at) // what is not there differs
	if n < len(want) || !bytes.Equal(got, want) {
		return 0, fmt.Errorf("something between the bytes %d and %d was changed", c.at, c.at+int64(len(want)))
	}
	c.at += int64(len(want))
	return len(want), nil
}
