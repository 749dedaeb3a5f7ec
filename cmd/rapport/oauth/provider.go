package oauth

import (
	"fmt"

	"golang.org/x/oauth2"
)

// provider is where tokens come from and what has to be said there.
type provider struct {
	auth, token, device string
	scopes              []string
	style               oauth2.AuthStyle  // never found out by trying: a second try would use a refresh token twice
	redirect            string            // the host in the address to which the browser comes back
	extra               map[string]string // beside the standard's parameters of the sign-in address
}

// mailScopes of Microsoft are for both protocols, so that a mailbox and
// submission can share one login.
var mailScopes = []string{
	"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access",
}

// providerOf is the provider of a login, with what the configuration replaces.
func providerOf(c Config) (p provider, err error) {
	switch c.Provider {
	case "google":
		p = google()
	case "microsoft":
		p = microsoft(c.Tenant, c.Flow)
	case "custom":
		p = provider{redirect: "127.0.0.1", style: oauth2.AuthStyleInHeader} // RFC 6749 section 2.3.1: servers must take it there
	default:
		return p, fmt.Errorf("%q is no provider; use google, microsoft or custom", c.Provider)
	}
	if c.Secret == nil || c.SecretInBody {
		p.style = oauth2.AuthStyleInParams // a public client only names itself (RFC 6749 section 3.2.1)
	}
	for _, url := range []struct {
		to   *string
		ours string
	}{{&p.auth, c.AuthURL}, {&p.token, c.TokenURL}, {&p.device, c.DeviceURL}} {
		if url.ours != "" {
			*url.to = url.ours
		}
	}
	if c.Scopes != nil {
		p.scopes = c.Scopes
	}
	switch {
	case p.token == "":
		return p, fmt.Errorf("the provider's token address is required")
	case c.Flow == Code && p.auth == "":
		return p, fmt.Errorf("the provider's sign-in address is required")
	case c.Flow == Device && p.device == "":
		return p, fmt.Errorf("the provider has no known address for devices; use another flow")
	case c.Flow != Code && c.Flow != Device && c.Flow != ClientCredentials:
		return p, fmt.Errorf("%q is no flow; use code, device or client_credentials", c.Flow)
	}
	return p, nil
}

// google gives a refresh token only with access_type=offline, and a second
// time only after the consent was asked for again. Devices get no scope for
// mail.
func google() provider {
	return provider{
		auth: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token",
		scopes: []string{"https://mail.google.com/"}, style: oauth2.AuthStyleInParams, redirect: "127.0.0.1",
		extra: map[string]string{"access_type": "offline", "prompt": "consent"},
	}
}

// microsoft takes any port on localhost, but not on 127.0.0.1, for an address
// that is registered as http://localhost.
func microsoft(tenant string, flow Flow) provider {
	if tenant == "" {
		tenant = "organizations"
	}
	at := "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/"
	p := provider{auth: at + "authorize", token: at + "token", device: at + "devicecode",
		scopes: mailScopes, style: oauth2.AuthStyleInParams, redirect: "localhost"}
	if flow == ClientCredentials {
		p.scopes = []string{"https://outlook.office365.com/.default"}
	}
	return p
}
