package threads

import "time"

// SignIn is how somebody proves who they are.
type SignIn string

// The ways to sign in.
const (
	ByPassword SignIn = "password"
	ByLink     SignIn = "link" // a link that was mailed
	ByProvider SignIn = "oidc" // another organisation's sign-in
)

// Account is what is kept of a person beside the configuration.
type Account struct {
	Login    string    // in lower case
	Password string    // its hash with the parameters; "" if there is none
	Disabled time.Time // zero while the person may come in
	Changed  time.Time // when the password was set; zero if never
}

// Session is one browser in which somebody is signed in.
type Session struct {
	Token string // hex SHA-256 of what the browser has
	Login string
	How   SignIn
	Began time.Time
	Seen  time.Time // the last request, to the minute
}

// SignInLink is a link that was mailed to somebody. It works once, until it
// ends, in the browser that asked for it.
type SignInLink struct {
	Token   string // hex SHA-256 of what the link has
	Browser string // hex SHA-256 of what the browser has that asked
	Login   string
	Ends    time.Time
}

// AccessPrefix begins the id of an access.
const AccessPrefix = 'a'

// AccessQuery asks for events, the latest first. Reads adds what people looked
// at to what happened at the door.
type AccessQuery struct {
	Login string // "" for everybody's
	Reads bool
	Limit int
}

// Access is one event: somebody came to the door, or looked at something.
type Access struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Type    EntryType `json:"type"`
	Login   string    `json:"login"`
	How     SignIn    `json:"how,omitempty"`
	Address string    `json:"address,omitempty"` // of the network; "" for the command line
	Detail  string    `json:"detail,omitempty"`  // why somebody was not let in, or the address of what they looked at
}
