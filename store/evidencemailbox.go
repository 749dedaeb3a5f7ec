package store

import (
	"fmt"

	"rapport/threads"
)

// owedMails gives what is owed.
func (s *Snapshot) owedMails(do func(threads.Record) error) error {
	return s.each("owed mails", func(row scanner) error {
		o, err := scanOwed(row)
		if err != nil {
			return err
		}
		return do(threads.Record{Entry: owedEntry(&o)})
	}, `select `+owedColumns)
}

// accounts gives the accounts that were signed. The last one of a mailbox must
// also be true still.
func (s *Snapshot) accounts(do func(threads.Record) error) error {
	var last []coverageRow // of each mailbox
	err := s.each("signed accounts", func(row scanner) error {
		c, err := scanCoverage(row)
		if err != nil {
			return err
		}
		if n := len(last); n > 0 && last[n-1].mailbox == c.mailbox && last[n-1].uidvalidity == c.uidvalidity {
			before := last[n-1]
			last[n-1] = c
			return do(threads.Record{Entry: coverageEntry(&before)})
		}
		last = append(last, c)
		return nil
	}, `select `+coverageColumns+`order by mailbox, uidvalidity, n`)
	for i := 0; err == nil && i < len(last); i++ {
		e := coverageEntry(&last[i])
		holds, checkErr := s.holds(&last[i])
		if err = checkErr; err == nil && !holds {
			e.Commit = "" // no commitment is right
		}
		if err == nil {
			err = do(threads.Record{Entry: e})
		}
	}
	return err
}

// holds reports whether the mail that an account says is filed is there, and
// whether the mailbox is still read from where it says. What came later, or was
// owed and is filed now, is there beside.
func (s *Snapshot) holds(c *coverageRow) (bool, error) {
	filed, err := parseUIDSet(c.filed)
	if err != nil {
		return false, nil
	}
	uids, err := s.t.filedUIDs(c.mailbox, c.uidvalidity)
	if err != nil || !filed.within(uids) {
		return false, err
	}
	moved, err := collect(s.t, scalar[int], `select count(*) from mailbox where name = $1 and uidvalidity = $2 and first_uid > $3`,
		c.mailbox, int64(c.uidvalidity), int64(c.first))
	if err != nil {
		return false, fmt.Errorf("read from where mailbox %s is read: %w", c.mailbox, err)
	}
	return moved[0] == 0, nil
}
