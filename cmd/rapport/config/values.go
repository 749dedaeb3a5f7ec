package config

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes, written as "25MB" or "512KB".
type Size int64

// UnmarshalText reads "25MB"; a unit is 1,024 times the one before.
func (s *Size) UnmarshalText(b []byte) error {
	text := strings.ToUpper(strings.TrimSpace(string(b)))
	for i, unit := range []string{"KB", "MB", "GB"} {
		if digits, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
			if err == nil && n > 0 {
				*s = Size(n << (10 * (i + 1)))
				return nil
			}
		}
	}
	return fmt.Errorf("%q is no size such as 25MB", b)
}

// String is the size as it may stand in the file.
func (s Size) String() string {
	if s%(1<<20) == 0 {
		return strconv.FormatInt(int64(s>>20), 10) + "MB"
	}
	return strconv.FormatInt(int64(s>>10), 10) + "KB"
}

// Zone is an IANA time zone.
type Zone struct{ *time.Location }

// UnmarshalText reads "Europe/London".
func (z *Zone) UnmarshalText(b []byte) error {
	location, err := time.LoadLocation(string(b))
	if err != nil || len(b) == 0 || string(b) == "Local" {
		return fmt.Errorf("%q is no time zone such as Europe/London or Asia/Shanghai", b)
	}
	z.Location = location
	return nil
}

// Weekday is a day of the week by its English name.
type Weekday struct {
	Set bool
	Day time.Weekday
}

// UnmarshalText reads "friday" or "Fri".
func (w *Weekday) UnmarshalText(b []byte) error {
	text := strings.ToLower(string(b))
	if text == "" {
		return nil // as the settings are shown when there is no rhythm
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if text == name || text == name[:3] {
			*w = Weekday{true, d}
			return nil
		}
	}
	return fmt.Errorf("%q is no day of the week such as friday", b)
}

// Start says from where on a mailbox is read when it is read for the first
// time: everything, only what is new from now on, or what came since a day.
type Start struct {
	All   bool
	Since time.Time // zero unless a day is given
}

// UnmarshalText reads "now", "all" or "2026-01-31".
func (s *Start) UnmarshalText(b []byte) error {
	switch text := string(b); text {
	case "now":
		*s = Start{}
	case "all":
		*s = Start{All: true}
	default:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return fmt.Errorf("%q is neither now, all nor a day such as 2026-01-31", b)
		}
		*s = Start{Since: day}
	}
	return nil
}

// String is the value as it may stand in the file.
func (s Start) String() string {
	switch {
	case s.All:
		return "all"
	case s.Since.IsZero():
		return "now"
	}
	return s.Since.Format(time.DateOnly)
}

// Server is a host with its port.
type Server string

// UnmarshalText reads "imap.example.com:993".
func (s *Server) UnmarshalText(b []byte) error {
	host, port, err := net.SplitHostPort(string(b))
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
		return fmt.Errorf("%q is no server with a port such as mail.example.com:993", b)
	}
	*s = Server(b)
	return nil
}

// Host is the server's name without its port.
func (s Server) Host() string {
	host, _, _ := net.SplitHostPort(string(s))
	return host
}
