// Package archive lets the archive prove itself: it signs checkpoints of the
// log, holds a store against its log, and packs and checks bundles that prove
// what is in them without Rapport.
//
// Lines of the log, tiles and rows come in through small interfaces; signed
// notes, findings and zip files go out. It promises that it never signs a log
// that does not continue the one it signed before, that it finds every row and
// every line that do not belong together, and that nothing it checks is trusted
// before it was checked. Forms are those of C2SP: tlog-checkpoint, tlog-tiles
// and tlog-proof over an RFC 6962 tree, signed notes with Ed25519.
package archive
