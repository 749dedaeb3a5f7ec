package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// readText turns bytes into text, label being the charset they are declared
// to have, "" if none. The result is valid UTF-8 but may have NULs; used is
// the charset it was read with.
//
// Declared charsets are often wrong, and UTF-8 is hard to hit by accident: text
// that is valid UTF-8 with a multibyte sequence is UTF-8 whatever its label
// says, ISO-2022, HZ and UTF-7 aside, which are 7-bit.
func readText(b []byte, label string, faults *faultList) (text, used string) {
	name := charsetName(label)
	said := quoteLabel(strings.ToLower(label))
	if text, used, ok := readMarked(b, name); ok {
		return text, used
	}
	if isASCII(b) {
		return string(b), "us-ascii"
	}
	if utf8.Valid(b) {
		return readUTF8(b, name, said, faults)
	}
	enc := encodingOf(name)
	if enc != nil && name != "utf-8" {
		if text, ok := readDeclared(b, name, enc, faults); ok {
			return text, name
		}
	}
	if mostlyUTF8(b) {
		faults.add("charset-broken", "some bytes of the text are not valid UTF-8 and were replaced")
		return strings.ToValidUTF8(string(b), "\ufffd"), "utf-8"
	}
	return readGuessed(b, name, said, faults)
}

// readMarked reads the charsets that show themselves by their bytes: a byte
// order mark, and the 7-bit charsets with their shifts.
func readMarked(b []byte, name string) (text, used string, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) && utf8.Valid(b):
		return string(b[3:]), "utf-8", true
	case strings.HasPrefix(name, "utf-16") || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")):
		return readUTF16(b, name), "utf-16", true
	case strings.HasPrefix(name, "utf-32"):
		return readUTF32(b, name), name, true
	case name == "utf-7" && bytes.IndexByte(b, '+') >= 0 && isASCII(b):
		return readUTF7(b), name, true
	case (name == "iso-2022-kr" || name == "iso-2022-cn") && bytes.ContainsAny(b, "\x0e\x1b"):
		return readShifted(b, name), name, true
	case name == "hz-gb-2312" && bytes.Contains(b, []byte("~{")):
		return decodeWith(simplifiedchinese.HZGB2312, b), name, true
	case name == "iso-2022-jp" && bytes.IndexByte(b, 0x1b) >= 0, name != "iso-2022-jp" && japaneseShift(b):
		return readJapanese(b), "iso-2022-jp", true
	}
	return "", "", false
}

// readUTF8 reads valid UTF-8 that is not ASCII. Only where a legacy East Asian
// label stands and all sequences have two bytes, as in GBK, may the label be
// right.
func readUTF8(b []byte, name, said string, faults *faultList) (text, used string) {
	if name == "utf-8" {
		return string(b), name
	}
	if eastAsian(name) && !hasThreeByteRune(b) {
		if t := decodeWith(encodingOf(name), b); fit(name, t, b) > 0.5 {
			return t, name
		}
	}
	if name != "" {
		faults.add("charset-wrong", "the text is declared "+said+" but is UTF-8")
	}
	return string(b), "utf-8"
}

// readDeclared reads text by its declared charset, unless the bytes contradict.
func readDeclared(b []byte, name string, enc encoding.Encoding, faults *faultList) (string, bool) {
	text := decodeWith(enc, b)
	bad := strings.Count(text, "\ufffd")
	sample := sampleOf(b)
	own := fit(name, decodeWith(enc, sample), sample)
	if name == "windows-1252" {
		if _, ok := mislabelledLatin(sample); ok {
			return "", false
		}
	}
	if bad == 0 && (own > 0.25 || highBytes(sample) < 8) {
		return text, true
	}
	better, score := guessCharset(sample)
	switch {
	case better == name:
	case bad > 0 && score > max(0.3, own), bad*20 > len(b):
		return "", false
	case bad == 0 && !latin(better) && score > 0.5:
		return "", false // Chinese or Russian bytes called iso-8859-1, Big5 called GBK
	}
	if bad > 0 {
		faults.add("charset-broken", "some bytes of the text are not valid "+name+" and were replaced")
	}
	return text, true
}

func readGuessed(b []byte, declared, said string, faults *faultList) (text, used string) {
	used, _ = guessCharset(sampleOf(b))
	switch {
	case declared == "" || declared == "us-ascii":
		faults.add("charset-guessed", "no charset is declared; the text was read as "+used)
	case encodingOf(declared) == nil:
		faults.add("charset-unknown", "the charset "+said+" is not known; the text was read as "+used)
	default:
		faults.add("charset-wrong", "the text is declared "+said+" but was read as "+used)
	}
	return decodeWith(encodingOf(used), b), used
}

// encodingOf is the decoder for a name of charsetName, nil if there is none.
func encodingOf(name string) encoding.Encoding {
	switch name {
	case "":
		return nil
	case "gb18030":
		return simplifiedchinese.GB18030
	}
	if enc, err := htmlindex.Get(name); err == nil && enc != encoding.Replacement {
		return enc
	}
	if enc, err := ianaindex.MIME.Encoding(name); err == nil && enc != nil {
		return enc
	}
	if enc, err := ianaindex.IANA.Encoding(name); err == nil && enc != nil {
		return enc
	}
	return nil
}

func decodeWith(enc encoding.Encoding, b []byte) string {
	if enc == nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return strings.ToValidUTF8(string(out), "\ufffd")
}

func eastAsian(name string) bool {
	switch name {
	case "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis":
		return true
	}
	return false
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func highBytes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

func hasThreeByteRune(b []byte) bool {
	for _, c := range b {
		if c >= 0xe0 {
			return true
		}
	}
	return false
}

// mostlyUTF8 reports whether invalid bytes are few beside whole sequences.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good >= 2 && good >= 2*bad
}

func quoteLabel(s string) string {
	return `"` + clean(s[:min(len(s), 60)]) + `"`
}
