package threads

import "time"

// History is how a mail came to where it is filed.
type History struct {
	Source    string     // where an imported mail came from, "" for one that was fetched or sent
	Positions []Position // where it lay on a server, for each mailbox in which it was found
	Filed     time.Time
	Changes   []Change // what was decided about it by hand, the first in front
	Lines     []LogRow // what the log says of it, in its order
}

// ItemHistory is what became of an item.
type ItemHistory struct {
	Answers []Answer // every one, the first in front; erased ones have no words
	Changes []Change // what was decided by hand about its mail, the first in front
	Lines   []LogRow // what the log says of it, in its order
}
