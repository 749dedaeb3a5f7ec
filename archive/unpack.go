package archive

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// Bundle is what a bundle was found to be.
type Bundle struct {
	Manifest
	Mails, Erased int
	PageCompared  bool        // index.html was made anew; else it is of another version, and only signed
	Attached      int         // attachments that were held against their mails
	Uncovered     []Uncovered // the first of them
	NotCovered    int         // all of them

	stamp, checkpoint []byte
	list              *io.SectionReader
}

// WriteList copies the list of a bundle that was checked.
func (b *Bundle) WriteList(w io.Writer) error {
	_, err := io.Copy(w, io.NewSectionReader(b.list, 0, b.list.Size()))
	return err
}

// BundleCheck checks bundles.
type BundleCheck struct {
	Key         Verifier                    // the log's public key, which the caller has from elsewhere
	Witnesses   []Verifier                  // each must have cosigned the checkpoint
	Attachments func(raw []byte) []Attached // reads a mail as the export has read it
}

// unpacker reads one bundle, the list and the files side by side.
type unpacker struct {
	*BundleCheck
	zip    *opened
	bundle Bundle
	files  walk

	checkpoint Checkpoint // what all proofs lead to

	changes  map[string][]*BundledChange // by mail
	accounts []BundledRecord

	mbox, table hash.Hash // of what those files must be, as far as the mail was read
	rows        *csv.Writer
}

// Run checks a bundle. The error names the file that is not what it was.
func (c *BundleCheck) Run(r io.ReaderAt, size int64) (*Bundle, error) {
	zip, err := openContainer(r, size)
	if err != nil {
		return nil, err
	}
	u := &unpacker{BundleCheck: c, zip: zip, changes: map[string][]*BundledChange{}, mbox: sha256.New(), table: sha256.New()}
	u.rows = csv.NewWriter(u.table)
	u.rows.Write(tableHead)
	for _, step := range []func() error{u.checkList, u.readNote, u.checkFiles, u.checkContainer, u.checkCheckpoint, u.checkEntries} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &u.bundle, nil
}

// readNote checks the note that signs the manifest, and reads its beginning.
func (u *unpacker) readNote() error {
	signed, err := u.whole(noteFile)
	if err != nil {
		return err
	}
	text, err := openNote(signed, u.Key)
	if err != nil {
		return fmt.Errorf("%s: %w", noteFile, err)
	}
	sum, ok := strings.CutPrefix(text, bundleHead)
	if !ok {
		return fmt.Errorf("%s: it is of another form than this program reads", noteFile)
	}
	e, err := u.named(manifestFile)
	if err != nil {
		return err
	}
	if got, err := u.sum(e); err != nil || got+"\n" != sum {
		return fmt.Errorf("%s: it is not the one that was signed", manifestFile)
	}
	m, err := u.readManifest()
	if err == nil && m.head.V != bundleForm {
		err = m.wrong()
	}
	if err == nil {
		u.bundle.Manifest = m.head
		u.bundle.list, err = u.zip.open(e)
	}
	return err
}

func (u *unpacker) checkContainer() error { return u.zip.check(u.bundle.Made) }

// checkCheckpoint checks who has signed what all proofs lead to.
func (u *unpacker) checkCheckpoint() (err error) {
	signed, err := u.whole(checkpointFile)
	if err != nil {
		return err
	}
	c, err := OpenCheckpoint(signed, u.Key)
	if err == nil && (c.Origin != u.bundle.Origin || c.Size != u.bundle.Lines) {
		err = errors.New("the manifest tells of another checkpoint")
	}
	for i := 0; err == nil && i < len(u.Witnesses); i++ {
		_, err = CosignedBy(signed, u.Witnesses[i])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", checkpointFile, err)
	}
	u.bundle.checkpoint, u.checkpoint = signed, c
	text, err := u.whole(keyFile)
	if err != nil {
		return err
	}
	if k, err := ReadPublic(string(text)); err != nil || k.Name() != u.Key.Name() || k.KeyHash() != u.Key.KeyHash() {
		return fmt.Errorf("%s: it is another key than the one that was given", keyFile)
	}
	if e, err := u.zip.find(stampFile); err != nil || e == nil {
		return err
	}
	u.bundle.stamp, err = u.whole(stampFile)
	return err
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// checkEntries proves every entry of the list, with the files in the same order.
func (u *unpacker) checkEntries() error {
	m, err := u.readManifest()
	if err != nil {
		return err
	}
	u.files = walk{u: u, list: u.zip.list(), left: u.zip.n}
	for _, section := range []func() error{
		func() error { return entries(m, changesSection, u.change) },
		func() error { return entries(m, mailboxesSection, u.account) },
		func() error { return entries(m, messagesSection, u.mail) },
		func() error { return entries(m, uncoveredSection, u.uncovered) },
	} {
		if err := section(); err != nil {
			return err
		}
	}
	return u.rest()
}

// rest demands that nothing but what every bundle has stands behind the mail,
// since what belongs to no entry of the list is proven by nothing; and that what
// repeats the mail repeats it truly.
func (u *unpacker) rest() error {
	u.rows.Flush()
	copies := map[string]hash.Hash{mboxFile: u.mbox, tableFile: u.table}
	if u.bundle.PageCompared = u.bundle.Page == pageForm; u.bundle.PageCompared {
		copies[pageFile] = sha256.New()
		if err := u.page(copies[pageFile]); err != nil {
			return fmt.Errorf("%s: make it anew: %w", pageFile, err)
		}
	}
	for _, name := range []string{mboxFile, tableFile, pageFile, checkpointFile, stampFile, keyFile, manifestFile, noteFile} {
		if name == stampFile && u.bundle.stamp == nil {
			continue
		}
		e, err := u.files.next(name)
		if err != nil {
			return err
		}
		if want, ok := copies[name]; ok {
			if got, err := u.sum(e); err != nil || got != hex.EncodeToString(want.Sum(nil)) {
				return errors.Join(err, fmt.Errorf("%s: it says something else than the mails and the list", name))
			}
		}
	}
	if u.files.left > 0 {
		return fmt.Errorf("%s: something follows it", noteFile)
	}
	return nil
}

// page makes the page of the bundle anew from the list.
func (u *unpacker) page(w io.Writer) error {
	shown := bundlePage{head: u.bundle.Manifest, changes: u.changes, accounts: u.accounts,
		messages:  func(do func(*BundledMail) error) error { return listed(u, messagesSection, do) },
		uncovered: func(do func(*Uncovered) error) error { return listed(u, uncoveredSection, do) }}
	return shown.write(w)
}

// uncovered notes what the bundle cannot prove yet.
func (u *unpacker) uncovered(n *Uncovered) error {
	if n.Line < u.bundle.Lines {
		return fmt.Errorf("%s: line %d of the log is covered", manifestFile, n.Line)
	}
	if u.bundle.NotCovered++; u.bundle.NotCovered <= maxFindings {
		u.bundle.Uncovered = append(u.bundle.Uncovered, *n)
	}
	return nil
}

// Place names what it is for people.
func (n *Uncovered) Place() string {
	of, _ := class(n.Type)
	if n.Label != "" {
		return place(of, n.Label, 0)
	}
	return place(of, n.Subject, 0)
}
