package servers

import (
	"math/rand/v2"
	"net"
	"testing"
)

// Ports of our servers lie below those that Linux gives to connections and to
// listeners that ask for any port (ip_local_port_range): such a one would be
// taken by somebody between its choice and the start of the server.
const firstPort, endPort = 20000, 32768

// freePort returns a port of 127.0.0.1 that nobody listens on. Until the test
// ends it is given to no other server of these tests, in whatever process, also
// while its own server is not up: the same port of UDP, which no server here
// uses, is held meanwhile.
func freePort(t testing.TB) int {
	t.Helper()
	for range endPort - firstPort {
		port := firstPort + rand.IntN(endPort-firstPort)
		held, err := net.ListenPacket("udp", loopback(port))
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", loopback(port))
		if err != nil {
			held.Close()
			continue
		}
		l.Close()
		t.Cleanup(func() { held.Close() })
		return port
	}
	t.Fatal("look for a free port: all are taken")
	return 0
}
