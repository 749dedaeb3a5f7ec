package mail

import (
	"bytes"
	"path"
	"strings"
)

// magic tells types by their first bytes.
var magic = []struct {
	prefix string
	typ    string
}{
	{"%PDF-", "application/pdf"},
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
	{"GIF87a", "image/gif"},
	{"GIF89a", "image/gif"},
	{"PK\x03\x04", "application/zip"},
	{"Rar!\x1a\x07", "application/vnd.rar"},
	{"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{"\x1f\x8b", "application/gzip"},
	{"{\\rtf", "application/rtf"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
	{"MZ", "application/vnd.microsoft.portable-executable"},
	{"\x7fELF", "application/x-elf"},
	{"BEGIN:VCALENDAR", "text/calendar"},
	{"BEGIN:VCARD", "text/vcard"},
}

// byExtension names the types of files whose first bytes do not, or only say
// that they are archives.
var byExtension = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	".msg": "application/vnd.ms-outlook", ".csv": "text/csv", ".txt": "text/plain", ".eml": "message/rfc822",
	".ics": "text/calendar", ".vcf": "text/vcard", ".heic": "image/heic", ".webp": "image/webp", ".svg": "image/svg+xml",
	".mp4": "video/mp4", ".mp3": "audio/mpeg", ".json": "application/json", ".xml": "application/xml", ".md": "text/markdown",
}

// realType replaces a type that says nothing by what bytes and name say, and
// records when a part is a program under another name.
func (p *parser) realType(part *Part) {
	found := ""
	for _, m := range magic {
		if bytes.HasPrefix(part.Body, []byte(m.prefix)) {
			found = m.typ
			break
		}
	}
	byName := byExtension[strings.ToLower(path.Ext(part.Name))]
	vague := part.Type == "application/octet-stream" || part.Type == "application/x-msdownload" || part.Type == "application/unknown" ||
		part.Type == "application/force-download" || part.Type == "application/binary" || !strings.Contains(part.Type, "/")
	program := strings.HasPrefix(found, "application/vnd.microsoft") || found == "application/x-elf"
	switch {
	case program && part.Type != found && bytes.IndexByte(part.Body[:min(len(part.Body), 64)], 0) >= 0:
		if !vague {
			p.faults.add("type-wrong", "an attachment declared "+part.Type+" is a program")
		}
		part.Type = found
	case !vague || found == "text/calendar" && part.Type == "text/calendar":
	case byName != "" && (found == "" || found == "application/zip" || found == "application/x-ole-storage"):
		part.Type = byName
	case found != "":
		part.Type = found
	}
}
