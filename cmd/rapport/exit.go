package main

import (
	"errors"
	"fmt"

	"rapport/cmd/rapport/config"
	"rapport/threads"
)

// The exit codes, which scripts may rely on.
const (
	exitOK       = 0
	exitFailed   = 1 // something went wrong; the message says what and what to do
	exitUsage    = 2 // the command line or the configuration is wrong
	exitNotFound = 3 // no such project, thread, message, item or report
	exitBlocked  = 4 // the check of a draft found errors, or the approval is for other bytes
	exitConflict = 5 // the thing is in a state that forbids the step, or another process has it
)

// errBlocked: findings forbid the step; they have been printed.
var errBlocked = errors.New("the draft has errors and cannot be approved; mend them and check it again")

// usageError is a mistake on the command line that the parser cannot see.
type usageError struct{ words string }

func (e usageError) Error() string { return e.words }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// next adds what to do to an error of the kind that it helps with.
func next(err, kind error, step string) error {
	if errors.Is(err, kind) {
		return fmt.Errorf("%w; %s", err, step)
	}
	return err
}

// exits is the one table from errors to exit codes.
var exits = []struct {
	err  error
	code int
}{
	{threads.ErrNotFound, exitNotFound},
	{threads.ErrAmbiguous, exitUsage},
	{threads.ErrNotApproved, exitBlocked},
	{errBlocked, exitBlocked},
	{threads.ErrConflict, exitConflict},
	{threads.ErrFenced, exitConflict},
}

func exitCode(err error) int {
	var problems config.Problems
	var usage usageError
	var filter *threads.UnknownChoice
	if errors.As(err, &problems) || errors.As(err, &usage) || errors.As(err, &filter) {
		return exitUsage
	}
	for _, e := range exits {
		if errors.Is(err, e.err) {
			return e.code
		}
	}
	return exitFailed
}
