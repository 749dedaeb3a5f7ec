package store

import (
	"runtime"

	"golang.org/x/sync/errgroup"
)

// onAllProcessors runs do for each number below n, and returns its first error.
func onAllProcessors(n int, do func(i int) error) error {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		work.Go(func() error { return do(i) })
	}
	return work.Wait()
}
