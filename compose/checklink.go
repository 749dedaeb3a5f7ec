package compose

import (
	"fmt"
	"slices"
	"strings"
)

// vagueLinks are texts that do not say where a link leads; a screen reader's
// list of links shows nothing else.
var vagueLinks = []string{"here", "click here", "click", "link", "this link", "this", "more", "read more", "see here", "这里", "点击这里", "点击", "此处", "链接", "点此", "请点击", "查看", "更多"}

// links: only addresses that are safe to open, with words that say what they are.
func links(c *checker) {
	eachInline(c.doc, func(n *inline) {
		if n.kind != link {
			return
		}
		label := strings.ToLower(strings.Trim(c.plain(n.kids), " .,:!。，：！"))
		switch {
		case !goodLink(n.text):
			proposal := "write an https:// address or mailto:"
			if strings.HasPrefix(strings.ToLower(n.text), "http://") {
				proposal = "write https://" + clip(n.text[len("http://"):], 80)
			}
			c.find(Error, "link-scheme", n.line, fmt.Sprintf("the link %s is neither https nor mailto", clip(n.text, 80)), proposal)
		case len(n.text) > textColumns-8 && strings.HasPrefix(n.text, "https://"):
			c.find(Warning, "link-long", n.line, fmt.Sprintf("the link has %d characters; some programs break it in the text part", len(n.text)), "use a shorter address, or link to the page above it")
		case label == "":
			c.find(Warning, "link-text", n.line, "a link without words to "+clip(n.text, 80), "write what it leads to between the brackets")
		default:
			for _, v := range vagueLinks {
				if label == v {
					c.find(Warning, "link-text", n.line, fmt.Sprintf("the link text %q does not say where it leads", clip(label, 30)), "name what one sees there: “preview of the shop pages”")
					return
				}
			}
		}
	})
}

// deadLinks: a link that leads nowhere says that nobody has tried it.
func deadLinks(c *checker) {
	if c.Dead == nil {
		return
	}
	var links []string
	lines := map[string]int{}
	eachInline(c.doc, func(n *inline) {
		if n.kind == link && strings.HasPrefix(strings.ToLower(n.text), "https://") && lines[n.text] == 0 {
			links, lines[n.text] = append(links, n.text), n.line
		}
	})
	dead := c.Dead(links)
	for _, l := range links {
		if why, is := dead[l]; is {
			c.find(Warning, "link-dead", lines[l], fmt.Sprintf("the link %s leads nowhere: %s", clip(l, 80), why), "open it in a browser that is not logged in, and correct it")
		}
	}
}

// picturesWithoutWords: who cannot see a picture reads its words, and the text
// part has nothing else of it.
func picturesWithoutWords(c *checker) {
	eachInline(c.doc, func(n *inline) {
		if n.kind == picture && strings.TrimSpace(c.plain(n.kids)) == "" {
			c.find(Error, "picture-alt", n.line, "the picture "+clip(n.text, 60)+" has no words", "say between the brackets what it shows: ![The calendar with eight events]("+clip(n.text, 40)+")")
		}
	})
}

// littleHTML is the size up to which SpamAssassin says of a mail with a picture
// that there is nothing else in it (HTML_IMAGE_ONLY_32).
const littleHTML = 3200

// hardlyAnyText: a picture alone is what advertisements are.
func hardlyAnyText(c *checker) {
	pictures := slices.ContainsFunc(c.rendered.Files, func(f File) bool { return f.ContentID != "" })
	if pictures && len(c.rendered.HTML) <= littleHTML {
		c.find(Warning, "picture-only", 0, "the letter is a picture with hardly any text; spam filters take it for an advertisement", "say in a few sentences what it shows and what follows from it")
	}
}
