package threads

import (
	"sort"
	"time"
)

// Thread is the conversation a message belongs to, inside one project.
type Thread struct {
	ID       string    `json:"id"`
	Project  string    `json:"project"`
	Subject  string    `json:"subject"` // of its oldest message that was not erased, without Re: and Fwd:
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated"`
	Messages int       `json:"messages"`
	Open     int       `json:"open_items"`
	People   []Address `json:"people,omitempty"`
}

// Erased reports whether all mail of the thread was erased: it has no subject any
// more, and nobody is left who wrote in it.
func (t Thread) Erased() bool { return t.Subject == "" && len(t.People) == 0 && t.Messages > 0 }

// Mention is a thread of the project in which one of a message's ids occurs,
// as a Message-ID or as a reference.
type Mention struct {
	Thread string
	ID     string
}

// Place decides the thread of a message from the threads of its project that
// mention its own Message-ID or one of its references. It returns "" for a new
// thread, else the thread to join and those to be merged into it.
//
// Two messages are of one thread when a chain of shared ids connects them; that
// is the relation of RFC 5256 REFERENCES without its grouping by subject. It
// does not depend on the order of arrival, joins on ancestors that were never
// received, and a loop in the references is only one more mention.
func Place(mentions []Mention) (join string, merge []string) {
	seen := map[string]bool{}
	var ids []string
	for _, m := range mentions {
		if m.Thread != "" && !seen[m.Thread] {
			seen[m.Thread] = true
			ids = append(ids, m.Thread)
		}
	}
	if len(ids) == 0 {
		return "", nil
	}
	sort.Strings(ids) // ids sort by age: the oldest thread stays
	return ids[0], ids[1:]
}
