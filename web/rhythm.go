package web

import (
	"strconv"

	"rapport/threads"
)

// rhythm says in words when reports are due.
func (v *visit) rhythm(r threads.Rhythm) string {
	if r.Every == "" {
		return v.lang.t("rhythm.none")
	}
	at := ""
	if r.At != "" {
		at = v.lang.t("every.at", r.At)
	}
	return v.lang.t("every."+r.Every, v.lang.t("weekday."+strconv.Itoa(int(r.Weekday))), at)
}
