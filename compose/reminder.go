package compose

import (
	"fmt"
	"time"

	"rapport/threads"
)

// Reminder tells a manager that a report is due soon, or late.
type Reminder struct {
	Project  *threads.Project
	Language string
	Due      time.Time // in the zone in which it is to be shown
	Late     bool
}

// Notice is the mail.
func (r *Reminder) Notice() threads.Notice {
	w := wordsOf(r.Language, r.Due.Year())
	key, kind := "due", threads.NoticeReminder
	if r.Late {
		key, kind = "late", threads.NoticeAlarm
	}
	day, at := w.day(r.Due.Format(time.DateOnly)), r.Due.Format("15:04")
	body := fmt.Sprintf("# %s\n\n%s\n\n- `rapport report new %s`\n- `rapport report check`\n- `rapport report approve`\n",
		Escaped(w.say("reminder."+key, r.Project.Name)), Escaped(w.say("reminder."+key+".words", r.Project.Client, day, at)), r.Project.Key)
	return threads.Notice{Kind: kind, Project: r.Project.Key, Subject: "[" + r.Project.Key + "] " + w.say("reminder."+key, r.Project.Name),
		Body: body, Language: r.Language}
}
