package threads

import "testing"

func TestWhoseWordsADeliveryHas(t *testing.T) {
	for words, server := range map[string]bool{
		"250 2.0.0 Ok: queued as 1B3C798E02E": true, "550 no such user": true, "5.1.1 unknown": true, "smtp; 550 5.1.1 unknown": true, "421-4.3.0 going down": true,
		"": false, "dial tcp 127.0.0.1:25: connect: connection refused": false, "waits for the client's hours": false, "2500 mails": false, "127.0.0.1 is not there": false,
		"the connection ended after the letter was given and before the server answered: EOF": false,
	} {
		if d := (Delivery{State: Bounced, Words: words}); !d.ServerSaid() {
			t.Errorf("%q stands in a bounce", words)
		}
		if d := (Delivery{Words: words}); d.ServerSaid() != server {
			t.Errorf("%q is the server's: %v", words, !server)
		}
	}
}
