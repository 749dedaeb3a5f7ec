// Package storetest is the suite that every database of package store must
// pass. A function that gives the address of a fresh, empty database comes in;
// the suite fails where a promise of the store is broken.
package storetest

import (
	"context"
	"testing"

	"rapport/store"
	"rapport/threads"
)

// Archive is what the suite tests: the store as the other rooms know it.
type Archive = *store.Store

// Fresh gives the address of an empty database that is gone after the test.
type Fresh func(t testing.TB) (url string)

// Run tests the store on a database of one kind.
func Run(t *testing.T, fresh Fresh) {
	cases := []struct {
		name string
		test func(*testing.T, *house)
	}{
		{"a mail is filed whole", filedWhole},
		{"the same bytes are filed once", sameBytesOnce},
		{"large mail is filed in pieces", largeMails},
		{"one Message-ID with other bytes is another mail", sameIDOtherBytes},
		{"a batch is filed whole or not at all", batchIsWhole},
		{"hostile text is cleaned and keeps its offsets", hostileText},
		{"dates beyond all calendars", strangeDates},
		{"threads do not depend on the order of arrival", orderOfArrival},
		{"a Message-ID that was used before does not tell the thread", usedMessageIDs},
		{"threads stay inside their project", threadsPerProject},
		{"merged threads keep the oldest and lead on", mergedThreads},
		{"threads are listed latest first, page by page", threadPages},
		{"undoing a change takes no mail from under a hold", undoneUnderHold},
		{"threads that went quiet are listed, the longest quiet first", quietThreads},
		{"the tray has no threads", tray},
		{"items count up in their project", items},
		{"what is needed most is found and counted", needed},
		{"no item of a report, thread or mail is left out", manyItems},
		{"answers settle items", answers},
		{"mail programs see folders with lasting UIDs", folderUIDs},
		{"folders are numbered once", concurrentFolders},
		{"ids by a unique beginning", uniqueBeginnings},
		{"what is not there is not found", notFound},
		{"search finds words", searchWords},
		{"search takes hostile queries", searchHostile},
		{"search finds mail of all times", searchOfAllTimes},
		{"search counts as far as it can", searchCounts},
		{"search tells which mail may have some words", searchHaving},
		{"search finds long mail whole", searchLong},
		{"a failing index costs no mail", searchRepair},
		{"search finds a letter and not our copy of it", searchOwnCopy},
		{"mailboxes are claimed by one", claims},
		{"cursors move under their fence", fences},
		{"a mailbox is accounted for", coverage},
		{"time-stamps are kept", stamps},
		{"owed mail stays owed until it is filed or gone", owed},
		{"an account is signed when it has changed, and each day", signedCoverage},
		{"concurrent claims have one winner", concurrentClaims},
		{"concurrent filing keeps threads and numbers whole", concurrentFiling},
		{"a report is approved in one piece", approve},
		{"a period has one report", onePerPeriod},
		{"approval refuses other bytes", approveOtherBytes},
		{"a letter goes its way", letterLife},
		{"a letter is added to a report that went out", letterAdded},
		{"a letter waits for its time", letterTimes},
		{"what is held is released once", letterHeld},
		{"an unknown letter is resolved by proof", letterUnknown},
		{"a report is cancelled while nothing went out", cancel},
		{"concurrent leases never share a letter", concurrentLeases},
		{"mail tells what became of letters", outcomes},
		{"sent letters by their ids, then the latest", sentLetters},
		{"a notice is made once and goes its way", noticeLife},
		{"what our own mail server holds up is told", ourServerIsDown},
		{"brakes hold notices back", noticeBrakes},
		{"notices that come back end", noticeReturned},
		{"a notice that may have gone does not go again", noticeUnknown},
		{"concurrent notices keep to the brakes", noticesAtOnce},
		{"the log is a tree over its lines", logTree},
		{"the log holds no personal data", logSilent},
		{"what is written once stays", appendOnly},
		{"a store is opened again", openedAgain},
		{"ratings are found by their project", ratings},
		{"mail is erased", erasedMail},
		{"a report is erased with its letters", erasedReport},
		{"large mail is erased but for what others share", erasedPieces},
		{"what erased mail shares with others is there for them", erasedAndShared},
		{"a notice that repeats erased mail stops", erasedOnTheWay},
		{"what is erased is over", erasedIsOver},
		{"no example of erased mail is left", erasedExamples},
		{"the log names nobody whose mail was erased", erasedSilently},
		{"what is erased meanwhile is cleaned up next", scrubbedInBetween},
		{"no mail is erased behind a hold", erasedAgainstHolds},
		{"a hold keeps mail", heldMail},
		{"mail is filed from the tray, and back", trayFiled},
		{"mail is dismissed from the tray, and back", trayDismissed},
		{"mail is moved to another project, and back", mailMoved},
		{"mail is read again, and back", mailReread},
		{"threads are split and stay apart", threadsSplit},
		{"threads are merged by hand, and back", threadsMerged},
		{"later changes are undone first", laterChangeFirst},
		{"an item is read otherwise, and back", itemCorrected},
		{"an item is dismissed and brought back", itemDismissed},
		{"an item is split, and back", itemSplit},
		{"two items are merged, and back", itemsMerged},
		{"words are made an item, and back", itemAdded},
		{"what the client read an answer to is not taken away", answeredStays},
		{"corrected items stay when their mail is read again", correctedStays},
		{"people get passwords and are kept out", passwords},
		{"sessions begin and end", sessions},
		{"links for signing in work once", signInLinks},
		{"how a mail came to its place", history},
		{"what became of an item", itemHistory},
		{"the log is paged and found by time", logPages},
		{"a scope shows nothing of other projects", scopes},
		{"a scope has the tray or not", scopeOfTray},
		{"a scope has its days", scopeOfDays},
		{"the log knows who came to the door", doorLogged},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.test(t, newHouse(t, fresh)) })
	}
}

// background is the context of calls that nobody cancels.
var background = context.Background()

// file files mails outside of any mailbox.
func (h *house) file(filings ...threads.Filing) []threads.Filed {
	h.t.Helper()
	filed, err := h.store.File(background, nil, filings)
	h.must(err)
	return filed
}
