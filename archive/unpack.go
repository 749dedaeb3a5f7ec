package archive

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"rapport/threads"
)

// VerifyBundle checks a bundle against a public key that the caller has from
// elsewhere; each witness must have cosigned its checkpoint. The error names the
// file that is not what it was.
func VerifyBundle(r io.ReaderAt, size int64, v Verifier, witnesses ...Verifier) (*Manifest, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("open the bundle: %w", err)
	}
	files := map[string]*zip.File{}
	for _, f := range z.File {
		if files[f.Name] != nil {
			return nil, fmt.Errorf("%s: it is there twice", f.Name)
		}
		if f.Method != zip.Store || f.UncompressedSize64 > uint64(size) {
			return nil, fmt.Errorf("%s: it is compressed, which nothing in a bundle is", f.Name)
		}
		files[f.Name] = f
	}
	m, err := readManifest(files, v)
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		if err := checkFile(f, m.Files); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	for name := range m.Files {
		if files[name] == nil {
			return nil, fmt.Errorf("%s: it was removed", name)
		}
	}
	if err := checkContainer(r, size, z.File, m.Made); err != nil {
		return nil, err
	}
	signed, err := content(files[checkpointFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", checkpointFile, err)
	}
	if _, err := OpenCheckpoint(signed, v); err != nil {
		return nil, fmt.Errorf("%s: %w", checkpointFile, err)
	}
	for _, w := range witnesses {
		if _, err := CosignedBy(signed, w); err != nil {
			return nil, fmt.Errorf("%s: %w", checkpointFile, err)
		}
	}
	for i := range m.Messages {
		if err := m.Messages[i].check(m, files, v); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Messages[i].Proof, err)
		}
	}
	for i := range m.Erased {
		if err := m.Erased[i].check(m, files, v); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Erased[i].Proof, err)
		}
	}
	return m, m.checkRecords(files, v)
}

// readManifest reads what the note signs.
func readManifest(files map[string]*zip.File, v Verifier) (*Manifest, error) {
	signed, err := content(files[noteFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", noteFile, err)
	}
	text, err := openNote(signed, v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", noteFile, err)
	}
	manifest, err := content(files[manifestFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if text != bundleHead+hashOf(manifest)+"\n" {
		return nil, fmt.Errorf("%s: it is not the one that was signed", manifestFile)
	}
	var m Manifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return &m, nil
}

func checkFile(f *zip.File, hashes map[string]string) error {
	if f.Name == manifestFile || f.Name == noteFile {
		return nil
	}
	want, listed := hashes[f.Name]
	if !listed {
		return errors.New("it does not belong to the bundle")
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	if _, err = io.Copy(h, r); err == nil && hex.EncodeToString(h.Sum(nil)) != want {
		err = errors.New("it was changed: it has another SHA-256 than the manifest says")
	}
	return err
}

// proven returns a line that a proof in the bundle shows to be in the signed
// log, and the salt of its commitment.
func proven(place, text string, files map[string]*zip.File, v Verifier) (line Line, salt []byte, err error) {
	marshalled, err := content(files[place])
	if err != nil {
		return line, nil, err
	}
	proof, err := ParseProof(marshalled)
	if err != nil {
		return line, nil, err
	}
	if err := proof.Check([]byte(text), v); err != nil {
		return line, nil, err
	}
	line, err = ParseLine(proof.Index, []byte(text))
	return line, proof.Extra, err
}

// check proves that a mail was erased, when, by whom and why.
func (b *BundledErasure) check(m *Manifest, files map[string]*zip.File, v Verifier) error {
	line, salt, err := proven(b.Proof, b.Line, files, v)
	switch {
	case err != nil:
		return err
	case line.Type != threads.EntryErased || line.Subject != b.Message || line.Project != m.Project:
		return errors.New("the line is about something else")
	case threads.Commit(salt, b.value()) != line.Commit:
		return errors.New("the line commits to something else")
	case line.State != string(b.Cause) || !line.At.Equal(b.At):
		return errors.New("the line says another cause or another time")
	}
	return nil
}

// check proves one mail: its bytes, its times and its place in the log.
func (b *BundledMail) check(m *Manifest, files map[string]*zip.File, v Verifier) error {
	line, salt, err := proven(b.Proof, b.Line, files, v)
	if err != nil {
		return err
	}
	said, err := readValue(b.Value)
	mails := []threads.EntryType{threads.EntryMailIn, threads.EntryMailOut, threads.EntryRefiled}
	switch {
	case err != nil:
		return err
	case !slices.Contains(mails, line.Type) || line.Subject != b.ID || line.Project != m.Project:
		return errors.New("the line is about something else")
	case threads.Commit(salt, []byte(b.Value)) != line.Commit:
		return errors.New("the line commits to something else")
	case said.SHA256 != b.SHA256 || m.Files[b.File] != b.SHA256:
		return errors.New("the line is about other bytes")
	case said.V >= 2 && !(reflect.DeepEqual(said.Why, b.Why) && reflect.DeepEqual(said.Authentication, b.Authentication)):
		return errors.New("why it was filed, or what is known of its sender, is not what the log says")
	case said.Sent != b.Date.UnixMilli() || said.Received != b.Received.UnixMilli():
		return errors.New("the line says other times")
	}
	return nil
}

func content(f *zip.File) ([]byte, error) {
	if f == nil {
		return nil, errors.New("it is not in the bundle")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
