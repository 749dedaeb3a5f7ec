package mail

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxEvents bounds the events told of one invitation.
const maxEvents = 20

// invitations tells what calendar parts say and the text does not: what, when,
// where, who. words is the description of the first of them, as its author
// wrote it.
func (p *parser) invitations(text string) (told, words string) {
	var all []string
	for i := range p.parts {
		part := &p.parts[i]
		if part.Type != "text/calendar" && part.Type != "application/ics" || len(all) >= maxEvents {
			continue
		}
		event, description := readCalendar(part.Body, part.Charset)
		if event == "" || strings.Contains(text, event) || slices.Contains(all, event) {
			continue
		}
		if len(all) == 0 {
			words = description
		}
		all = append(all, event)
	}
	return strings.Join(all, "\n\n"), words
}

// event is one component of RFC 5545 for people to read.
type event struct {
	summary, location, organizer, description string
	start, end, rule, status                  string // status: of the attendee that answers
}

// readCalendar tells a calendar's events in words.
func readCalendar(body []byte, charset string) (words, description string) {
	if charset == "" && utf8.Valid(body) {
		charset = "utf-8"
	}
	text, _ := readText(body, charset, nil)
	method, events := parseCalendar(cleanLines(text))
	var all []string
	for _, e := range events {
		all = append(all, e.words(method))
		if description == "" {
			description = strings.TrimSpace(e.description)
		}
	}
	return strings.Join(all, "\n\n"), description
}

func parseCalendar(text string) (method string, events []event) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n ", ""), "\n\t", "") // section 3.1
	var e *event
	kind, alarm := "", false
	for line := range strings.SplitSeq(text, "\n") {
		name, params, value := calendarLine(line)
		switch name {
		case "METHOD":
			method = strings.ToUpper(strings.TrimSpace(value))
		case "BEGIN":
			switch value = strings.ToUpper(strings.TrimSpace(value)); {
			case e == nil && forPeople(value) && len(events) < maxEvents:
				events = append(events, event{})
				e, kind = &events[len(events)-1], value
			case value == "VALARM":
				alarm = true
			}
		case "END":
			switch strings.ToUpper(strings.TrimSpace(value)) {
			case "VALARM":
				alarm = false
			case kind:
				e, kind = nil, ""
			}
		default:
			if e != nil && !alarm {
				e.set(name, params, value)
			}
		}
	}
	return method, events
}

// forPeople reports whether a component is one to read, an event, a task or a
// note (RFC 5545 section 3.6): the others tell zones, alarms and busy times.
func forPeople(component string) bool {
	switch component {
	case "VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VFREEBUSY":
		return false
	}
	return true
}

func (e *event) set(name, params, value string) {
	switch name {
	case "SUMMARY":
		e.summary = calendarText(value)
	case "LOCATION":
		e.location = calendarText(value)
	case "DESCRIPTION":
		e.description = calendarText(value)
	case "ORGANIZER":
		e.organizer = calendarPerson(params, value)
	case "ATTENDEE":
		if status := calendarParam(params, "PARTSTAT"); status != "" {
			e.status = strings.ToLower(status)
		}
	case "DTSTART":
		e.start = calendarTime(params, value)
	case "DTEND", "DUE":
		e.end = calendarTime(params, value)
	case "RRULE":
		e.rule = strings.ToLower(calendarParam(value, "FREQ"))
	}
}

// words tells an event in lines.
func (e event) words(method string) string {
	title := "Invitation"
	switch {
	case method == "CANCEL":
		title = "Cancelled"
	case method == "REPLY" && e.status != "":
		title = strings.ToUpper(e.status[:1]) + e.status[1:]
	case method == "" || method == "PUBLISH":
		title = "Event"
	case method == "COUNTER":
		title = "New time proposed"
	}
	lines := []string{title + ": " + fold(e.summary)}
	if e.start != "" {
		when := "When: " + e.start
		if e.end != "" {
			when += " to " + e.end
		}
		if e.rule != "" {
			when += ", repeated " + e.rule
		}
		lines = append(lines, when)
	}
	if e.location != "" {
		lines = append(lines, "Where: "+fold(e.location))
	}
	if e.organizer != "" {
		lines = append(lines, "Organizer: "+e.organizer)
	}
	return strings.Join(lines, "\n")
}

// calendarLine splits "NAME;PARAM=x:value"; quoted parameters may have colons.
func calendarLine(line string) (name, params, value string) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				name, params, _ = strings.Cut(line[:i], ";")
				return strings.ToUpper(name), params, line[i+1:]
			}
		}
	}
	return "", "", ""
}

func calendarParam(params, name string) string {
	for p := range strings.SplitSeq(params, ";") {
		if key, value, ok := strings.Cut(p, "="); ok && strings.EqualFold(key, name) {
			return clean(strings.Trim(value, `"`))
		}
	}
	return ""
}

func calendarPerson(params, value string) string {
	address := value
	if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
		address = value[7:]
	}
	if name := calendarParam(params, "CN"); name != "" && name != address {
		return fold(name) + " <" + fold(clean(address)) + ">"
	}
	return fold(clean(address))
}

// calendarTime writes a time for people, with the zone that it names.
func calendarTime(params, value string) string {
	value = strings.TrimSpace(value)
	if t, err := time.Parse("20060102T150405Z", value); err == nil {
		return t.Format("Mon, 2 Jan 2006 15:04") + " UTC"
	}
	if t, err := time.Parse("20060102T150405", value); err == nil {
		s := t.Format("Mon, 2 Jan 2006 15:04")
		if zone := calendarParam(params, "TZID"); zone != "" {
			s += " (" + cutText(fold(zone), 60) + ")"
		}
		return s
	}
	if t, err := time.Parse("20060102", value); err == nil {
		return t.Format("Mon, 2 Jan 2006")
	}
	return cutText(clean(value), 60)
}

// calendarText undoes the escapes of section 3.3.11.
func calendarText(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(s)
}
