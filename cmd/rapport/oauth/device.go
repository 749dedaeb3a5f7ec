package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"
)

// byDevice shows a code that somebody enters in a browser, and asks until it
// was done (RFC 8628).
func (s *Source) byDevice(ctx context.Context, t Terminal) (*oauth2.Token, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	asking := s.asking(ctx)
	device, err := c.DeviceAuth(asking)
	if err != nil {
		return nil, s.told(err, "ask for a code", c.ClientSecret)
	}
	if device.DeviceCode == "" || device.UserCode == "" || device.VerificationURI == "" {
		return nil, fmt.Errorf("ask for a code for %s: the provider's answer has none", s.c.Name)
	}
	if device.Interval < 1 || device.Interval > 300 {
		device.Interval = 5 // section 3.5
	}
	fmt.Fprintf(t.Out, "Open this address in a browser, sign in as %s and enter the code:\n\n  %s\n  %s\n\n",
		clean(s.c.Username, nil), clean(device.VerificationURI, nil), clean(device.UserCode, nil))
	for {
		token, err := c.DeviceAccessToken(asking, device)
		var refusal *oauth2.RetrieveError
		switch {
		case err == nil:
			return token, nil
		case ctx.Err() != nil:
			return nil, fmt.Errorf("log in for %s: %w", s.c.Name, context.Cause(ctx))
		case !device.Expiry.IsZero() && time.Until(device.Expiry) <= 0: // the library's time, as it made it
			return nil, fmt.Errorf("log in for %s: nobody entered the code in time; run the command again", s.c.Name)
		case errors.As(err, &refusal) && (refusal.ErrorCode != "" || refusal.Response.StatusCode < 500):
			return nil, s.told(err, "log in", c.ClientSecret, device.DeviceCode)
		}
		// The network failed, or the provider is in trouble: section 3.5 wants us to ask again.
	}
}
