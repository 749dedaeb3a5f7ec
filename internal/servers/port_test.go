package servers

import (
	"fmt"
	"net"
	"os"
	"testing"
)

// Hundreds of servers that are chosen a port and are not up yet do not get the
// same one, and no connection is given one of them meanwhile.
func TestAPortIsGivenOnce(t *testing.T) {
	given := map[int]bool{}
	for range 400 {
		port := freePort(t)
		if given[port] {
			t.Fatalf("port %d was given twice", port)
		}
		given[port] = true
	}
	var low, high int
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		if _, err := fmt.Sscan(string(text), &low, &high); err != nil {
			t.Fatal(err)
		}
		for port := range given {
			if port >= low && port <= high {
				t.Errorf("port %d is among those of connections, %d to %d", port, low, high)
			}
		}
	}
}

// What somebody else listens on is not given, and with the end of the test a
// port is free again.
func TestAPortIsFreeAgain(t *testing.T) {
	var port int
	t.Run("a server's test", func(t *testing.T) {
		port = freePort(t)
		if c, err := net.ListenPacket("udp", loopback(port)); err == nil {
			c.Close()
			t.Errorf("port %d is not held", port)
		}
	})
	c, err := net.ListenPacket("udp", loopback(port))
	if err != nil {
		t.Fatalf("port %d is held for ever: %v", port, err)
	}
	c.Close()
}
