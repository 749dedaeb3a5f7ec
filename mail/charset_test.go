package mail

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func encoded(t *testing.T, enc encoding.Encoding, s string) string {
	t.Helper()
	out, err := enc.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return out
}

const (
	simplified  = "您好，测试版付款的时候一直报错，请尽快处理。谢谢！"
	traditional = "您好，請問繁體中文版什麼時候可以開始測試？謝謝。"
	japaneseTxt = "お世話になっております。帳票のフッターに会社の住所を追加してください。"
	koreanText  = "안녕하세요. 보고서를 확인했습니다. 다음 주에 회의를 할 수 있을까요? 감사합니다."
	russianText = "Добрый день, отчёт получили, спасибо. Когда будет готова новая версия?"
	germanText  = "Schöne Grüße aus Köln, die Prüfung läuft noch – später mehr."
)

func TestCharsets(t *testing.T) {
	gbk, big5 := simplifiedchinese.GB18030, traditionalchinese.Big5
	cases := []struct {
		name, label, bytes, want, fault string
	}{
		{"plain ASCII has no charset to be wrong", "", "hello", "hello", ""},
		{"UTF-8 as declared", "UTF-8", simplified, simplified, ""},
		{"UTF-8 without a label", "", simplified, simplified, ""},
		{"UTF-8 that says GB2312", "gb2312", simplified, simplified, "charset-wrong"},
		{"UTF-8 that says iso-8859-1", "iso-8859-1", germanText, germanText, "charset-wrong"},
		{"UTF-8 with a byte order mark", "us-ascii", "\xef\xbb\xbfgrün", "grün", ""},
		{"GB18030 as declared", "gb18030", encoded(t, gbk, "姓名里的生僻字：㼆和𠮷"), "姓名里的生僻字：㼆和𠮷", ""},
		{"GB2312 that is GBK", "GB2312", encoded(t, gbk, "镕基先生的項目"), "镕基先生的項目", ""},
		{"GBK without a label", "", encoded(t, gbk, simplified), simplified, "charset-guessed"},
		{"a short GBK subject without a label", "", encoded(t, gbk, "回复: 周报"), "回复: 周报", "charset-guessed"},
		{"GBK that says iso-8859-1", "iso-8859-1", encoded(t, gbk, simplified), simplified, "charset-wrong"},
		{"GBK that says UTF-8", "utf-8", encoded(t, gbk, simplified), simplified, "charset-wrong"},
		{"GBK of two-byte sequences that are UTF-8 too", "gbk", encoded(t, gbk, "联想"), "联想", ""},
		{"Big5 as declared", "big5", encoded(t, big5, traditional), traditional, ""},
		{"Big5 without a label", "", encoded(t, big5, traditional), traditional, "charset-guessed"},
		{"Big5 that says GB2312", "gb2312", encoded(t, big5, traditional), traditional, "charset-wrong"},
		{"Korean under Microsoft's name", "ms949", encoded(t, korean.EUCKR, koreanText), koreanText, ""},
		{"Korean under its old name", "ks_c_5601-1987", encoded(t, korean.EUCKR, koreanText), koreanText, ""},
		{"Korean without a label", "", encoded(t, korean.EUCKR, koreanText), koreanText, "charset-guessed"},
		{"ISO-2022-JP", "iso-2022-jp", encoded(t, japanese.ISO2022JP, japaneseTxt), japaneseTxt, ""},
		{"ISO-2022-JP without a label", "", encoded(t, japanese.ISO2022JP, japaneseTxt), japaneseTxt, ""},
		{"ISO-2022-JP that says UTF-8", "utf-8", encoded(t, japanese.ISO2022JP, japaneseTxt), japaneseTxt, ""},
		{"ISO-2022-JP-2004", "iso-2022-jp-2004", strings.ReplaceAll(encoded(t, japanese.ISO2022JP, japaneseTxt), "\x1b$B", "\x1b$(Q"), japaneseTxt, ""},
		{"the NEC characters of cp50220", "cp50220", "\x1b$B-!\x1b(B", "①", ""},
		{"EUC-JP without a label", "", encoded(t, japanese.EUCJP, japaneseTxt), japaneseTxt, "charset-guessed"},
		{"Shift JIS without a label", "", encoded(t, japanese.ShiftJIS, japaneseTxt), japaneseTxt, "charset-guessed"},
		{"Shift JIS that says iso-2022-jp", "iso-2022-jp", encoded(t, japanese.ShiftJIS, japaneseTxt), japaneseTxt, "charset-wrong"},
		{"KOI8-R", "koi8-r", encoded(t, charmap.KOI8R, russianText), russianText, ""},
		{"KOI8-R without a label", "", encoded(t, charmap.KOI8R, russianText), russianText, "charset-guessed"},
		{"windows-1251 without a label", "", encoded(t, charmap.Windows1251, russianText), russianText, "charset-guessed"},
		{"iso-8859-1 that is windows-1252", "iso-8859-1", encoded(t, charmap.Windows1252, germanText), germanText, ""},
		{"windows-1252 without a label", "", encoded(t, charmap.Windows1252, germanText), germanText, "charset-guessed"},
		{"one pound sign without a label", "", "\xa3600 is twice as much", "£600 is twice as much", "charset-guessed"},
		{"a charset nobody knows", "x-till-latin", "caf\xe9", "café", "charset-unknown"},
		{"UTF-8 with a few broken bytes", "utf-8", simplified + "\xff", simplified + "\ufffd", "charset-broken"},
		{"UTF-7", "utf-7", "Hi +AOQ- +AFs- 1 +- 2 +ZeVnLA-!", "Hi ä [ 1 + 2 日本!", ""},
		{"HZ", "hz-gb-2312", "~{<:Ky2;S{~}", "己所不欲", ""},
		{"ISO-2022-KR", "iso-2022-kr", "\x1b$)C\x0e>H3g\x0f Kim", "안녕 Kim", ""},
		{"ISO-2022-CN", "iso-2022-cn", "\x1b$)A\x0eDc:C\x0f", "你好", ""},
		{"UTF-16 by its mark", "", "\xff\xfeh\x00i\x00", "hi", ""},
		{"UTF-16 big-endian", "utf-16be", "\x00h\x00i", "hi", ""},
		{"a language behind the charset", "iso-8859-1*de", "gr\xfcn", "grün", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var faults faultList
			got, _ := readText([]byte(c.bytes), c.label, &faults)
			if got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
			checkFault(t, faults.faults, c.fault)
		})
	}
}

// checkFault wants exactly the fault of that code, or none for "".
func checkFault(t *testing.T, faults []Fault, code string) {
	t.Helper()
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	if got := strings.Join(codes, " "); got != code {
		t.Errorf("faults %q, want %q", got, code)
	}
}

func TestHTMLCharset(t *testing.T) {
	page := `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>` +
		encoded(t, simplifiedchinese.GBK, "项目报告") + `</body></html>`
	m := Parse([]byte("Content-Type: text/html\n\n"+page), Limits{})
	if m.Text != "项目报告" {
		t.Errorf("read %q", m.Text)
	}
}

func TestRawHeaderTakesCharsetOfBody(t *testing.T) {
	raw := "From: " + encoded(t, simplifiedchinese.GBK, "欧阳") + " <ouyang@hetai.example>\n" +
		"Content-Type: text/plain; charset=gb2312\n\n" + encoded(t, simplifiedchinese.GBK, simplified)
	if m := Parse([]byte(raw), Limits{}); m.From[0].Name != "欧阳" {
		t.Errorf("name %q", m.From[0].Name)
	}
}
