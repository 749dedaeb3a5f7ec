// Package ingest brings mail in: from fetched or imported bytes to a message
// that is filed in its project, or that waits in the tray.
//
// What comes in is raw mail, from an IMAP folder (Poller) or from files
// (Import). What goes out is a threads.Filing for each, handed to the archive
// together with the place in the mailbox up to which it was read, in one
// transaction. Promised:
//
//   - Nothing is lost and nothing is twice, wherever the program is stopped:
//     the state is (mailbox, UIDVALIDITY, UID) and is committed with the mail.
//     Flags on the server are never the state, and nothing on the server is
//     changed before the commit.
//   - A sender who does not belong to a project is never let into it, whatever
//     token, references or subject the mail carries. Such mail, and all that
//     is not certain, waits in the tray with its cause in words.
//   - No mail, however broken, stops another.
//
// The package knows no IMAP library (see ingest/imap) and no database.
package ingest
