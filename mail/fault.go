package mail

// maxFaults bounds the faults listed for one mail.
const maxFaults = 100

// faultList collects what was wrong, each fault once.
type faultList struct {
	faults []Fault
}

func (l *faultList) add(code, detail string) {
	if l == nil || len(l.faults) >= maxFaults {
		return
	}
	for _, f := range l.faults {
		if f.Code == code && f.Detail == detail {
			return
		}
	}
	l.faults = append(l.faults, Fault{Code: code, Detail: detail})
}
