// Package templates holds what people see before their own words are in it:
// the pages, the letters and the skeletons of reports, embedded as files.
//
// Nothing comes in but the files beside it; what goes out are their bytes. It
// imports nothing of ours, so that whoever renders decides what they mean.
package templates
