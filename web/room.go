package web

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of the memory that whole mails take while pages are made of them: as
// they came, taken apart, and as an answer that a slow reader fetches.
const (
	roomForMails = 512 << 20 // bytes, of all requests together
	copiesOfMail = 4
	smallMail    = 256 << 10 // is shown at once: what waits for room holds up no ordinary mail
	roomWait     = 10 * time.Second
)

// errCrowded says that too many large mails are being read.
var errCrowded = errors.New("too many large mails at once")

// take waits for room for a mail of so many bytes, and keeps it until the request
// is answered.
func (v *visit) take(size int64) error {
	if size <= smallMail {
		return nil
	}
	bytes := min(size*copiesOfMail, roomForMails)
	ctx, cancel := context.WithTimeout(v.Context(), roomWait)
	defer cancel()
	if err := v.s.room.Acquire(ctx, bytes); err != nil {
		return fmt.Errorf("%w: %w", errCrowded, err)
	}
	v.roomTaken += bytes
	return nil
}
