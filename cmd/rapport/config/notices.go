package config

import "rapport/threads"

// Notices is the mail that Rapport sends by itself.
type Notices struct {
	Brakes Brakes `yaml:"brakes"`
}

// Brakes are how much of it may go out.
type Brakes struct {
	PeerPerDay   int `yaml:"peer_per_day"`
	OwnPerDay    int `yaml:"own_per_day"`
	ThreadPerDay int `yaml:"thread_per_day"`
	PerHour      int `yaml:"per_hour"`
}

// Limits are the brakes in the words of the house.
func (b Brakes) Limits() threads.BrakeLimits {
	return threads.BrakeLimits{Peer: b.PeerPerDay, Own: b.OwnPerDay, Thread: b.ThreadPerDay, Total: b.PerHour}
}

func (c *Config) noticeDefaults() {
	b := &c.Notices.Brakes
	or(&b.PeerPerDay, 2)
	or(&b.OwnPerDay, 30)
	or(&b.ThreadPerDay, 2)
	or(&b.PerHour, 60)
}

func (k *checker) notices() {
	b := k.c.Notices.Brakes
	for key, n := range map[string]int{"peer_per_day": b.PeerPerDay, "own_per_day": b.OwnPerDay, "thread_per_day": b.ThreadPerDay, "per_hour": b.PerHour} {
		if n < 0 {
			k.problem("notices.brakes."+key, "is less than nothing", "write how many mails may be sent by themselves, 1 at least")
		}
	}
}
