package demo

import (
	"crypto/subtle"
	"io"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one SMTP connection to the sink.
type session struct {
	servers    *Servers
	authorised bool
	recipients []string
}

var (
	errNeedsLogin = &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	errOutside    = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "The demo takes mail to .example addresses only"}
	errNotStored  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The letter could not be stored, try again later"}
)

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != Username || subtle.ConstantTimeCompare([]byte(password), []byte(s.servers.password)) != 1 {
			return smtp.ErrAuthFailed
		}
		s.authorised = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if !s.authorised {
		return errNeedsLogin
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !strings.HasSuffix(strings.ToLower(to), ".example") {
		return errOutside
	}
	s.recipients = append(s.recipients, to)
	return nil
}

// Data stores the letter; its file is named by its recipients.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.servers.accept(strings.Join(s.recipients, ","), raw); err != nil {
		return errNotStored
	}
	return nil
}

func (s *session) Reset()        { s.recipients = nil }
func (s *session) Logout() error { return nil }
