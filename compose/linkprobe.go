package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// LinkProbe asks web servers whether the links of a draft lead anywhere. It
// reads no page, sends nothing that names us or the client, and connects to
// public addresses only: a draft, or a server that redirects, must not be able
// to reach what is inside our network.
type LinkProbe struct {
	client *http.Client
}

// The bounds of a probe.
const (
	mostProbed   = 50 // links of one draft
	probesAtOnce = 4
	probeTimeout = 5 * time.Second // of one link, redirects and all
	mostHops     = 5
)

// NewLinkProbe makes a probe.
func NewLinkProbe() *LinkProbe { return newLinkProbe(public, nil) }

// newLinkProbe makes one that may connect where allowed says so.
func newLinkProbe(allowed func(netip.AddrPort) bool, transport func(*http.Transport)) *LinkProbe {
	dialer := &net.Dialer{Timeout: probeTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		// Here the name has been looked up: what is checked is what is connected to.
		at, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(at) {
			return errPrivate
		}
		return nil
	}}
	t := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: probeTimeout, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10}
	if transport != nil {
		transport(t)
	}
	return &LinkProbe{&http.Client{Transport: t, Timeout: probeTimeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= mostHops {
			return errors.New("it is redirected again and again")
		}
		return nil
	}}}
}

var errPrivate = errors.New("it leads into a private network")

// reserved are addresses that are not on the public net, beside those that
// netip knows (RFC 6890); the last five hold IPv4 addresses inside.
var reserved = func() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"192.88.99.0/24", "100::/64", "2001:db8::/32", "fec0::/10", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// public reports whether an address is on the public net.
func public(at netip.AddrPort) bool {
	a := at.Addr().Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Dead tells what is wrong with those links that lead nowhere, by their address.
func (p *LinkProbe) Dead(ctx context.Context, links []string) map[string]string {
	var (
		mu    sync.Mutex
		wait  sync.WaitGroup
		dead  = map[string]string{}
		turns = make(chan struct{}, probesAtOnce)
	)
	for _, link := range links[:min(len(links), mostProbed)] {
		wait.Add(1)
		turns <- struct{}{}
		go func() {
			defer func() { <-turns; wait.Done() }()
			if err := p.ask(ctx, link); err != nil {
				mu.Lock()
				dead[link] = err.Error()
				mu.Unlock()
			}
		}()
	}
	wait.Wait()
	return dead
}

// ask requests the head of a page, and the page itself from servers that know
// no HEAD. A server that wants a login is alive.
func (p *LinkProbe) ask(ctx context.Context, link string) error {
	code, err := p.request(ctx, http.MethodHead, link)
	if err == nil && code >= 400 {
		code, err = p.request(ctx, http.MethodGet, link)
	}
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate
	case err != nil:
		return plainError(err)
	case code == http.StatusNotFound || code == http.StatusGone || code >= 500:
		return fmt.Errorf("the server answers %d %s", code, http.StatusText(code))
	}
	return nil
}

func (p *LinkProbe) request(ctx context.Context, method, link string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, method, link, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", "link check")
	answer, err := p.client.Do(r)
	if err != nil {
		return 0, err
	}
	io.CopyN(io.Discard, answer.Body, 1<<10) // politeness; the page is of no interest
	answer.Body.Close()
	return answer.StatusCode, nil
}

// plainError is what went wrong, without the address that the finding names
// anyway.
func plainError(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		if at.Timeout() {
			return errors.New("the server does not answer")
		}
		err = at.Err
	}
	var lookup *net.DNSError
	if errors.As(err, &lookup) && lookup.IsNotFound {
		return fmt.Errorf("there is no server called %s", lookup.Name)
	}
	return err
}
