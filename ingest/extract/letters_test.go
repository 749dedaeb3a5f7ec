package extract

import (
	"fmt"
	"html"
	"strings"

	"rapport/threads"
)

// testLetter is a report of ours with the answers that a client writes under
// its points.
type testLetter struct {
	language string
	us, them [2]string // name, address
	hello    string
	intro    string // the letter's first paragraph
	blocks   []testBlock
	bye      string

	top     string   // what the client writes above everything, a paragraph
	answers []string // under the point with the same number, "" for none
	end     string   // the client's last line, name included
}

// testBlock is a heading with list items; each item is a point.
type testBlock struct {
	heading string
	items   []string
}

func (l *testLetter) points() []threads.Point {
	var out []threads.Point
	for _, b := range l.blocks {
		for _, it := range b.items {
			id := fmt.Sprintf("P%d", len(out)+1)
			if word, _, ok := strings.Cut(it, " "); ok && pointLabel(word) {
				id = word
			}
			out = append(out, threads.Point{ID: id, Text: it})
		}
	}
	return out
}

// lines is the text part: wrapped at 72 columns, list items with a marker.
// at[i] is the number of the point that ends with line i, -1 if none does.
func (l *testLetter) lines() (lines []string, at []int) {
	add := func(point int, texts ...string) {
		for i, t := range texts {
			lines = append(lines, t)
			p := -1
			if i == len(texts)-1 {
				p = point
			}
			at = append(at, p)
		}
	}
	add(-1, l.hello, "")
	add(-1, wrapAt(l.intro, 72, "")...)
	point := 0
	for _, b := range l.blocks {
		add(-1, "", b.heading, "")
		for _, it := range b.items {
			add(point, wrapAt("- "+it, 72, "  ")...)
			point++
		}
	}
	add(-1, "")
	add(-1, strings.Split(l.bye, "\n")...)
	return lines, at
}

func (l *testLetter) text() string {
	lines, _ := l.lines()
	return strings.Join(lines, "\n") + "\n"
}

func (l *testLetter) sent() threads.SentLetter {
	return threads.SentLetter{Report: "r1", MessageID: "letter@us.example", Text: l.text(), Points: l.points()}
}

// wrapAt breaks a text at blanks, or between Han characters, so that no line
// is wider; the lines behind the first begin with indent.
func wrapAt(s string, columns int, indent string) []string {
	var out []string
	line := ""
	for _, w := range breakable(s) {
		if line != "" && strings.TrimSpace(line) != "" && width(line)+width(strings.TrimRight(w, " ")) > columns {
			out = append(out, strings.TrimRight(line, " "))
			line = indent
		}
		line += w
	}
	return append(out, strings.TrimRight(line, " "))
}

// breakable are the pieces of a text between which a line may end.
func breakable(s string) []string {
	var out []string
	piece := ""
	for _, r := range s {
		if han(r) && piece != "" {
			out = append(out, piece)
			piece = ""
		}
		piece += string(r)
		if r == ' ' {
			out = append(out, piece)
			piece = ""
		}
	}
	return append(out, piece)
}

// htmlPart is the letter's HTML with something of the client's after each
// point, as between(point).
func (l *testLetter) htmlPart(between func(point int) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p>\n<p>%s</p>\n", html.EscapeString(l.hello), html.EscapeString(l.intro))
	point := 0
	for _, bl := range l.blocks {
		fmt.Fprintf(&b, "<h2>%s</h2>\n<ul>\n", html.EscapeString(bl.heading))
		for _, it := range bl.items {
			fmt.Fprintf(&b, "<li>%s</li>\n%s", html.EscapeString(it), between(point))
			point++
		}
		b.WriteString("</ul>\n")
	}
	fmt.Fprintf(&b, "<p>%s</p>\n", strings.ReplaceAll(html.EscapeString(l.bye), "\n", "<br>"))
	return b.String()
}

// newText is what must come out: the client's words in their order, without
// the name at the end.
func (l *testLetter) newText() string {
	parts := []string{l.top}
	for _, a := range l.answers {
		if a != "" {
			parts = append(parts, a)
		}
	}
	end, _, _ := strings.Cut(l.end, "\n")
	return strings.Join(append(parts, end), "\n\n")
}

