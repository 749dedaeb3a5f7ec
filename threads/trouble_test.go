package threads

import "testing"

func TestTroubleIn(t *testing.T) {
	for words, want := range map[string]Trouble{
		"log in to imap.example.com:993: the server refuses the login: [AUTHENTICATIONFAILED] no. Next attempt in 5s.":        TroubleLogin,
		"connect to imap.example.com:993: dial tcp: lookup imap.example.com: no such host. Next attempt in 1s.":               TroubleName,
		"connect to 127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused":                                           TroubleRefused,
		"secure the connection to mail.example.com:465: tls: failed to verify certificate: x509: certificate has expired":     TroubleCertificate,
		"log in to imap.gmail.com:993: oauth2: \"invalid_grant\"; the login by token is over: run \"rapport login projects\"": TroubleToken,
		"Another process reads this mailbox. It is taken over when that process stops.":                                       TroubleTaken,
		"open the folder Rapports at imap.example.com:993: NO Mailbox doesn't exist":                                          TroubleFolder,
		"given up after 30 attempts; the last said: 451 later":                                                                TroubleGivenUp,
		"read tcp 10.0.0.1:993: i/o timeout":                                                                                  TroubleTime,
		"unexpected EOF":                                                                                                      TroubleEnded,
		ReleasedAgain + "mara":                                                                                                TroubleReleased,
		"something new":                                                                                                       OtherTrouble,
	} {
		if got := TroubleIn(words); got != want {
			t.Errorf("%q is %s, want %s", words, got, want)
		}
	}
}
