package compose

import (
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// Reminder tells a manager that a report is due soon, or late.
type Reminder struct {
	Project *threads.Project
	Due     time.Time // in the zone in which it is to be shown
	Late    bool
}

// Notice is the mail in a language.
func (r *Reminder) Notice(language string) threads.Notice {
	w := wordsOf(language, r.Due.Year())
	key, kind := "due", threads.NoticeReminder
	if r.Late {
		key, kind = "late", threads.NoticeAlarm
	}
	day, at := w.day(r.Due.Format(time.DateOnly)), r.Due.Format("15:04")
	body := fmt.Sprintf("# %s\n\n%s\n\n- `rapport report new %s`\n- `rapport report check`\n- `rapport report approve`\n",
		Escaped(w.say("reminder."+key, r.Project.Name)), Escaped(w.say("reminder."+key+".words", r.Project.Client, day, at)), r.Project.Key)
	return threads.Notice{Kind: kind, Project: r.Project.Key, Subject: "[" + r.Project.Key + "] " + w.say("reminder."+key, r.Project.Name),
		Body: body, Language: language}
}

// MissedReport tells a manager that nobody was there to send a report at its
// time, and that it waits to be released again.
type MissedReport struct {
	Project *threads.Project
	Report  string    // id
	SendAt  time.Time // in the zone in which it is to be shown
	Pages   string    // address of the pages, "" if they have none
}

// Notice is the mail in a language.
func (m *MissedReport) Notice(language string) threads.Notice {
	w := wordsOf(language, m.SendAt.Year())
	title := w.say("missed.title", m.Project.Name)
	body := fmt.Sprintf("# %s\n\n%s\n\n- `rapport report send %s`\n- `rapport report cancel %s`\n", Escaped(title),
		Escaped(w.say("missed.words", m.Project.Client, w.day(m.SendAt.Format(time.DateOnly)), m.SendAt.Format("15:04"))), m.Report, m.Report)
	if m.Pages != "" {
		body += "- <" + strings.TrimRight(m.Pages, "/") + "/r/" + m.Report + ">\n"
	}
	return threads.Notice{Kind: threads.NoticeAlarm, Project: m.Project.Key, Subject: "[" + m.Project.Key + "] " + title, Body: body, Language: language}
}
