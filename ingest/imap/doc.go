// Package imap reads a folder on an IMAP server for ingest.Poller, with
// go-imap v2.
//
// What comes in is a server's address and a login; what goes out is an
// ingest.Session. Promised: every step has a deadline, after which the raw
// connection is closed; a server cannot make us take more bytes than we asked
// for; a mail that was cut off on its way is an error and never a shorter mail;
// flags are never read and, unless the folder policy says so, never changed.
//
// The traps of go-imap that this package steps around are named where it does
// so. Only UID, INTERNALDATE, RFC822.SIZE and BODY.PEEK[] are ever asked for:
// ENVELOPE and BODYSTRUCTURE are where servers break.
package imap
