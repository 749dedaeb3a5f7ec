package config

import (
	"fmt"
	"net"
)

// Metrics are figures for Prometheus.
type Metrics struct {
	Listen string `yaml:"listen"` // "" for none
}

func (k *checker) metrics() {
	m := k.c.Metrics
	if m.Listen == "" {
		return
	}
	if _, _, err := net.SplitHostPort(m.Listen); err != nil {
		k.problem("metrics.listen", fmt.Sprintf("%q is no address with a port", m.Listen), "write it as 127.0.0.1:9470")
	} else if m.Listen == k.c.Web.Listen {
		k.problem("metrics.listen", "is the address of the pages", "choose another port")
	}
}
