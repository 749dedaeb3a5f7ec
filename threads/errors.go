package threads

import "errors"

// The sentinels that rooms tell apart. Everything else is wrapped text; one
// table in cmd/rapport maps these to exit codes and one in web to HTTP status.
var (
	// ErrNotFound: the named project, thread, message, item or report is not in the archive.
	ErrNotFound = errors.New("not found")
	// ErrAmbiguous: a shortened id fits more than one thing.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrFenced: another process has taken over the mailbox or the delivery; what was begun must be dropped.
	ErrFenced = errors.New("taken over by another process")
	// ErrNotApproved: the letter or draft has no approval for exactly these bytes.
	ErrNotApproved = errors.New("not approved")
	// ErrConflict: the thing is in a state that forbids the step, for example an approved report that is already sent.
	ErrConflict = errors.New("that is not possible now")
	// ErrFull: the archive had no room for what was to be written, and is as it was before.
	ErrFull = errors.New("the disk that the archive is on is full; make room there")
)
