package access

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rapport/threads"
)

// linked makes Mara and Ruth people with addresses.
func linked(t *testing.T) *house {
	h := newHouse(t)
	h.people(
		threads.Person{Login: "mara", Name: "Mara", Role: "manager", Addresses: []string{"mara@agency.example"}},
		threads.Person{Login: "ruth", Name: "Ruth", Role: "auditor", Addresses: []string{"ruth@agency.example"}, Until: noon},
	)
	return h
}

// ask asks for a link and returns what the browser and the mail have.
func (h *house) ask(mail string) (browser, token string) {
	h.t.Helper()
	browser, l, err := h.AskLink(h.t.Context(), mail, "192.0.2.1")
	h.must(err)
	if l != nil {
		token = l.Token
	}
	return browser, token
}

// use uses a link, and returns the session's token, "" if nobody is let in.
func (h *house) use(browser, token string) string {
	h.t.Helper()
	session, err := h.UseLink(h.t.Context(), token, browser, Knock{Address: "192.0.2.1"})
	if err != nil && !errors.Is(err, ErrDenied) {
		h.t.Fatal(err)
	}
	return session
}

func TestALinkWorksOnceWhereItWasAskedFor(t *testing.T) {
	h := linked(t)
	browser, token := h.ask(" MARA@agency.example ")
	other, _ := h.ask("nobody@agency.example")
	h.is(h.use(other, token), "")
	h.is(h.use("", token), "")
	h.is(h.use(browser, token), "mara")
	h.is(h.use(browser, token), "")

	browser, token = h.ask("mara@agency.example")
	h.now = h.now.Add(LinkWorks)
	h.is(h.use(browser, token), "")
}

func TestALinkIsForThoseWhoMayComeIn(t *testing.T) {
	h := linked(t)
	for _, mail := range []string{"nobody@agency.example", "ruth@agency.example", "", "mara"} {
		if browser, token := h.ask(mail); token != "" || len(browser) < 40 {
			t.Errorf("%q gets a link %q, the browser %q", mail, token, browser)
		}
	}
	browser, token := h.ask("mara@agency.example")
	h.must(h.store.Disable(t.Context(), "mara"))
	h.is(h.use(browser, token), "")
	if _, token := h.ask("mara@agency.example"); token != "" {
		t.Error("who is kept out gets a link")
	}
}

func TestNobodysMailboxIsFilled(t *testing.T) {
	h := linked(t)
	for range linkBurst {
		h.ask("mara@agency.example")
	}
	if _, _, err := h.AskLink(t.Context(), "mara@agency.example", "198.51.100.7"); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more link: %v", err)
	}
	h.now = h.now.Add(linkEvery + time.Second)
	h.ask("mara@agency.example")
}

// "ſ" folds to "s", but a mailbox that is written with it is somebody else's:
// the link to the person's pages must not go there.
func TestALinkGoesToThePersonsOwnMailboxOnly(t *testing.T) {
	h := newHouse(t)
	h.people(threads.Person{Login: "ruth", Role: "auditor", Addresses: []string{"assk@agency.example"}})
	for mail, want := range map[string]bool{"ASSK@Agency.example": true, "aſsk@agency.example": false, "aſſk@agency.example": false, "assk@agencſ.example": false} {
		_, l, err := h.AskLink(t.Context(), mail, "192.0.2.1")
		h.must(err)
		if (l != nil) != want || want && l.Mail != "assk@agency.example" {
			t.Errorf("asked for %q: %+v", mail, l)
		}
		h.now = h.now.Add(time.Hour)
	}
}

// However many browsers' windows use a link at the same time, one is let in.
func TestALinkUsedAtOnceLetsOneIn(t *testing.T) {
	h := linked(t)
	browser, token := h.ask("mara@agency.example")
	const n = 8
	told := make(chan error)
	for i := range n {
		go func() {
			_, err := h.UseLink(t.Context(), token, browser, Knock{Address: fmt.Sprintf("192.0.2.%d", i)})
			told <- err
		}()
	}
	in := 0
	for range n {
		if err := <-told; err == nil {
			in++
		} else if !errors.Is(err, ErrDenied) {
			t.Error(err)
		}
	}
	if in != 1 {
		t.Errorf("%d are let in", in)
	}
}
