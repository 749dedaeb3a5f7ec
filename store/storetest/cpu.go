package storetest

import (
	"syscall"
	"time"
)

// cpu is the processor time that this process has used. Unlike the clock, it
// says the same on a machine that is busy with other things.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
