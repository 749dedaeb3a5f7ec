package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"rapport/archive"
)

// crowd is a listener at which somebody is always waiting.
type crowd struct {
	in   []net.Conn // the others' ends of those that were let in
	shut chan struct{}
}

func (c *crowd) Accept() (net.Conn, error) {
	select {
	case <-c.shut:
		return nil, net.ErrClosed
	default:
	}
	if len(c.in) > 2*siteConnections {
		return nil, errors.New("far too many are let in")
	}
	ours, theirs := net.Pipe()
	c.in = append(c.in, theirs)
	return ours, nil
}

func (c *crowd) Close() error   { close(c.shut); return nil }
func (c *crowd) Addr() net.Addr { return &net.TCPAddr{} }

func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := newSite(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "here") }))
		l := &crowd{shut: make(chan struct{})}
		ended := make(chan error, 1)
		go func() { ended <- site.Serve(fewAtOnce(l)) }()
		synctest.Wait()
		if len(l.in) != siteConnections {
			t.Fatalf("%d connections are let in at a time", len(l.in))
		}
		if got := ask(t, l.in[0], "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); got != http.StatusOK {
			t.Errorf("who was let in is told %d", got)
		}
		synctest.Wait()
		if len(l.in) != siteConnections+1 {
			t.Errorf("one has left, %d were let in", len(l.in))
		}
		long := "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + strings.Repeat("a", siteHeader+8<<10) + "\r\n\r\n"
		if got := ask(t, l.in[1], long); got != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("a header of %d bytes: %d", len(long), got)
		}
		site.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		for _, c := range l.in {
			c.Close()
		}
	})
}

// ask writes a request, as far as it is read, and returns the answer's status.
func ask(t *testing.T, c net.Conn, request string) int {
	t.Helper()
	go io.WriteString(c, request)
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

// Who is asked cannot send us on to what stands in our own network.
func TestNobodyIsFollowedElsewhere(t *testing.T) {
	inside := 0
	network := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside++ }))
	for _, code := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		hostile := httptest.NewServer(http.RedirectHandler(network.URL, code))
		client := outsider(witnessTimeout)
		_, log := getter(hostile.URL)(t.Context(), "checkpoint")
		_, authority := (&archive.Authority{URL: hostile.URL, Client: client, Random: rand.Reader}).Stamp(t.Context(), archive.Checkpoint{})
		for who, err := range map[string]error{"log": log, "authority": authority} {
			if err == nil || !strings.Contains(err.Error(), strconv.Itoa(code)) {
				t.Errorf("the %s that answers %d: %v", who, code, err)
			}
		}
		answer, err := client.Post(hostile.URL+"/add-checkpoint", "text/plain", strings.NewReader("x"))
		if err != nil || answer.StatusCode != code {
			t.Fatalf("the witness that answers %d: %v", code, err)
		}
		answer.Body.Close()
		hostile.Close()
	}
	network.Close()
	if inside > 0 {
		t.Errorf("the network inside was asked %d times", inside)
	}
}
