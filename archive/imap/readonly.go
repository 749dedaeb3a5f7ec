package imap

import (
	"bytes"
	"net"
)

// readOnly is a connection on which folders are opened for reading only, however
// they are asked for. The library answers SELECT with READ-WRITE (go-imap
// v2.0.0-beta.8, imapserver/select.go), whatever the session says.
type readOnly struct {
	net.Conn
	selecting bool // the answer to SELECT comes next; one goroutine sets it, and writes
}

// Between a session's Select and the end of the answer stand lines without any
// text of a mail, each written at once.
var (
	saysWritable = []byte(" OK [READ-WRITE] SELECT completed\r\n")
	saysReadable = []byte(" OK [READ-ONLY] SELECT completed\r\n")
)

func (c *readOnly) Write(b []byte) (int, error) {
	line, is := bytes.CutSuffix(b, saysWritable)
	if !c.selecting || !is {
		return c.Conn.Write(b)
	}
	c.selecting = false
	if _, err := c.Conn.Write(append(bytes.Clone(line), saysReadable...)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// readers makes all connections of a listener so.
type readers struct{ net.Listener }

func (l readers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &readOnly{Conn: conn}, nil
}
