package compose

// A shade is a text colour that is always set together with its background:
// mail programs that darken letters by themselves change one and not the other
// when they find only one. The class lets the small style sheet set the dark
// pair where a program reads it.
type shade struct {
	class               string
	ink, ground         string
	darkInk, darkGround string
}

// The palette of a letter. A test computes the contrast of every pair: at
// least 4.5 to 1 (WCAG 2.2, 1.4.3) in both modes.
var (
	pageShade   = shade{"pg", "#5a6872", "#f1f4f4", "#a3b0b8", "#12181b"}
	paperShade  = shade{"pp", "#1c2b33", "#ffffff", "#e4e9ec", "#1b2328"}
	mutedShade  = shade{"mu", "#5a6872", "#ffffff", "#a3b0b8", "#1b2328"}
	linkShade   = shade{"ln", "#0f5c73", "#ffffff", "#8ccbe0", "#1b2328"}
	panelShade  = shade{"pn", "#1c2b33", "#f1f6f8", "#e4e9ec", "#222d33"}
	hintShade   = shade{"hi", "#55636d", "#f1f6f8", "#a9b6be", "#222d33"}
	panelLink   = shade{"pl", "#0f5c73", "#f1f6f8", "#8ccbe0", "#222d33"}
	buttonShade = shade{"bt", "#ffffff", "#0f5c73", "#0d2129", "#8ccbe0"}
	quietButton = shade{"bq", "#0f5c73", "#d8eaf0", "#b5e2f1", "#1d4656"}
	greenShade  = shade{"gr", "#14603a", "#e3f3ea", "#9fe0bd", "#16372a"}
	yellowShade = shade{"ye", "#7a4a00", "#fdf1d8", "#f3cf8a", "#3d2e10"}
	redShade    = shade{"re", "#9c1f2b", "#fde8e8", "#f5b0b3", "#43191d"}
	greyShade   = shade{"gy", "#3d4d58", "#eaeff2", "#c6d1d8", "#2b373f"}
	blueShade   = shade{"bl", "#0f5c73", "#e3f0f4", "#a8dbec", "#153643"}
)

// shades are all pairs, for the style sheet and its test.
var shades = []shade{
	pageShade, paperShade, mutedShade, linkShade, panelShade, hintShade, panelLink,
	buttonShade, quietButton, greenShade, yellowShade, redShade, greyShade, blueShade,
}

// Colours of lines and bars, which carry no text.
const (
	lineColor = "#dfe5e8"
	barColor  = "#2b7f98"
	restColor = "#e3eaed"
)

// Chinese fonts stand behind the Latin ones, so that digits and Latin words
// keep their shape in a Chinese letter.
const (
	fonts     = `'Segoe UI',Helvetica,Arial,'PingFang SC','Hiragino Sans GB','Microsoft YaHei',sans-serif`
	monoFonts = `Consolas,Menlo,'Courier New',monospace`
)

// colors is the style of a shade, to stand inside a style attribute.
func (s shade) colors() string { return "color:" + s.ink + ";background-color:" + s.ground }

// styleSheet is progressive only: a letter is complete without it.
func styleSheet() string {
	css := ":root{color-scheme:light dark;supported-color-schemes:light dark}"
	css += "@media (max-width:480px){.pd{padding:28px 20px!important}.og{padding:0!important}}"
	css += "@media (prefers-color-scheme:dark){"
	for _, s := range shades {
		css += "." + s.class + "{color:" + s.darkInk + "!important;background-color:" + s.darkGround + "!important}"
		if s.class == buttonShade.class || s.class == quietButton.class {
			css += "a." + s.class + "{border-color:" + s.darkGround + "!important}"
		}
	}
	css += ".li{border-color:#34414a!important}.ba{background-color:#5fb3cc!important}.rs{background-color:#34414a!important}}"
	return css
}

// outlookSheet is for Outlook's Word engine, which does not hand fonts down
// into tables.
const outlookSheet = "<!--[if mso]><style>table,td,th,p,a,h1,h2,h3,li{font-family:'Segoe UI','Microsoft YaHei',Arial,sans-serif}table{border-collapse:collapse}</style><![endif]-->"
