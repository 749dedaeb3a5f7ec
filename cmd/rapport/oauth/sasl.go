package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/emersion/go-sasl"
)

// xoauth2 is the mechanism of Google and Microsoft, which came before RFC 7628.
type xoauth2 struct{ username, token string }

func (x xoauth2) Start() (mechanism string, response []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.username + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x xoauth2) Next(challenge []byte) ([]byte, error) { return nil, refusal(challenge) }

// bearer is RFC 7628 with an error that says what the server said.
type bearer struct{ sasl.Client }

func (b bearer) Next(challenge []byte) ([]byte, error) { return nil, refusal(challenge) }

// refusal is what a challenge says: it only comes when the token is refused. The
// exchange is left unfinished, since go-imap would not send the empty answer that
// XOAUTH2 wants then, but "=", of which servers say no more than that it is no
// base64.
func refusal(challenge []byte) error {
	var said struct {
		Status string `json:"status"`
	}
	if json.Unmarshal(challenge, &said) != nil || said.Status == "" {
		said.Status = "no reason"
	}
	return fmt.Errorf("%w: %s", ErrRefused, clean(said.Status, nil))
}

// ErrRefused: the mail server refuses the token.
var ErrRefused = errors.New("the server refuses the token")

// SASL is the mechanism, "XOAUTH2" or "OAUTHBEARER", with a token that is valid
// now, for a login to the server at address.
func (s *Source) SASL(ctx context.Context, mechanism, address string) (sasl.Client, error) {
	token, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	if mechanism != sasl.OAuthBearer {
		return xoauth2{s.c.Username, token}, nil
	}
	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)
	return bearer{sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: s.c.Username, Token: token, Host: host, Port: number})}, nil
}
