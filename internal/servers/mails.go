package servers

import (
	"os"
	"strconv"
)

// Mails is how many mails a benchmark works on: what MAILS in the environment
// says, else the usual number, with which the benchmarks end in minutes.
func Mails(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("MAILS")); err == nil && n > 0 {
		return n
	}
	return usual
}

// Archive is the archive that a benchmark fills: that of the address in
// ARCHIVE_OF_BENCHMARKS, which stays and is filled once, or a fresh one.
func Archive(fresh func() string) string {
	if url := os.Getenv("ARCHIVE_OF_BENCHMARKS"); url != "" {
		return url
	}
	return fresh()
}
