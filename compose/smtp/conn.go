package smtp

import (
	"errors"
	"net"
)

// longestAnswer is what a server may say between two things that we say: a
// certificate chain is the longest.
const longestAnswer = 1 << 20

var errTalkative = errors.New("the server does not stop talking")

// limited is a connection over which a server cannot fill our memory: lines of
// an answer are kept until the last has come.
type limited struct {
	net.Conn
	read int // since the last write
}

func (c *limited) Read(p []byte) (int, error) {
	if c.read > longestAnswer {
		return 0, errTalkative
	}
	n, err := c.Conn.Read(p)
	c.read += n
	return n, err
}

func (c *limited) Write(p []byte) (int, error) {
	c.read = 0
	return c.Conn.Write(p)
}
