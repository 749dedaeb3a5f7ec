package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
)

// A line chart is a picture of one and a half times the column's pixels, sharp
// on a phone and below the size at which filters suspect an advertisement
// (180,000 pixels). There are no letters in it: fonts differ between machines,
// and the words stand below it. Its ground is transparent, for dark paper too.
const (
	lineWidth  = 3 * columnWidth / 2
	lineHeight = 225
	lineMargin = 18
)

// picture draws the chart: the values as a strong line on a tinted ground, the
// last report's as a thin light grey one, what there is in all as a dark grey
// one, which makes it a burn-up. The same numbers give the same bytes.
func (b *chartBlock) picture() *pictureFile {
	c := newCanvas()
	for i := range 3 {
		y := lineMargin + float64(i)*(lineHeight-2*lineMargin)/2
		c.stroke([]spot{{0, y}, {lineWidth, y}}, 1, inkGrid)
	}
	now, before, whole := b.spots()
	c.fill(now, inkTint)
	c.stroke(before, 3, inkBefore)
	c.stroke(whole, 3, inkWhole)
	c.stroke(now, 5, inkLine)
	for _, s := range now {
		c.stroke([]spot{s, s}, 13, inkLine)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, c.img); err != nil {
		return nil // an image in memory always encodes
	}
	sum := sha256.Sum256(out.Bytes())
	return &pictureFile{
		File:  File{Name: "chart.png", Type: "image/png", ContentID: hex.EncodeToString(sum[:10]) + "@picture.rapport", Body: out.Bytes()},
		width: lineWidth, height: lineHeight,
	}
}

// sentence says what the line shows, for the text part and for those who do
// not see it.
func (b *chartBlock) sentence(w *words) string {
	if len(b.rows) == 0 {
		return ""
	}
	first, last := &b.rows[0], &b.rows[len(b.rows)-1]
	high, low := first, first
	for i := range b.rows {
		if b.rows[i].value > high.value {
			high = &b.rows[i]
		}
		if b.rows[i].value < low.value {
			low = &b.rows[i]
		}
	}
	named := func(r *chartRow) string { return b.reached(w, r) + w.say("aside", w.plain(r.label)) }
	if low == first && high == last || high == first && low == last {
		return w.say("chart.only", named(first), named(last))
	}
	return w.say("chart.from", named(first), named(last)) + w.say("chart.between", named(low), named(high))
}

type spot struct{ x, y float64 }

// spots are the places of the values, of those of the last report, and of what
// there is in all.
func (b *chartBlock) spots() (now, before, whole []spot) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range b.rows {
		low, high = min(low, r.value), max(high, r.value)
		if r.hasWas {
			low, high = min(low, r.was), max(high, r.was)
		}
		if r.hasOf {
			low, high = min(low, r.of), max(high, r.of)
		}
	}
	if low > 0 && low < high/2 || low == high {
		low = 0 // a line that hides its zero makes much of little
	}
	if high == low {
		high = low + 1
	}
	step, left := float64(lineWidth)/float64(len(b.rows)), float64(lineWidth)/float64(2*len(b.rows))
	if !b.labelled() { // from end to end; else each spot stands above its label
		step, left = float64(lineWidth-2*lineMargin)/float64(max(len(b.rows)-1, 1)), lineMargin
	}
	at := func(i int, v float64) spot {
		return spot{left + float64(i)*step, lineHeight - lineMargin - (v-low)/(high-low)*(lineHeight-2*lineMargin)}
	}
	for i, r := range b.rows {
		now = append(now, at(i, r.value))
		if r.hasWas {
			before = append(before, at(i, r.was))
		}
		if r.hasOf {
			whole = append(whole, at(i, r.of))
		}
	}
	return now, before, whole
}

// The inks of the picture, as steps of a palette: each ink fades away in 15
// steps, which smooths the edges and keeps the file small.
type ink int

const (
	inkGrid ink = iota
	inkTint
	inkBefore
	inkWhole
	inkLine
	inkSteps = 15
)

type canvas struct{ img *image.Paletted }

func newCanvas() *canvas {
	palette := color.Palette{color.NRGBA{}}
	for _, c := range []color.NRGBA{{0x80, 0x90, 0x98, 0x50}, {0x2b, 0x7f, 0x98, 0x24}, {0x95, 0xa3, 0xab, 0xff}, {0x6b, 0x7a, 0x83, 0xff}, {0x2b, 0x7f, 0x98, 0xff}} {
		for i := 1; i <= inkSteps; i++ {
			palette = append(palette, color.NRGBA{c.R, c.G, c.B, uint8(int(c.A) * i / inkSteps)})
		}
	}
	return &canvas{image.NewPaletted(image.Rect(0, 0, lineWidth, lineHeight), palette)}
}

// set inks a pixel; a stronger ink or a fuller step stays.
func (c *canvas) set(x, y int, k ink, share float64) {
	step := int(math.Round(min(share, 1) * inkSteps))
	if step <= 0 || !(image.Point{x, y}).In(c.img.Rect) {
		return
	}
	index := uint8(int(k)*inkSteps + step)
	if at := c.img.Pix[y*c.img.Stride+x]; at == 0 || (int(at)-1)/inkSteps < int(k) && step > inkSteps/3 || (int(at)-1)/inkSteps == int(k) && index > at {
		c.img.Pix[y*c.img.Stride+x] = index
	}
}

// stroke draws a line through the spots with round ends.
func (c *canvas) stroke(spots []spot, width float64, k ink) {
	half := width / 2
	for i := 1; i < len(spots); i++ {
		a, b := spots[i-1], spots[i]
		for y := int(min(a.y, b.y) - half - 1); y <= int(max(a.y, b.y)+half+1); y++ {
			for x := int(min(a.x, b.x) - half - 1); x <= int(max(a.x, b.x)+half+1); x++ {
				c.set(x, y, k, half+0.5-distanceTo(spot{float64(x), float64(y)}, a, b))
			}
		}
	}
}

// distanceTo is how far p lies from the line between a and b.
func distanceTo(p, a, b spot) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/length, 0), 1)
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

// fill tints the ground below the line.
func (c *canvas) fill(spots []spot, k ink) {
	for i := 1; i < len(spots); i++ {
		a, b := spots[i-1], spots[i]
		for x := int(a.x); x < int(b.x); x++ {
			top := a.y + (b.y-a.y)*(float64(x)-a.x)/(b.x-a.x)
			for y := int(top); y < lineHeight-lineMargin; y++ {
				c.set(x, y, k, 1)
			}
		}
	}
}

// drawCharts makes the pictures of line charts and puts them with the letter's.
func drawCharts(doc *document, files *letterFiles) {
	eachBlock(doc, func(b block) {
		chart, ok := b.(*chartBlock)
		if !ok || !chart.isLine() {
			return
		}
		if p := chart.picture(); p != nil {
			chart.shown = "chart:" + p.ContentID
			p.Name = "chart-" + strings.TrimSuffix(p.ContentID, "@picture.rapport")[:6] + ".png"
			files.pictures[chart.shown] = p
			files.order = append(files.order, chart.shown)
		}
	})
}
