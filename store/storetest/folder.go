package storetest

import (
	"fmt"
	"testing"

	"rapport/threads"
)

// folder is what mail programs see, as text: "uid id" by UID.
func (h *house) folder(project string) (f threads.Folder, mails string) {
	h.t.Helper()
	f, err := h.store.Folder(background, project)
	h.must(err)
	for _, m := range f.Mails {
		mails += fmt.Sprintf("%d %s ", m.UID, m.ID)
	}
	return f, mails
}

func folderUIDs(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "One."), mailOf("ACME", "b@x", "Two."), mailOf("TEA", "c@x", "Tea."), mailOf("", "d@x", "Tray."))
	a, b := filed[0].Message, filed[1].Message
	first, mails := h.folder("ACME")
	same(t, "a new folder", mails, "1 "+a+" 2 "+b+" ")
	if first.UIDValidity == 0 || first.UIDNext != 3 || first.Mails[0].Size == 0 || first.Mails[0].Received.IsZero() || first.Mails[0].Direction != threads.In {
		t.Errorf("the folder is %+v", first)
	}
	_, mails = h.folder("ACME")
	same(t, "the folder once more", mails, "1 "+a+" 2 "+b+" ")

	// A mail that leaves and comes back is a new one there, and a later one.
	f := mailOf("TEA", "a@x", "One.")
	f.Message.ID = a
	change, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, []threads.Filing{f})
	h.must(err)
	_, mails = h.folder("ACME")
	same(t, "without the mail that was moved", mails, "2 "+b+" ")
	_, mails = h.folder("TEA")
	same(t, "with the mail that was moved", mails, "1 "+a+" 2 "+filed[2].Message+" ")
	_, err = h.store.Undo(background, change.ID, "mara")
	h.must(err)
	last, mails := h.folder("ACME")
	same(t, "with the mail that came back", mails, "2 "+b+" 3 "+a+" ")
	same(t, "UIDVALIDITY", last.UIDValidity, first.UIDValidity)
	_, mails = h.folder("NOTHING")
	same(t, "a project without mail", mails, "")

	h.clock.pass(1e9)
	h.must(h.store.ForgetFolders(background))
	anew, _ := h.folder("ACME")
	if anew.UIDValidity == first.UIDValidity {
		t.Error("after a restored backup the UIDs count as the old ones")
	}
}

func concurrentFolders(t *testing.T, h *house) {
	for i := range 20 {
		h.file(mailOf("ACME", fmt.Sprintf("m%d@x", i), "One."))
	}
	seen := make([]string, 4)
	together(len(seen), func(i int) {
		f, err := h.store.Folder(background, "ACME")
		if err != nil {
			t.Error(err)
		}
		for _, m := range f.Mails {
			seen[i] += fmt.Sprintf("%d %s ", m.UID, m.ID)
		}
	})
	for _, mails := range seen {
		same(t, "what each sees", mails, seen[0])
	}
}
