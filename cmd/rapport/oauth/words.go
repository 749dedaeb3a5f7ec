package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// endedError says that somebody has to sign in.
type endedError struct {
	login string
	words string // the provider's, or ours; "" if nobody ever did
}

func (e *endedError) Error() string {
	if e.words == "" {
		return fmt.Sprintf("nobody has logged in for %s yet; run \"rapport login %s\"", e.login, e.login)
	}
	return fmt.Sprintf("the login of %s has ended (%s); run \"rapport login %s\"", e.login, e.words, e.login)
}

func (e *endedError) Is(target error) bool { return target == ErrEnded }

func (s *Source) ended(words string) error { return &endedError{s.c.Name, words} }

// endOf is why a login has ended, if that is the error.
func endOf(err error) (words string, ended bool) {
	var e *endedError
	if errors.As(err, &e) {
		return e.words, true
	}
	return "", false
}

// told puts a provider's refusal into words with the next step. Secrets are
// cut out of them, should a provider send them back.
func (s *Source) told(err error, what string, secrets ...string) error {
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		return fmt.Errorf("%s for %s: %w", what, s.c.Name, withoutSecrets(err, secrets))
	}
	words := clean(refusal.ErrorCode, secrets)
	if d := clean(refusal.ErrorDescription, secrets); d != "" {
		words += ": " + d
	}
	if words == "" && refusal.Response != nil {
		words = clean(refusal.Response.Status, secrets)
	}
	switch refusal.ErrorCode {
	case "invalid_grant", "interaction_required", "login_required", "consent_required":
		if s.c.Flow != ClientCredentials {
			return s.ended("the provider says " + words)
		}
	case "invalid_client", "unauthorized_client":
		return fmt.Errorf("%s for %s: %w (%s); mend oauth.client_id or its secret, which may be over", what, s.c.Name, errClient, words)
	case "invalid_scope":
		return fmt.Errorf("%s for %s: the provider gives no such permission (%s); mend oauth.scopes, or add the permission to the client there", what, s.c.Name, words)
	case "access_denied":
		return fmt.Errorf("%s for %s: the login was refused in the browser (%s)", what, s.c.Name, words)
	case "expired_token":
		return fmt.Errorf("%s for %s: nobody entered the code in time; run the command again", what, s.c.Name)
	}
	return fmt.Errorf("%s for %s: the provider says %s", what, s.c.Name, words)
}

// withoutSecrets drops the question's address with all that stands in it.
func withoutSecrets(err error, secrets []string) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return errors.New(clean(err.Error(), secrets))
}

// clean makes a provider's words fit for a line of ours.
func clean(words string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			words = strings.ReplaceAll(words, secret, "…")
		}
	}
	words = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, ""))
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > 300 {
		words = string(runes[:300]) + "…"
	}
	return words
}
