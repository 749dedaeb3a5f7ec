package mail

import "unicode"

// The characters that make up most of running text. Text read with the wrong
// charset is full of rare ones, so their share tells charsets apart, also in
// a subject of four characters.
const (
	commonHan = "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏" +
		"邮件复退您项目确认功能测试订单页面报告谢议修系统登录支付客户需按钮显示错误上线预算进度附贵司敬礼祝顺颂商祺转回答原始主题收发件人时间抄送" +
		"這來個國說們為時過學對裡後麼沒發還當無開見經頭長樣現將與進實點種聲話兒問機給幾業間電門東氣關內產萬體別處總場師書員華報馬張難數應車風戰幹接許覺統請愛讓認論義術結連遠資隊帶條變聯權傳達辦運決黨準備會議專案測試網頁訂單確認謝復轉寄寄件收件者旨我們貴公司"
	commonHangul  = "이다는을를에의가하고지사리기로자어그대한나시아도서인해있수일보정부여거장주제것들전으면와과게니만오라구상우공동신스문원생성세조은개국안러미마내회중선연무소경되유같위적관진화물비방습까저말실용분학모음업후려요알않금할된감드할반계입간점님메확답견청송결템페료녕"
	commonScripts = "оеаинтсрвлкмдпуяыьгзбчйхії" + "αοιετσνηυρπκμλςάέήίόύώγδ" + "יוהלאמתרשבנדקעחםפכן" + "اليمونرتبعدسةكهفقجحىأش" + "านรอกเงยมลวดทสตะปบคหแจพช่้ิีัุูำไใโข็์ื"
)

var commonRunes = runeSet(commonHan + commonHangul + commonScripts)

// runeSet is a set of runes below U+E000 as bits.
func runeSet(s string) *[0xe000 / 64]uint64 {
	var set [0xe000 / 64]uint64
	for _, r := range s {
		if r < 0xe000 {
			set[r/64] |= 1 << (r % 64)
		}
	}
	return &set
}

// sampleOf bounds what a guess looks at.
func sampleOf(b []byte) []byte { return b[:min(len(b), 8<<10)] }

// guessed are the charsets that unlabelled mail comes in, most likely first.
var guessed = []string{
	"windows-1252", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "windows-1251", "koi8-r",
	"windows-1253", "windows-1255", "windows-1256", "windows-874",
}

// guessCharset finds the charset in which the bytes read best, and how well,
// from 0 to 1. Without evidence it is windows-1252, which never fails.
func guessCharset(b []byte) (name string, score float64) {
	name = guessed[0]
	for _, candidate := range guessed {
		if s := fit(candidate, decodeWith(encodingOf(candidate), b), b); s > score {
			name, score = candidate, s
		}
	}
	if name == guessed[0] || score < 0.1 {
		name, _, _ = latinCharset(b)
	}
	return name, score
}

// fit is the share of non-ASCII characters that are common in the languages
// that use the charset. b is what text was decoded from.
func fit(name, text string, b []byte) float64 {
	if latin(name) {
		return fitLatin(text)
	}
	var n, common, kana, halfKana, odd int
	last := ' '
	runes := []rune(text)
	for i, r := range runes {
		if r < 0x80 {
			last = r
			continue
		}
		n++
		switch {
		case r == 0xfffd || r >= 0xe000 && r <= 0xf8ff:
			n += 2 // bytes that mean nothing weigh more than rare characters
		case r >= 0x3041 && r <= 0x30ff:
			kana++
		case r >= 0xff61 && r <= 0xff9f:
			halfKana++
		case r >= 0x3000 && r <= 0x3002, r >= 0xff01 && r <= 0xff1f, r == '、', r == '。', r == '「', r == '」', r == '“', r == '”':
			common++ // punctuation
		case isCommon(name, r):
			common++
			if last < 0x80 && letter(last) {
				odd++ // a Cyrillic letter inside a Latin word
			}
		}
		if misplaced(last, r, runes[min(len(runes)-1, i+1)]) {
			odd++
		}
		last = r
	}
	if n == 0 {
		return 0
	}
	switch name {
	case "euc-jp", "shift_jis":
		common += kana - 2*halfKana
		if kana == 0 {
			common /= 2 // Japanese without kana is rarer than Chinese
		}
	case "gb18030":
		common += kana / 4
		if common == 0 && pairedHan(b) {
			return 0.15 // a name of two rare characters
		}
	case "big5", "euc-kr":
	default:
		common -= 2 * odd
	}
	return max(0, float64(common)/float64(n))
}

func isCommon(name string, r rune) bool {
	if r >= 0xe000 || commonRunes[r/64]&(1<<(r%64)) == 0 {
		return false
	}
	switch name {
	case "gb18030", "big5", "euc-jp", "shift_jis":
		return r >= 0x4e00 && r < 0xa000
	case "euc-kr":
		return r >= 0xac00
	}
	return r < 0x1000
}

// misplaced reports whether a letter stands where its script has none: a
// capital behind a small letter, a final form inside of a word or the other
// sigma at its end, a Thai vowel sign behind no consonant.
func misplaced(last, r, next rune) bool {
	switch {
	case r >= 0x370 && r < 0x500 && unicode.IsUpper(r):
		return unicode.IsLower(last)
	case r == 'ς', r == 'ם', r == 'ן', r == 'ך', r == 'ף', r == 'ץ':
		return unicode.IsLetter(next) && next >= 0x80
	case r == 'σ':
		return !unicode.IsLetter(next)
	case r == 0xe31, r >= 0xe34 && r <= 0xe3a, r >= 0xe47 && r <= 0xe4e:
		return last < 0xe01 || last > 0xe4e
	case r >= 0xe40 && r <= 0xe44:
		return next < 0xe01 || next > 0xe2e
	}
	return false
}

func letter[T byte | rune](c T) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// pairedHan reports whether all high bytes come in pairs of GB2312's first
// level of characters.
func pairedHan(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if b[i] < 0xa1 || b[i] > 0xf7 || i+1 == len(b) || b[i+1] < 0xa1 {
			return false
		}
		i++
	}
	return true
}
