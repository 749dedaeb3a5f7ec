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
	if text, used, ok := readMarked(b, name); ok {
		return text, used
	}
	if isASCII(b) {
		return string(b), "us-ascii"
	}
	if utf8.Valid(b) {
		return readUTF8(b, name, faults)
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
	return readGuessed(b, name, faults)
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
func readUTF8(b []byte, name string, faults *faultList) (text, used string) {
	if name == "utf-8" {
		return string(b), name
	}
	if eastAsian(name) && !hasThreeByteRune(b) {
		if t := decodeWith(encodingOf(name), b); fit(name, t, b) > 0.5 {
			return t, name
		}
	}
	if name != "" {
		faults.add("charset-wrong", "the text is declared "+quoteLabel(name)+" but is UTF-8")
	}
	return string(b), "utf-8"
}

// readDeclared reads text by its declared charset, unless the bytes contradict.
func readDeclared(b []byte, name string, enc encoding.Encoding, faults *faultList) (string, bool) {
	text := decodeWith(enc, b)
	bad := strings.Count(text, "\ufffd")
	sample := sampleOf(b)
	own := fit(name, decodeWith(enc, sample), sample)
	if bad == 0 && (own > 0.25 || highBytes(sample) < 8) {
		return text, true
	}
	better, score := guessCharset(sample)
	switch {
	case better == name:
	case bad > 0 && score > max(0.3, own), bad*20 > len(b):
		return "", false
	case bad == 0 && eastAsian(better) && score > 0.5:
		return "", false // Chinese bytes called iso-8859-1, Big5 called GBK
	}
	if bad > 0 {
		faults.add("charset-broken", "some bytes of the text are not valid "+name+" and were replaced")
	}
	return text, true
}

func readGuessed(b []byte, declared string, faults *faultList) (text, used string) {
	used, _ = guessCharset(sampleOf(b))
	switch {
	case declared == "" || declared == "us-ascii":
		faults.add("charset-guessed", "no charset is declared; the text was read as "+used)
	case encodingOf(declared) == nil:
		faults.add("charset-unknown", "the charset "+quoteLabel(declared)+" is not known; the text was read as "+used)
	default:
		faults.add("charset-wrong", "the text is declared "+quoteLabel(declared)+" but was read as "+used)
	}
	return decodeWith(encodingOf(used), b), used
}

// charsetName brings a label to one name per charset. The labels that mail
// uses and the web's list does not have stand here; others are looked up.
func charsetName(label string) string {
	name := strings.ToLower(strings.Trim(label, " \t\"'`;:,<>"))
	name, _, _ = strings.Cut(name, "*") // RFC 2231 section 5: language
	if known, ok := charsetAliases[name]; ok {
		return known
	}
	if len(name) > 60 {
		return name[:60]
	}
	return name
}

// iso-8859-1 is read as windows-1252, GB2312 and GBK as GB18030: supersets of
// which programs send the rest under the old name.
var charsetAliases = map[string]string{
	"utf8": "utf-8", "utf-8mb4": "utf-8", "utf_8": "utf-8", "unicode": "utf-8", "unicode-1-1-utf-8": "utf-8", "cp65001": "utf-8",
	"ascii": "us-ascii", "ansi_x3.4-1968": "us-ascii", "us": "us-ascii", "646": "us-ascii", "iso-ir-6": "us-ascii", "ansi_x3.110-1983": "us-ascii",
	"default": "", "unknown-8bit": "", "x-unknown": "", "unknown": "", "8bit": "", "7bit": "", "x-user-defined": "", "none": "", "binary": "",
	"iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "iso_8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
	"cp1252": "windows-1252", "cp-1252": "windows-1252", "win-1252": "windows-1252", "windows1252": "windows-1252", "ansi": "windows-1252",
	"iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8",
	"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "gb-2312": "gb18030",
	"cp936": "gb18030", "ms936": "gb18030", "x-gbk": "gb18030", "euc-cn": "gb18030", "windows-936": "gb18030", "chinese": "gb18030", "gb2312_charset": "gb18030", "gb18030-0": "gb18030",
	"big5-hkscs": "big5", "big5hkscs": "big5", "x-x-big5": "big5", "cn-big5": "big5", "cp950": "big5", "ms950": "big5", "big-5": "big5", "windows-950": "big5", "big5-eten": "big5",
	"ms949": "euc-kr", "cp949": "euc-kr", "uhc": "euc-kr", "x-windows-949": "euc-kr", "windows-949": "euc-kr", "ks_c_5601-1987": "euc-kr",
	"ks_c_5601": "euc-kr", "ksc5601": "euc-kr", "ksc_5601": "euc-kr", "ks_c_5601-1989": "euc-kr", "korean": "euc-kr", "5601": "euc-kr",
	"cp932": "shift_jis", "ms932": "shift_jis", "windows-31j": "shift_jis", "x-sjis": "shift_jis", "sjis": "shift_jis", "shift-jis": "shift_jis", "ms_kanji": "shift_jis", "shiftjis": "shift_jis",
	"iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp", "iso-2022-jp-2004": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp",
	"iso2022jp": "iso-2022-jp", "iso-2022jp": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "cp50222": "iso-2022-jp", "jis": "iso-2022-jp", "csiso2022jp": "iso-2022-jp",
	"csiso2022kr": "iso-2022-kr", "iso-2022-cn-ext": "iso-2022-cn",
	"hz": "hz-gb-2312", "hz-gb2312": "hz-gb-2312",
	"unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "utf7": "utf-7", "csunicode11utf7": "utf-7",
	"koi8": "koi8-r", "koi8r": "koi8-r", "koi": "koi8-r", "cp1251": "windows-1251", "win-1251": "windows-1251", "windows1251": "windows-1251", "cp-1251": "windows-1251",
	"cp1250": "windows-1250", "cp1253": "windows-1253", "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
	"cp-850": "ibm850", "cp850": "ibm850", "cp437": "ibm437", "cp-437": "ibm437", "cp-866": "ibm866", "cp874": "windows-874", "tis620": "tis-620", "mac": "macintosh", "x-mac-roman": "macintosh",
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
	return good >= 2 && good >= 5*bad
}

func quoteLabel(s string) string {
	return `"` + clean(s[:min(len(s), 60)]) + `"`
}
