package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// OAuth is a login by token instead of a password.
type OAuth struct {
	Provider         string `yaml:"provider"`
	Flow             string `yaml:"flow"`
	ClientID         string `yaml:"client_id"`
	ClientSecretFile string `yaml:"client_secret_file"`
	ClientSecretEnv  string `yaml:"client_secret_env"`
	ClientSecretIn   string `yaml:"client_secret_in"`
	Tenant           string `yaml:"tenant"`
	TokenFile        string `yaml:"token_file"`
	Mechanism        string `yaml:"mechanism"`
	AuthURL          string `yaml:"auth_url"`
	TokenURL         string `yaml:"token_url"`
	DeviceURL        string `yaml:"device_url"`
	Scopes           string `yaml:"scopes"` // with blanks between them, as RFC 6749 section 3.3 writes them
}

// Used reports whether the login is by token.
func (o OAuth) Used() bool { return o != OAuth{} }

// HasSecret reports whether our client has a secret at the provider.
func (o OAuth) HasSecret() bool { return o.ClientSecretFile != "" || o.ClientSecretEnv != "" }

// ClientSecret reads the client's secret as it is now.
func (o OAuth) ClientSecret() (string, error) {
	return readSecret(o.ClientSecretFile, o.ClientSecretEnv)
}

func (c *Config) oauthDefaults(o *OAuth) {
	if !o.Used() {
		return
	}
	or(&o.Flow, "code")
	or(&o.Mechanism, "xoauth2")
	or(&o.ClientSecretIn, "header")
	o.ClientSecretFile, o.TokenFile = c.path(o.ClientSecretFile), c.path(o.TokenFile)
}

// login looks at the way to log in: a password, or tokens.
func (k *checker) login(key string, o OAuth, passwordFile, passwordEnv string, needed bool) {
	if !o.Used() {
		k.secret(key, passwordFile, passwordEnv, needed)
		return
	}
	if passwordFile != "" || passwordEnv != "" {
		k.problem(key, "has both a password and oauth", "keep one of them")
	}
	key += ".oauth"
	k.oneOf(key+".provider", o.Provider, "google", "microsoft", "custom")
	k.oneOf(key+".flow", o.Flow, "code", "device", "client_credentials")
	k.oneOf(key+".mechanism", o.Mechanism, "xoauth2", "oauthbearer")
	k.oneOf(key+".client_secret_in", o.ClientSecretIn, "header", "body")
	k.needed(key+".client_id", o.ClientID, "write the client's id as the provider shows it where you registered Rapport")
	k.clientSecret(key, o)
	switch {
	case o.Flow == "client_credentials" && o.TokenFile != "":
		k.problem(key+".token_file", "is not used with client_credentials", "remove it")
	case o.Flow != "client_credentials":
		k.needed(key+".token_file", o.TokenFile, "write the path of the file in which \"rapport login\" keeps the token")
	}
	k.provider(key, o)
	for _, u := range []struct{ name, url string }{{".auth_url", o.AuthURL}, {".token_url", o.TokenURL}, {".device_url", o.DeviceURL}} {
		k.providerURL(key+u.name, u.url)
	}
}

func (k *checker) clientSecret(key string, o OAuth) {
	switch _, err := o.ClientSecret(); {
	case o.ClientSecretFile != "" && o.ClientSecretEnv != "":
		k.problem(key, "has both client_secret_file and client_secret_env", "keep one of them")
	case err != nil:
		k.problem(key, err.Error(), "create it, or mend the setting")
	case !o.HasSecret() && (o.Provider == "google" || o.Flow == "client_credentials"):
		k.problem(key, "has no client secret, and without it no token is given", "set client_secret_file: PATH, or client_secret_env: NAME of an environment variable")
	}
}

// provider looks for what a provider does not do, or cannot do without.
func (k *checker) provider(key string, o OAuth) {
	switch o.Provider {
	case "google":
		if o.Flow == "device" {
			k.problem(key+".flow", "google gives devices no access to mail", "use flow: code; the browser may be on another machine")
		}
		if o.Flow == "client_credentials" {
			k.problem(key+".flow", "google gives mail to persons only", "use flow: code")
		}
	case "microsoft":
		if o.Flow == "client_credentials" {
			k.needed(key+".tenant", o.Tenant, "write the id of your organisation as Microsoft's administration shows it")
		}
	case "custom":
		k.needed(key+".token_url", o.TokenURL, "write the provider's address for tokens")
		k.needed(key+".scopes", o.Scopes, "write what the provider calls the permission for mail, with blanks between several")
		if o.Flow == "code" {
			k.needed(key+".auth_url", o.AuthURL, "write the provider's address for signing in")
		}
		if o.Flow == "device" {
			k.needed(key+".device_url", o.DeviceURL, "write the provider's address for device codes")
		}
	}
	if o.Provider != "microsoft" && o.Tenant != "" {
		k.problem(key+".tenant", "is known to microsoft only", "remove it")
	}
	if strings.ContainsAny(o.Tenant, "/?#% ") {
		k.problem(key+".tenant", fmt.Sprintf("%q is no tenant", o.Tenant), "write its id or its domain")
	}
}

// providerURL refuses addresses to which secrets would go in the clear.
func (k *checker) providerURL(key, address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	loopback := err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		k.problem(key, "is no address for secrets", "write it as https://login.example.com/token")
	}
}

// tokenFiles looks for logins that would take each other's token away.
func (k *checker) tokenFiles() {
	type login struct {
		key string
		o   OAuth
	}
	owner := map[string]login{}
	look := func(key string, o OAuth) {
		if o.TokenFile == "" {
			return
		}
		before, taken := owner[o.TokenFile]
		mine := o
		mine.Mechanism = before.o.Mechanism // says nothing about the login
		if taken && mine != before.o {
			k.problem(key+".oauth.token_file", "is that of "+before.key+", which is another login", "give each login a file of its own, or make both blocks the same")
		}
		owner[o.TokenFile] = login{key, o}
	}
	for i, m := range k.c.Mailboxes {
		if m.OAuth.Used() && m.Name == "smtp" {
			k.problem(fmt.Sprintf("mailboxes[%d].name", i), "is what \"rapport login smtp\" calls submission", "give the mailbox another name")
		}
		look(fmt.Sprintf("mailboxes[%d]", i), m.OAuth)
	}
	look("smtp", k.c.SMTP.OAuth)
}
