package compose

import "rapport/threads"

// mayAnswer is why a mail must not be answered by a machine, with our words for
// it; "" if it may be. Whoever answers machines makes a loop, and whoever answers
// strangers can be made to write to anybody (RFC 3834 section 2).
func mayAnswer(m *threads.Message, dir *threads.Directory) (threads.Brake, string) {
	project := dir.Project(m.Project)
	var verdict threads.Verdict
	if m.Authentication != nil {
		verdict = m.Authentication.Verdict
	}
	switch {
	case m.Direction != threads.In || dir.IsOurs(m.From.Address):
		return threads.BrakeOurs, "it is our own mail"
	case m.Class != threads.ClassPerson:
		return threads.BrakeMachine, "a machine has written the mail: " + m.ClassReason
	case m.Sender != nil:
		return threads.BrakeStranger, "the mail came by way of somebody else, and its author may not know of it"
	case project == nil || !project.Belongs(m.From.Address):
		return threads.BrakeStranger, "the sender does not belong to the project"
	case verdict == threads.Forged || verdict != threads.Authentic && project.Contact(m.From.Address) == nil:
		return threads.BrakeStranger, "nothing proves that the sender has written it" // of a contact we know at least that the address is theirs
	}
	if _, err := cleanAddress(m.From); err != nil {
		return threads.BrakeStranger, "no mail can be sent to the sender: " + err.Error()
	}
	return "", ""
}
