package config

import (
	"fmt"
	"net"
	"net/url"
)

func (k *checker) web() {
	w := k.c.Web
	k.site("web.url", w.URL)
	k.site("web.files_url", w.FilesURL)
	if files, site := siteOf(w.FilesURL), siteOf(w.URL); files != nil && (site == nil || files.Hostname() == site.Hostname()) {
		k.problem("web.files_url", "needs a host that is not that of web.url", "give the files a name of their own, or remove it")
	}
	k.oidc()
	host, _, err := net.SplitHostPort(w.Listen)
	if err != nil {
		k.problem("web.listen", fmt.Sprintf("%q is no address with a port", w.Listen), "write it as 127.0.0.1:8470")
		return
	}
	if !loopback(host) && w.URL == "" {
		k.problem("web.listen", "can be reached from other machines", "say at which address people open the pages: web.url: https://…; or listen on 127.0.0.1")
	}
}

// site looks at the address of a site.
func (k *checker) site(key, address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/":
		k.problem(key, fmt.Sprintf("%q is no address of a site", address), "write it as https://rapport.example.com, without a path")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		k.problem(key, "would send passwords and mail in the clear", "use https, from a proxy in front of Rapport; docs/people.md shows one")
	}
}

func (k *checker) oidc() {
	o := k.c.Web.OIDC
	if o == (OIDC{}) {
		return
	}
	k.needed("web.oidc.issuer", o.Issuer, "write the provider's address, such as https://login.example.com")
	k.needed("web.oidc.client_id", o.ClientID, "write Rapport's name at the provider")
	k.needed("web.oidc.name", o.Name, "write what people call the provider; it stands on the button")
	if o.Issuer != "" {
		if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
			k.problem("web.oidc.issuer", fmt.Sprintf("%q is no https address", o.Issuer), "write the provider's address, such as https://login.example.com")
		}
	}
	if k.c.Web.URL == "" {
		k.problem("web.oidc", "needs web.url", "the provider sends people back there")
	}
	if _, err := o.ClientSecret(); err != nil {
		k.problem("web.oidc", err.Error(), "create it, or mend the setting")
	}
}

// Site is the address at which people open the pages, nil if it is only this
// machine's.
func (w Web) Site() *url.URL { return siteOf(w.URL) }

// Files is the address of the host from which files that came with mail are
// had, nil if it is that of the pages.
func (w Web) Files() *url.URL { return siteOf(w.FilesURL) }

func siteOf(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return nil
	}
	u.Path = ""
	return u
}
