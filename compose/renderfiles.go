package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/gif" // decoders of the picture types that mail programs show
	_ "image/jpeg"
	_ "image/png"
	"path"
	"strings"
)

// maxFiles is how much a letter may carry: facts of mail servers, 25 MB with
// base64 on top.
const maxFiles = 18 << 20

// columnWidth is the inside of the letter's 600 pixels.
const columnWidth = 520

// fileTypes are the media types of what managers attach. The tables of the
// machine are not asked: the same draft gives the same bytes everywhere.
var fileTypes = map[string]string{
	".pdf": "application/pdf", ".zip": "application/zip", ".json": "application/json",
	".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".html": "text/html", ".htm": "text/html", ".ics": "text/calendar",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".webp": "image/webp",
	".mp3": "audio/mpeg", ".mp4": "video/mp4",
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".odp": "application/vnd.oasis.opendocument.presentation",
}

// pictureFile is a picture of the draft, shown by its Content-ID.
type pictureFile struct {
	File
	width, height int
}

// letterFiles are the files that go with a letter.
type letterFiles struct {
	pictures map[string]*pictureFile // by the path in the draft
	order    []string
	attached []File
}

func (l *letterFiles) list() []File {
	var out []File
	seen := map[string]bool{}
	for _, p := range l.order {
		f := l.pictures[p]
		if !seen[f.ContentID] { // the same picture twice is carried once
			out = append(out, f.File)
		}
		seen[f.ContentID] = true
	}
	return append(out, l.attached...)
}

// fileReader reads the files that a draft names.
type fileReader struct {
	letterFiles
	path     string
	read     func(string) ([]byte, error)
	findings []Finding
	size     int
}

func readFiles(d *Draft, doc *document, read func(string) ([]byte, error)) (*letterFiles, []Finding) {
	r := &fileReader{path: d.Path, read: read, letterFiles: letterFiles{pictures: map[string]*pictureFile{}}}
	eachInline(doc, func(n *inline) {
		if n.kind == picture {
			r.picture(n)
		}
	})
	for _, p := range d.Front.Attachments {
		body, err := r.open(p)
		if err != nil {
			r.find("attachment-missing", 0, fmt.Sprintf("the attachment %s cannot be read: %v", p, err), "put the file beside the draft, or correct its path")
			continue
		}
		kind := fileTypes[strings.ToLower(path.Ext(p))]
		if kind == "" {
			kind = "application/octet-stream"
		}
		r.attached = append(r.attached, File{Name: path.Base(p), Type: kind, Body: body})
	}
	if r.size > maxFiles {
		r.find("letter-size", 0, fmt.Sprintf("pictures and attachments have %d MB together; many servers refuse a letter above 25 MB", r.size>>20), "make them smaller, or send a link")
	}
	return &r.letterFiles, r.findings
}

func (r *fileReader) find(code string, line int, words, proposal string) {
	r.findings = append(r.findings, Finding{Error, code, r.path, line, words, proposal})
}

func (r *fileReader) open(p string) ([]byte, error) {
	if r.read == nil {
		return nil, fmt.Errorf("no files can be read here")
	}
	body, err := r.read(p)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, fmt.Errorf("it is empty")
	}
	r.size += len(body)
	return body, nil
}

func (r *fileReader) picture(n *inline) {
	if r.pictures[n.text] != nil {
		return
	}
	clean, ok := beside(n.text)
	if !ok || strings.Contains(n.text, ":") {
		r.find("picture-remote", n.line, "the picture "+clip(n.text, 80)+" does not lie beside the draft; mail programs block what must be fetched", "save it beside the draft and name that file")
		return
	}
	body, err := r.open(clean)
	if err != nil {
		r.find("picture-dead", n.line, fmt.Sprintf("the picture %s cannot be read: %v", clip(n.text, 80), err), "put the file beside the draft, or correct its path")
		return
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || config.Width < 1 || config.Height < 1 {
		r.find("picture-type", n.line, "the picture "+clip(n.text, 80)+" is no PNG, JPEG or GIF", "save it as PNG or JPEG: mail programs show nothing else")
		return
	}
	sum := sha256.Sum256(body)
	r.pictures[n.text] = &pictureFile{
		File:  File{Name: path.Base(clean), Type: "image/" + format, ContentID: hex.EncodeToString(sum[:10]) + "@picture.rapport", Body: body},
		width: config.Width, height: config.Height,
	}
	r.order = append(r.order, n.text)
}

// picture writes a picture that came with the letter, in the column's width.
func (h *htmlWriter) picture(n *inline) {
	f := h.files[n.text]
	if f == nil {
		h.esc(h.plain([]inline{*n}))
		return
	}
	h.raw(fmt.Sprintf(`<img src="cid:%s" width="%d" alt="`, f.ContentID, min(f.width, columnWidth)))
	h.esc(h.plain(n.kids))
	h.raw(`" style="max-width:100%">`)
}
