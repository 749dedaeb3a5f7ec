package threads

import "time"

// Folder is a project's mail as an IMAP server shows it.
type Folder struct {
	UIDValidity uint32
	UIDNext     uint32
	Mails       []FolderMail // by UID
}

// FolderMail is a mail in a folder.
type FolderMail struct {
	UID       uint32
	ID        string
	Direction Direction
	Size      int64
	Received  time.Time
}
