package ingest

import (
	"context"
	"sync"
)

// inStages works on batches in three steps at the same time: while one is
// filed, the next is parsed and the one after it is fetched. What was fetched is
// filed even when fetching then fails; when filing fails, the rest is dropped.
func inStages[T any](ctx context.Context, fetch func(context.Context, func(T)) error, parse func(*T), file func(T) error) error {
	fetching, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	fetched, ready := make(chan T), make(chan T)
	var fetchErr, fileErr error
	var steps sync.WaitGroup
	steps.Go(func() {
		defer close(fetched)
		fetchErr = fetch(fetching, func(b T) { fetched <- b })
	})
	steps.Go(func() {
		defer close(ready)
		for b := range fetched {
			parse(&b)
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
	if fileErr != nil {
		return fileErr
	}
	return fetchErr
}
