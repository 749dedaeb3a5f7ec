package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// crawl walks through the site as a reader would.
type crawl struct {
	t     *testing.T
	s     *Server
	seen  map[string]bool
	queue [][2]string // address, where it was found
	ids   map[string]map[string]bool
	to    [][3]string // address without fragment, fragment, where it was found
}

func (c *crawl) follow(address, from string) {
	u, err := url.Parse(address)
	if err != nil {
		c.t.Errorf("%s links to %q: %v", from, address, err)
		return
	}
	if u.IsAbs() || u.Query().Has("lang") && from != "start" { // the other language is crawled by itself
		return
	}
	fragment := u.Fragment
	u.Fragment = ""
	page := u.String()
	if page == "" {
		page = from
	}
	if fragment != "" {
		c.to = append(c.to, [3]string{page, fragment, from})
	}
	if !c.seen[page] {
		c.seen[page] = true
		c.queue = append(c.queue, [2]string{page, from})
	}
}

func (c *crawl) visit(address, from string) {
	w := get(c.t, c.s, address)
	if w.Code != http.StatusOK {
		c.t.Errorf("%s links to %s, which answers %d", from, address, w.Code)
		return
	}
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return
	}
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		c.t.Fatal(err)
	}
	c.ids[address] = check(c.t, address, root)
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if n.Type == html.ElementNode && (a.Key == "href" || a.Key == "src") {
				c.follow(a.Val, address)
			}
		}
	}
}

// anchors holds that each fragment names a place on its page.
func (c *crawl) anchors() {
	for _, to := range c.to {
		if ids, page := c.ids[to[0]]; page && !ids[to[1]] {
			c.t.Errorf("%s links to #%s on %s, which has no such place", to[2], to[1], to[0])
		}
	}
}

// check holds a page against what every page must be, and returns its ids.
func check(t *testing.T, address string, root *html.Node) map[string]bool {
	frame := strings.HasSuffix(strings.Split(address, "?")[0], "/body") // a mail's own HTML, made harmless
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: the id %s is there twice", address, id)
			}
			ids[id] = true
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" && !frame {
				t.Errorf("%s: <%s %s> would be blocked", address, n.Data, a.Key)
			}
		}
		element(t, address, n, frame)
	}
	if !frame {
		headings(t, address, root)
		names(t, address, root, ids)
	}
	return ids
}

// element holds one element against what may be on a page.
func element(t *testing.T, address string, n *html.Node, frame bool) {
	switch n.Data {
	case "script", "object", "embed", "base":
		t.Errorf("%s has an element <%s>", address, n.Data)
	case "img":
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) && !frame {
			t.Errorf("%s has a picture without alt", address)
		}
	case "iframe":
		sandbox := attr(n, "sandbox")
		if sandbox == "" || strings.Contains(sandbox, "allow-scripts") || strings.Contains(sandbox, "allow-same-origin") || attr(n, "title") == "" {
			t.Errorf("%s has a frame without title or sandbox: %v", address, n.Attr)
		}
	}
}

// headings: one of the first level, and none that skips a level.
func headings(t *testing.T, address string, root *html.Node) {
	level, ones := 0, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		now := int(n.Data[1] - '0')
		if now > level+1 {
			t.Errorf("%s: a heading <%s> follows level %d", address, n.Data, level)
		}
		if level = now; now == 1 {
			ones++
		}
	}
	if ones != 1 {
		t.Errorf("%s has %d headings <h1>", address, ones)
	}
}

// names: every field has a label, and every name that is pointed at exists.
func names(t *testing.T, address string, root *html.Node, ids map[string]bool) {
	labels := map[string]bool{}
	for n := range root.Descendants() {
		if n.Data == "label" {
			labels[attr(n, "for")] = true
		}
	}
	for n := range root.Descendants() {
		if (n.Data == "input" || n.Data == "select" || n.Data == "textarea") && n.Type == html.ElementNode && attr(n, "type") != "hidden" && !labels[attr(n, "id")] {
			t.Errorf("%s: the field %q has no label", address, attr(n, "id"))
		}
		if by := attr(n, "aria-labelledby"); by != "" && !ids[by] {
			t.Errorf("%s: aria-labelledby %s names nothing", address, by)
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