var testLetters = []testLetter{
	{
		language: "en", us: [2]string{"Tom Keller", "tom@northlight.example"}, them: [2]string{"Ellen Marsh", "ellen@acme.example"},
		hello: "Hello Ellen,",
		intro: "week 47 was about the checkout. The new page runs on the test server and everybody at your office can use it with the password from Monday; nothing has changed for your customers so far.",
		blocks: []testBlock{
			{"Done", []string{
				"The checkout shows the delivery date before the customer pays, also on telephones with a narrow screen, where it used to be cut off.",
				"Discount codes work.",
				"All 214 product pictures have been replaced by the ones from your photographer; the old ones are kept until the end of the year in case somebody misses one.",
			}},
			{"Next", []string{
				"We move the shop to the new server in the night from 3 to 4 December, between 01:00 and 05:00.",
				"Gift vouchers: 12 hours, 1,140 EUR.",
			}},
			{"We need from you", []string{
				"D-1 Shall the newsletter box be ticked in advance?",
				"D-2 Which of the two front pages do you prefer: A (large picture) or B (three columns)?",
				"Please send us the text about returns, at most 300 words, and the name of the person who answers complaints.",
			}},
		},
		bye: "Kind regards\nTom Keller\nNorthlight Studio",
		top: "Hi Tom, thanks for the report. My answers are between your lines.",
		answers: []string{
			"This looks wonderful on my phone.",
			"Mine is still refused with error 17.",
			"",
			"Could you do it one week later, please?",
			"Too expensive for us, we will do without them.",
			"D-1: no",
			"B, please.",
			"You will have both by Friday.",
		},
		end: "Best regards,\nEllen Marsh",
	},
	{
		language: "zh", us: [2]string{"林涛", "lintao@northlight.example"}, them: [2]string{"陈晓雯", "chenxw@yunshan.example"},
		hello: "陈女士，您好：",
		intro: "本周主要完成了门店后台的开发工作，测试环境已经开放，贵公司同事可以用周一收到的密码登录查看，正式环境暂时没有任何变化。",
		blocks: []testBlock{
			{"本周完成", []string{
				"门店后台的库存页面可以按分类筛选了，库存低于警戒值时会自动用红色标出，并且每天早上八点给店长发一封提醒邮件。",
				"优惠券功能已上线。",
				"商品图片全部换成摄影师新拍的版本，共214张，旧图片保留到年底，如有遗漏可以随时恢复。",
			}},
			{"下周计划", []string{
				"12月3日夜里1点到5点把网站迁移到新服务器。",
				"会员积分：12小时，共9,600元。",
			}},
			{"请您决定", []string{
				"D-1 注册页面是否默认勾选订阅？",
				"D-2 首页选哪个方案：A（大图）还是B（三栏）？",
				"请提供退换货说明的文字，300字以内，以及投诉负责人的姓名。",
			}},
		},
		bye: "此致\n林涛\n北光工作室",
		top: "林涛你好，周报收到，意见直接写在下面。",
		answers: []string{
			"这个做得很好，店长们都很满意。",
			"我这边一点就报错。",
			"",
			"能不能推迟一周再迁移？",
			"太贵了，先不做。",
			"D-1：不要",
			"选B。",
			"周五之前发给你们。",
		},
		end: "谢谢！\n陈晓雯",
	},
	{
		language: "en", us: [2]string{"Ines Roth", "ines@northlight.example"}, them: [2]string{"Paul Okafor", "paul@harbour.example"},
		hello: "Dear Paul,",
		intro: "Two things only this time.",
		blocks: []testBlock{
			{"Status", []string{
				"Login: green.",
				"Search: green.",
				"Map: yellow, because the tiles of the port authority come late and one of the three layers has no licence yet.",
				"Print: red.",
			}},
			{"Decisions", []string{
				"F-12 May we use the harbour photo from 2019?",
				"F-13 May we use the harbour photo from 2021?",
			}},
		},
		bye: "All the best\nInes",
		top: "Hi Ines, see below.",
		answers: []string{
			"",
			"It finds nothing when I type a ship's name.",
			"I am worried about this licence.",
			"When will it work again?",
			"Yes, go ahead.",
			"No, the crane in it is gone.",
		},
		end: "Thanks,\nPaul",
	},
}
