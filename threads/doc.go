// Package threads holds the words of Rapport as types: projects, messages,
// threads, items, answers, reports, letters and the log, with the rules that
// hold for them everywhere.
//
// It knows no database, no network and no mail format, and imports nothing but
// the standard library. Every other room speaks in these types, so a word has
// one meaning in code, tables, pages and documentation.
package threads
