package compose

import "github.com/mattn/go-runewidth"

// runeWidth is the number of columns of a character in a text mail.
func runeWidth(c rune) int {
	if c < 0x7f {
		if c < ' ' {
			return 0
		}
		return 1
	}
	if c >= 0x4e00 && c <= 0x9fff || c >= 0x3001 && c <= 0x303e || c >= 0xff01 && c <= 0xff60 {
		return 2
	}
	return columns.RuneWidth(c)
}

// columns counts characters of ambiguous width as one column, whatever the
// machine's locale says.
var columns = &runewidth.Condition{StrictEmojiNeutral: true}

func displayWidth(s string) int {
	n := 0
	for _, c := range s {
		n += runeWidth(c)
	}
	return n
}
