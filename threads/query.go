package threads

import "time"

// ThreadQuery asks for a project's threads, the latest first. Before is the id
// of the last thread of the page before, "" for the first page.
type ThreadQuery struct {
	Project string
	Limit   int
	Before  string
}

// ItemQuery asks for items, the latest first. An empty field does not
// restrict; Open leaves only those that wait for an answer.
type ItemQuery struct {
	Project string
	Message string
	Thread  string
	Report  string // id of one that they are about, or that carried their answer
	Kind    Kind
	Open    bool
	Needed  string // a civil day: open ones only, what is needed most on it first: late, urgent, soon due, old
	Limit   int    // 0 for all of a message, thread or report, and the usual number of others
}

// Waiting is how much a client waits for on a day.
type Waiting struct {
	Open   int
	Urgent int
	Late   int
	Kinds  map[Kind]int
}

// SearchQuery asks for mail with these words, the latest first. Project ""
// means all projects. A query without words means all mail; one of signs only,
// in which no word is, means none.
type SearchQuery struct {
	Text    string
	Project string
	From    time.Time // received from then on; zero for no bound
	To      time.Time // received before; zero for no bound
	Before  string    // id of a mail: only what stands behind it, "" for the latest
	Limit   int
}

// How much mail is counted that fits a search: to count all would take longer
// than to find the latest. Words in a row are looked for in each mail by itself.
const (
	MostCounted = 10000
	MostPhrases = 1000
)

// Hit is one mail found: a piece of its text as plain text, and the byte ranges
// in it that fit the query.
type Hit struct {
	Message Message  `json:"message"`
	Snippet string   `json:"snippet"`
	Marks   [][2]int `json:"marks"`
}

// LogRow is one line of the log: Line is exactly what the tree hashes.
type LogRow struct {
	Index int64
	Line  []byte
}
