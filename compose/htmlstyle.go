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
	greenPanel  = shade{"gp", "#1c2b33", "#e3f3ea", "#e4e9ec", "#16372a"}
	yellowPanel = shade{"yp", "#1c2b33", "#fdf1d8", "#e4e9ec", "#3d2e10"}
	redPanel    = shade{"rp", "#1c2b33", "#fde8e8", "#e4e9ec", "#43191d"}
)

// shades are all pairs, for the style sheet and its test.
var shades = []shade{
	pageShade, paperShade, mutedShade, linkShade, panelShade, hintShade, panelLink,
	buttonShade, quietButton, greenShade, yellowShade, redShade, greyShade, blueShade,
	greenPanel, yellowPanel, redPanel,
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

// screenSheet is progressive: rounded corners, grey side words and quiet
// colours. A letter is complete and legible without it. It stands inside a
// media rule of its own, so that a program that knows none drops just this.
func screenSheet() string {
	css := ":root{color-scheme:light dark;supported-color-schemes:light dark}@media screen{"
	for _, s := range []shade{mutedShade, hintShade, linkShade, panelLink, greenShade, yellowShade, redShade, greyShade, blueShade} {
		css += "." + s.class + "{" + s.colors() + "}"
	}
	css += ".ch{border-radius:4px;font-size:14px;white-space:nowrap}.rd{border-radius:6px}.pd{overflow-wrap:break-word}.ur{word-break:break-all}.sc{overflow-x:auto}"
	css += ".btn{border-radius:6px;display:inline-block;text-decoration:none;white-space:nowrap;margin:0 4px 6px 0}}"
	return css + "@media screen and (max-width:480px){.pd{padding:28px 20px!important}.og{padding:0!important}.k1,.k2{display:block!important;width:auto!important}.k1{padding-bottom:0!important}.k2{border-top:0!important;padding-top:2px!important}.sc{max-width:calc(100vw - 40px)}.sc table{font-size:14px!important}}"
}

// darkSheet stands in a style element of its own: Gmail drops a whole element
// for one rule that it does not know.
func darkSheet() string {
	css := "@media screen and (prefers-color-scheme:dark){"
	for _, s := range shades {
		css += "." + s.class + "{color:" + s.darkInk + "!important;background-color:" + s.darkGround + "!important}"
		if s.class == buttonShade.class || s.class == quietButton.class {
			css += "a." + s.class + "{border-color:" + s.darkGround + "!important}"
		}
	}
	return css + ".li{border-color:#34414a!important}.ba{background-color:#5fb3cc!important}.rs{background-color:#34414a!important}}"
}

// outlookSheet is for Outlook's Word engine, which does not hand fonts down
// into tables.
const outlookSheet = "<!--[if mso]><style>table,td,th,p,a,h1,h2,h3,li{font-family:'Segoe UI','Microsoft YaHei',Arial,sans-serif}table{border-collapse:collapse}</style><![endif]-->"
