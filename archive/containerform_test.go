package archive

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"
)

// Where there are very many files, or they stand beyond four gigabytes, the
// numbers have another form (APPNOTE.TXT section 4.5.3); archive/zip is the
// measure.
func TestLargeContainersAreWrittenAsTheLibraryDoes(t *testing.T) {
	made := time.Date(2026, 11, 28, 10, 11, 13, 0, time.UTC)
	for _, c := range []struct {
		name   string
		files  int
		offset int64
	}{{"many files", 1<<16 + 10, 0}, {"just as many", 1<<16 - 1, 0}, {"far away", 3, 1<<32 + 5}, {"at the border", 2, 1<<32 - 60}} {
		var ours, theirs bytes.Buffer
		list, err := newSpool(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer list.close()
		box := newContainer(&ours, made, list)
		box.at = c.offset
		z := zip.NewWriter(&theirs)
		z.SetOffset(c.offset)
		for i := range c.files {
			name, text := fmt.Sprintf("f/%d.txt", i), fmt.Sprint("text ", i)
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: made})
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(w, text)
			if _, err := box.add(name, func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := box.close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ours.Bytes(), theirs.Bytes()) {
			t.Errorf("%s: they differ", c.name)
		}
		if c.offset > 0 {
			continue
		}
		o, err := openContainer(bytes.NewReader(ours.Bytes()), int64(ours.Len()))
		if err == nil {
			err = o.check(made)
		}
		if err != nil || o.n != int64(c.files) {
			t.Errorf("%s: read again: %v", c.name, err)
		}
	}
}
