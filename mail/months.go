package mail

import "strings"

// monthNames are the months as mail programs write them in English, German,
// French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish, Czech,
// Turkish and Russian, in lower case. Longer names are found by their
// beginnings.
var monthNames = monthTable(
	"jan janv ene gen jän stycz leden ledna oca янв sty",
	"feb fév fev luty lutego únor února şub фев lut",
	"mar mär mrt mars märz maart mrz marz marc březen března мар",
	"apr abr avr kwi duben dubna nis апр",
	"may mai mag maj mei květen května mayıs мая май maio",
	"jun juin giu cze červen června haz июн",
	"jul juil lug lip červenec července tem июл",
	"aug aoû aou ago sie srpen srpna ağu авг août",
	"sep set wrz září eyl сен sept",
	"oct okt ott out paź paz říjen října eki окт",
	"nov lis listopad listopadu kas ноя",
	"dec déc dez dic gru prosinec prosince ara дек des",
)

func monthTable(months ...string) map[string]int {
	t := map[string]int{}
	for i, names := range months {
		for _, n := range strings.Fields(names) {
			t[n] = i + 1
		}
	}
	return t
}

// monthOf finds a month by its name or the beginning of it.
func monthOf(word string) int {
	word = strings.ToLower(strings.Trim(word, "."))
	if m := monthNames[word]; m > 0 {
		return m
	}
	runes := []rune(word)
	for n := min(len(runes), 6); n >= 3; n-- {
		if m := monthNames[string(runes[:n])]; m > 0 {
			return m
		}
	}
	return 0
}

// zones are the names of RFC 5322 section 4.3 and those that mail programs
// write; minutes east of Greenwich. Other names are ambiguous.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"cet": 60, "cest": 120, "met": 60, "mest": 120, "mez": 60, "mesz": 120, "bst": 60, "eet": 120, "eest": 180,
	"msk": 180, "hkt": 480, "sgt": 480, "awst": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}

// dayHalves are the words for the halves of a day; true for the second.
var dayHalves = map[string]bool{
	"am": false, "a.m": false, "上午": false, "午前": false, "오전": false, "凌晨": false, "早上": false, "清晨": false,
	"pm": true, "p.m": true, "下午": true, "午後": true, "오후": true, "晚上": true, "中午": true, "傍晚": true,
}
