package ingest

import (
	"rapport/mail"
	"rapport/threads"
)

func address(a mail.Address) threads.Address {
	return threads.Address{Name: a.Name, Address: a.Address}
}

func addresses(list []mail.Address) []threads.Address {
	var out []threads.Address
	for _, a := range list {
		out = append(out, address(a))
	}
	return out
}

func faults(list []mail.Fault) []threads.Fault {
	var out []threads.Fault
	for _, f := range list {
		out = append(out, threads.Fault{Code: f.Code, Detail: f.Detail})
	}
	return out
}

func attachments(parts []mail.Part) []threads.Attachment {
	var out []threads.Attachment
	for _, p := range parts {
		out = append(out, threads.Attachment{
			Part: p.Path, Name: p.Name, Type: p.Type, Size: p.Size, SHA256: p.SHA256, ContentID: p.ContentID,
		})
	}
	return out
}
