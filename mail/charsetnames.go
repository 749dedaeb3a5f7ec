package mail

import "strings"

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
