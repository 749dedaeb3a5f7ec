package web

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rapport/templates"
)

// pairs are texts and the ground they stand on, by the names of their colours.
var pairs = [][2]string{
	{"ink", "paper"}, {"ink", "sheet"}, {"ink", "ours"}, {"quiet", "paper"}, {"quiet", "sheet"}, {"quiet", "ours"}, {"ink", "hit"},
	{"link", "paper"}, {"link", "sheet"}, {"link", "ours"}, {"sheet", "link"}, {"sheet", "ink"},
	{"late", "late-tint"}, {"late", "sheet"}, {"late", "paper"}, {"soon", "soon-tint"}, {"soon", "sheet"}, {"soon", "paper"}, {"good", "good-tint"}, {"good", "sheet"}, {"good", "paper"},
}

var colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

// TestTextCanBeRead holds every pair of colours, by day and by night, to the
// contrast that WCAG 2.2 asks for text (1.4.3): 4.5 to 1.
func TestTextCanBeRead(t *testing.T) {
	css, err := fs.ReadFile(templates.Pages(), "style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(css), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("the style has no dark scheme")
	}
	dark, _, _ = strings.Cut(dark, "*, ::before")
	for name, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range colour.FindAllStringSubmatch(text, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		all := append([][2]string{}, pairs...)
		for _, k := range []string{"problem", "request", "question", "decision", "concern", "commitment", "praise"} {
			all = append(all, [2]string{k, k + "-tint"}, [2]string{"ink", k + "-tint"}, [2]string{k, "sheet"}, [2]string{"sheet", k})
		}
		for _, p := range all {
			a, known := colours[p[0]]
			b, known2 := colours[p[1]]
			if !known || !known2 {
				t.Errorf("%s: no colour %s or %s", name, p[0], p[1])
				continue
			}
			if ratio := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", name, p[0], p[1], ratio)
			}
		}
	}
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func TestTheStyleLoadsNothing(t *testing.T) {
	css, err := fs.ReadFile(templates.Pages(), "style.css")
	if err != nil {
		t.Fatal(err)
	}
	defined := map[string]bool{"tone": true, "tint": true} // set where a kind is shown
	for _, m := range regexp.MustCompile(`--([a-z-]+):`).FindAllStringSubmatch(string(css), -1) {
		defined[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`var\(--([a-z-]+)`).FindAllStringSubmatch(string(css), -1) {
		if !defined[m[1]] {
			t.Errorf("the style uses --%s, which it does not define", m[1])
		}
	}
	for _, bad := range []string{"url(", "@import", "@font-face", "http:", "https:"} {
		if strings.Contains(string(css), bad) {
			t.Errorf("the style has %s", bad)
		}
	}
}
