package compose

// The tree that is rendered twice. Markdown and report blocks become these few
// kinds; both renderers and the checks see nothing else.
type (
	// document is a draft's body as it will be read.
	document struct {
		title  []inline // of the first level-1 heading that opens the draft
		line   int      // of the title
		blocks []block
		notes  []note
	}

	// block is one of the kinds below.
	block interface{ at() int }

	heading struct {
		line, level int
		text        []inline
	}
	paragraph struct {
		line  int
		text  []inline
		point string // id, "" if a client cannot answer it by itself
	}
	list struct {
		line    int
		ordered bool
		start   int
		loose   bool // blank lines between its items
		items   []listItem
	}
	listItem struct {
		line   int
		task   taskBox
		blocks []block
	}
	table struct {
		line  int
		align []alignment
		head  []cell
		rows  []tableRow
	}
	tableRow struct {
		line  int
		cells []cell
		point string
	}
	code struct {
		line  int
		lines []string
	}
	quotation struct {
		line   int
		blocks []block
	}
	divider struct{ line int }

	// note is a footnote.
	note struct {
		number int
		blocks []block
	}

	cell = []inline
)

// taskBox says whether a list item has a box, and whether it is ticked.
type taskBox int

const (
	noBox taskBox = iota
	emptyBox
	tickedBox
)

type alignment int

const (
	alignNone alignment = iota
	alignLeft
	alignCenter
	alignRight
)

// inline is a piece of running text. Soft line breaks are gone: they have
// become a blank, or nothing between two Chinese lines.
type inline struct {
	kind inlineKind
	text string // of plain and verbatim text; the address of a link; the path of a picture
	kids []inline
	line int // of links, pictures and what was found wrong
}

type inlineKind int

const (
	plainText inlineKind = iota
	strongText
	emphasis
	struckText
	verbatim
	link
	picture
	lineBreak
	noteMark // text is the number
)

func (b *heading) at() int   { return b.line }
func (b *paragraph) at() int { return b.line }
func (b *list) at() int      { return b.line }
func (b *table) at() int     { return b.line }
func (b *code) at() int      { return b.line }
func (b *quotation) at() int { return b.line }
func (b *divider) at() int   { return b.line }

// words makes running text of a plain string.
func plainInline(s string) []inline {
	if s == "" {
		return nil
	}
	return []inline{{kind: plainText, text: s}}
}
