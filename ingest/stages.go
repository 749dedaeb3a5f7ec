package ingest

import (
	"context"
	"sync"
)

// inStages works on batches in three steps at the same time: while one is
// filed, the next is prepared and the one after it is fetched. What was fetched
// is filed even when fetching then fails; after another failure the rest is
// dropped.
func inStages[T any](ctx context.Context, fetch func(context.Context, func(T)) error, prepare func(*T) error, file func(T) error) error {
	fetching, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	fetched, ready := make(chan T), make(chan T)
	var fetchErr, prepareErr, fileErr error
	var steps sync.WaitGroup
	steps.Go(func() {
		defer close(fetched)
		fetchErr = fetch(fetching, func(b T) { fetched <- b })
	})
	steps.Go(func() {
		defer close(ready)
		for b := range fetched {
			if prepareErr != nil {
				continue
			}
			if prepareErr = prepare(&b); prepareErr != nil {
				stop(prepareErr)
				continue
			}
			ready <- b
		}
	})
	for b := range ready {
		if fileErr != nil {
			continue
		}
		if fileErr = file(b); fileErr != nil {
			stop(fileErr)
		}
	}
	steps.Wait()
	for _, err := range []error{fileErr, prepareErr} {
		if err != nil {
			return err
		}
	}
	return fetchErr
}
