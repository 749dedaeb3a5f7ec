package main

import (
	"context"
	"time"
)

// repeatedly does something at once and then again and again, until ctx ends.
// Trouble is told, and ends nothing.
func repeatedly(ctx context.Context, every time.Duration, do func() error, trouble func(error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := do(); err != nil && ctx.Err() == nil {
			trouble(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
