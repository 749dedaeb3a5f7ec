package main

import (
	"regexp"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// An auditor reads the archive with a mail program, and sees what the pages
// would show.
func TestTheArchiveAsFolders(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.configure("\nimap_archive: {listen: \"127.0.0.1:0\"}\n")
	o.user("add", "ruth")
	o.receive("ellen@harbourlane.example", "Vouchers")
	s := o.serve()
	address := ""
	eventually(t, "the archive listens for mail programs", func() bool {
		if found := regexp.MustCompile(`archive-imap.started address=(\S+)`).FindStringSubmatch(s.out.String()); found != nil {
			address = found[1]
		}
		return address != ""
	})
	c, err := imapclient.DialInsecure(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("ruth", "wrong").Wait(); err == nil {
		t.Error("a wrong password is taken")
	}
	if err := c.Login("ruth", officePassword).Wait(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mail is in its folder", func() bool {
		d, err := c.Status("HARBOUR-WEB/Received", &goimap.StatusOptions{NumMessages: true}).Wait()
		return err == nil && *d.NumMessages == 1
	})
	rapport(t, o.dir, "user", "disable", "ruth")
	if _, err := c.Select("HARBOUR-WEB", nil).Wait(); err == nil {
		t.Error("a disabled account still reads")
	}
	s.end()
}
