package config

import (
	"fmt"
	"net"
	"net/url"
)

func (k *checker) web() {
	w := k.c.Web
	if w.URL != "" {
		u, err := url.Parse(w.URL)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/":
			k.problem("web.url", fmt.Sprintf("%q is no address of a site", w.URL), "write it as https://rapport.example.com, without a path")
			return
		case u.Scheme == "http" && !loopback(u.Hostname()):
			k.problem("web.url", "would send passwords in the clear", "use https, from a proxy in front of Rapport; docs/people.md shows one")
		}
	}
	host, _, err := net.SplitHostPort(w.Listen)
	if err != nil {
		k.problem("web.listen", fmt.Sprintf("%q is no address with a port", w.Listen), "write it as 127.0.0.1:8470")
		return
	}
	if !loopback(host) && w.URL == "" {
		k.problem("web.listen", "can be reached from other machines", "say at which address people open the pages: web.url: https://…; or listen on 127.0.0.1")
	}
}

// Site is the address at which people open the pages, nil if it is only this
// machine's.
func (w Web) Site() *url.URL {
	u, err := url.Parse(w.URL)
	if err != nil || w.URL == "" {
		return nil
	}
	u.Path = ""
	return u
}
