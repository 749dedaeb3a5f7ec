package threads

import "strings"

// Trouble is the kind of what keeps mail from coming or going. What went wrong is
// kept as it was said, in English and with the server's own words; the kind tells
// it, with the next step, to those who read another language.
type Trouble string

// The kinds of trouble. OtherTrouble is what no other kind fits.
const (
	TroubleUnread       Trouble = "unread"
	TroubleUnconfigured Trouble = "unconfigured"
	TroubleOwed         Trouble = "owed"
	TroubleTaken        Trouble = "taken"
	TroubleReleased     Trouble = "released"
	TroubleSilent       Trouble = "silent-sender"
	TroubleGivenUp      Trouble = "given-up"
	TroubleResent       Trouble = "resent"
	TroubleCopy         Trouble = "copy"
	TroubleCertificate  Trouble = "certificate"
	TroubleName         Trouble = "name"
	TroubleRefused      Trouble = "refused"
	TroubleCrowded      Trouble = "crowded"
	TroubleToken        Trouble = "token"
	TroubleLogin        Trouble = "login"
	TroubleFolder       Trouble = "folder"
	TroubleTime         Trouble = "time"
	TroubleEnded        Trouble = "ended"
	OtherTrouble        Trouble = "other"
)

// troubles are words by which each kind is known, in lower case, the surest first:
// what we say ourselves, then what a connection meets, then what a server says.
var troubles = []struct {
	kind Trouble
	said []string
}{
	{TroubleUnread, []string{"it was never read;"}},
	{TroubleUnconfigured, []string{"it is no longer in the configuration"}},
	{TroubleOwed, []string{" is owed since ", "--json lists them all"}},
	{TroubleTaken, []string{"another process reads this mailbox"}},
	{TroubleReleased, []string{ReleasedAgain}},
	{TroubleSilent, []string{"the sender did not tell what became of it"}},
	{TroubleGivenUp, []string{"given up after "}},
	{TroubleResent, []string{"sent again with the same bytes"}},
	{TroubleCopy, []string{"our copy was refused", "found in our mailbox"}},
	{TroubleCertificate, []string{"certificate"}},
	{TroubleName, []string{"no such host"}},
	{TroubleRefused, []string{"connection refused"}},
	{TroubleToken, []string{"login by token", "get a token for", "invalid_grant", `run "rapport login`}},
	{TroubleCrowded, []string{"too many", "maximum number of connections"}},
	{TroubleLogin, []string{"log in to ", "refuses the login"}},
	{TroubleFolder, []string{"open the folder "}},
	{TroubleTime, []string{"no answer within", "has said nothing for", "took more than", "i/o timeout", "deadline exceeded"}},
	{TroubleEnded, []string{"ended the connection", "connection reset", "broken pipe", "eof"}},
}

// Troubles are all kinds.
func Troubles() []Trouble {
	all := []Trouble{OtherTrouble}
	for _, t := range troubles {
		all = append(all, t.kind)
	}
	return all
}

// TroubleIn is the kind of what these words tell.
func TroubleIn(words string) Trouble {
	words = strings.ToLower(words)
	for _, t := range troubles {
		for _, said := range t.said {
			if strings.Contains(words, said) {
				return t.kind
			}
		}
	}
	return OtherTrouble
}
