package oauth

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// byCode sends a browser to the provider and awaits it back on loopback, with a
// code that is worth nothing without the verifier that stays here (RFC 8252,
// RFC 7636). A browser on another machine ends at an address that it cannot
// open: then that address is pasted.
func (s *Source) byCode(ctx context.Context, t Terminal) (*oauth2.Token, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(t.Port)))
	if err != nil {
		return nil, fmt.Errorf("log in for %s: await the browser: %w", s.c.Name, err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	c.RedirectURL = "http://" + net.JoinHostPort(s.provider.redirect, port)
	back := &comeback{state: rand.Text(), answers: make(chan url.Values)}
	verifier := oauth2.GenerateVerifier()
	site := &http.Server{Handler: back.handler(ctx), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	go site.Serve(listener)
	defer leave(site)

	fmt.Fprintf(t.Out, "Open this address in a browser and sign in as %s:\n\n  %s\n\n", clean(s.c.Username, nil), c.AuthCodeURL(back.state, s.asks(verifier)...))
	fmt.Fprintf(t.Out, "Rapport waits for the browser at %s. If the browser is on another machine,\nit ends at an address that does not open there: copy that address and paste it here.\n", c.RedirectURL)
	if t.In != nil {
		go back.read(ctx, t)
	}
	var answer url.Values
	select {
	case answer = <-back.answers:
	case <-ctx.Done():
		return nil, fmt.Errorf("log in for %s: %w", s.c.Name, context.Cause(ctx))
	}
	if word := answer.Get("error"); word != "" {
		return nil, s.told(&oauth2.RetrieveError{ErrorCode: word, ErrorDescription: answer.Get("error_description")}, "log in", c.ClientSecret)
	}
	token, err := c.Exchange(s.asking(ctx), answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, s.told(err, "log in", c.ClientSecret, answer.Get("code"), verifier)
	}
	return token, nil
}

// leave lets the browser have its page first.
func leave(site *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if site.Shutdown(ctx) != nil {
		site.Close()
	}
}

// asks are the parameters of the sign-in address beside the standard's first.
func (s *Source) asks(verifier string) []oauth2.AuthCodeOption {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	if s.c.Username != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", s.c.Username))
	}
	for name, value := range s.provider.extra {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	return options
}

// comeback takes the browser's answer, from whichever way it comes.
type comeback struct {
	state   string
	answers chan url.Values
}

var errStranger = errors.New("this is not the answer to this login")

// take hands on an answer if it belongs to this login; whoever does not know
// the state can neither end nor replace it.
func (b *comeback) take(ctx context.Context, answer url.Values) error {
	ours := subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(b.state)) == 1
	if !ours || answer.Get("code") == "" && answer.Get("error") == "" {
		return errStranger
	}
	select {
	case b.answers <- answer:
	case <-ctx.Done():
	}
	return nil
}

func (b *comeback) handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		words := "Rapport has the answer. You can close this page; the terminal tells the rest."
		asked, cancel := context.WithTimeout(ctx, time.Second) // a second answer waits for nobody
		defer cancel()
		if err := b.take(asked, r.URL.Query()); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			words = err.Error()
		}
		fmt.Fprintf(w, "<!doctype html><title>Rapport</title><p>%s</p>\n", html.EscapeString(words))
	})
	return mux
}

// read takes addresses that are pasted, one a line.
func (b *comeback) read(ctx context.Context, t Terminal) {
	lines := bufio.NewScanner(io.LimitReader(t.In, 1<<20))
	for lines.Scan() && ctx.Err() == nil {
		pasted := strings.TrimSpace(lines.Text())
		if pasted == "" {
			continue
		}
		u, err := url.Parse(pasted)
		if err == nil {
			err = b.take(ctx, u.Query())
		}
		if err == nil {
			return
		}
		fmt.Fprintln(t.Out, "That is not the address at which the browser ended. It begins with http:// and has state= and code= in it.")
	}
}
